import type { Crud } from '../../shapes/crud.js';
import type { Owned, Versioned } from '../../shapes/fields.js';

/**
 * A secret for links and consents that are signed locally.
 *
 * @publicApi
 */
export interface Secret extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** The secret itself: keep it out of logs. */
  readonly secret?: string;
  readonly organization_id: string;
}

/**
 * A new secret, or new texts for an existing one. Didomi generates the secret itself.
 *
 * @publicApi
 */
export interface SecretInput extends Owned {
  readonly name: string;
  readonly description?: string;
}

export interface SecretsRoutes extends Crud<'/secrets', Secret, SecretInput> {}
