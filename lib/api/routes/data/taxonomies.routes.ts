import type { Crud } from '../../shapes/crud.js';
import type { Versioned } from '../../shapes/fields.js';

/**
 * A category of vendors, partners and cookies.
 *
 * @publicApi
 */
export interface VendorTaxonomy extends Versioned, VendorTaxonomyInput {}

/**
 * A new category, or new values of an existing one.
 *
 * @publicApi
 */
export interface VendorTaxonomyInput {
  readonly id: string;
  readonly name: string;
  /** The category above. */
  readonly parent_id?: string;
}

export interface TaxonomiesRoutes extends Crud<'/taxonomies/vendors', VendorTaxonomy, VendorTaxonomyInput> {}
