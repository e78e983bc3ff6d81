import type { Crud } from '../../shapes/crud.js';
import type { Dated, JsonObject, Owned } from '../../shapes/fields.js';

/**
 * A question with values to choose from, in the preferences library. Documented by examples only, so other members are possible.
 *
 * @publicApi
 */
export interface Preference extends Dated {
  readonly id: string;
  readonly organization_id?: string;
  /** Free-form. */
  readonly metadata?: JsonObject;
  readonly [Field: string]: unknown;
}

/**
 * A new preference.
 *
 * @publicApi
 */
export interface PreferenceInput extends Owned {
  /** Free-form. */
  readonly metadata?: JsonObject;
  readonly [Field: string]: unknown;
}

export interface PreferencesRoutes extends Omit<
  Crud<'/preferences', Preference, PreferenceInput>,
  'PUT /preferences/{id}'
> {}
