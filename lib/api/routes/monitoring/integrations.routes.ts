import type { JsonObject, OpenText } from '../../shapes/fields.js';

/**
 * An integration such as a webhook. Documented by examples only.
 *
 * @publicApi
 */
export interface Integration extends IntegrationInput {
  readonly id: string;
  readonly organization_id?: string;
}

/**
 * A new integration.
 *
 * @publicApi
 */
export interface IntegrationInput {
  readonly type_id: OpenText<'webhook-http'>;
  readonly authentication?: JsonObject;
  /** `url` for a webhook. */
  readonly properties?: JsonObject;
}

export interface IntegrationsRoutes {
  'POST /marketplace/integrations': { body: IntegrationInput; response: Integration };
}
