import type { Crud } from '../../shapes/crud.js';
import type { Dated, Owned } from '../../shapes/fields.js';

interface OverrideFields {
  /** Ids of the regulations; an empty list means none of them. */
  readonly regulations_id?: readonly string[];
  /** A purpose of all organizations. */
  readonly metadata_purpose_id: string;
}

/**
 * The regulations that one organization uses a global purpose for.
 *
 * @publicApi
 */
export interface PurposeRegulationsOverride extends Dated, OverrideFields {
  readonly id: string;
  readonly organization_id: string;
  /** ISO 8601. */
  readonly deleted_at?: string | null;
}

/**
 * A new override. Only for purposes of all organizations, not for own ones.
 *
 * @publicApi
 */
export interface PurposeRegulationsOverrideInput extends Owned, OverrideFields {}

/**
 * Changes of an override.
 *
 * @publicApi
 */
export type PurposeRegulationsOverrideChanges = Partial<OverrideFields>;

type Path = '/metadata/purposes-regulations-overrides';

export interface PurposeOverridesRoutes extends Omit<
  Crud<Path, PurposeRegulationsOverride, PurposeRegulationsOverrideInput, PurposeRegulationsOverrideChanges>,
  `PUT ${Path}/{id}`
> {
  'PUT /metadata/purposes-regulations-overrides/{id}': {
    body: PurposeRegulationsOverrideChanges;
    response: PurposeRegulationsOverride;
  };
}
