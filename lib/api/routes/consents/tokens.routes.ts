import type { JsonObject, OpenText } from '../../shapes/fields.js';
import type { ConsentEventChanges } from './consent-event.interface.js';
import type { ConsentDelegate, OfOrganization } from './consent-terms.js';

/**
 * A consent token, for the browser of one end user. Not an access token; never share it between users.
 *
 * @publicApi
 */
export interface ConsentToken {
  /** JWT. */
  readonly id_token: string;
  readonly organization_id: string;
  readonly organization_user_id: string;
  /** Seconds. */
  readonly lifetime: number;
  /** Free-form. */
  readonly metadata?: JsonObject;
}

/**
 * `event`, `delegate`, `validation`, `validations` and `permissions` are documented by examples only.
 *
 * @publicApi
 */
export interface ConsentTokenInput {
  /** Filled in from the request or the client if absent. */
  readonly organization_id?: string;
  readonly organization_user_id: string;
  /**
   * Seconds.
   *
   * @default 900
   */
  readonly lifetime?: number;
  /** Free-form; not stored with events or users. */
  readonly metadata?: JsonObject;
  readonly event?: ConsentEventChanges & { readonly metadata?: JsonObject };
  readonly delegate?: ConsentDelegate;
  readonly validation?: JsonObject;
  readonly validations?: JsonObject | readonly JsonObject[];
  readonly permissions?: readonly OpenText<'write'>[];
}

export interface ConsentTokensRoutes {
  'POST /consents/tokens': { query: OfOrganization; body: ConsentTokenInput; response: ConsentToken };
}
