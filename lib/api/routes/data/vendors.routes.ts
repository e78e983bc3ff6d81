import type { Crud, List } from '../../shapes/crud.js';
import type { OpenText, Versioned } from '../../shapes/fields.js';

interface VendorFields {
  readonly property_id: string;
  /** The vendor of `/metadata/vendors` that it stands for. */
  readonly metadata_id: string;
  /** In the privacy center. */
  readonly status?: OpenText<'draft' | 'published'>;
}

/**
 * A vendor of one property, as a privacy center shows it.
 *
 * @publicApi
 */
export interface Vendor extends Versioned, VendorFields {
  readonly id: string;
}

/**
 * A vendor to add to a property, or new values of an existing one.
 *
 * @publicApi
 */
export interface VendorInput extends VendorFields {}

interface VendorsQuery {
  readonly property_id?: string;
}

export interface VendorsRoutes
  extends Omit<Crud<'/vendors', Vendor, VendorInput>, 'GET /vendors'>, List<'/vendors', Vendor, VendorsQuery> {}
