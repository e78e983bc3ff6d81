import type { Crud } from '../../shapes/crud.js';
import type { DurationUnit, Owned } from '../../shapes/fields.js';

interface StorageFields {
  readonly type?: 'cookie' | 'web_storage' | 'app_storage';
  /** Name of the item, such as that of the cookie. */
  readonly identifier?: string;
  readonly purposes_id?: readonly string[];
  /** Needed for cookies and web storage. */
  readonly domain?: string;
  /** In {@link max_age_unit}; needed for cookies. */
  readonly max_age?: number;
  readonly max_age_unit?: DurationUnit;
  readonly partner_id?: string;
}

/**
 * What a partner keeps on a device.
 *
 * @publicApi
 */
export interface PartnerStorage extends StorageFields {
  readonly id: string;
  readonly organization_id?: string;
}

/**
 * A new storage item, or new values of an existing one.
 *
 * @publicApi
 */
export interface PartnerStorageInput extends Owned, StorageFields {}

export interface PartnerStoragesRoutes extends Crud<
  '/metadata/partners-storages',
  PartnerStorage,
  PartnerStorageInput
> {}
