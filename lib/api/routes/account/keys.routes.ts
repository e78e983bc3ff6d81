import type { Change, List, Read, Remove, Replace } from '../../shapes/crud.js';
import type { Owned } from '../../shapes/fields.js';

/**
 * An API key. Says nothing about when it expires or was last used.
 *
 * @publicApi
 */
export interface Key {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly organization_id?: string;
  /** ISO 8601. */
  readonly created_at?: string;
  /** A disabled key cannot obtain access tokens. Existing ones work until they expire. */
  readonly enabled?: boolean;
  /** Managed by Didomi. Lists hold no internal keys unless the query asks for them. */
  readonly is_internal?: boolean;
}

/**
 * A new key. No other response contains its secret.
 *
 * @publicApi
 */
export interface KeyWithSecret extends Pick<Key, 'id' | 'organization_id' | 'created_at' | 'enabled'> {
  readonly secret: string;
}

/**
 * A new API key.
 *
 * @publicApi
 */
export interface KeyInput extends Owned {
  readonly name?: string;
  readonly description?: string;
  readonly is_internal?: boolean;
}

/**
 * Changes of an API key. `{ enabled: false }` stops it from obtaining access tokens.
 *
 * @publicApi
 */
export type KeyChanges = Pick<Key, 'name' | 'description' | 'enabled'>;

export interface KeysRoutes
  extends
    List<'/keys', Key>,
    Read<'/keys', Key>,
    Replace<'/keys', Key, KeyChanges>,
    Change<'/keys', Key, KeyChanges>,
    Remove<'/keys', Key> {
  'POST /keys': { body: KeyInput; response: KeyWithSecret };
}
