import type { Crud } from '../../shapes/crud.js';
import type { DidomiListQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { Versioned } from '../../shapes/fields.js';

interface ThirdParty {
  readonly name: string;
  readonly tags?: readonly string[];
  readonly website?: string;
  /** Where consumers opt out. */
  readonly website_optout?: string;
  /** Host names. */
  readonly hosts?: readonly string[];
  /** Regular expressions. */
  readonly url_patterns?: readonly string[];
  readonly taxonomy_id?: string;
}

export type { ThirdParty };

/** Filters by URL. */
export interface ByUrl {
  readonly url?: string | readonly string[];
}

/**
 * A third-party company that processes data. Vendors of properties refer to it.
 *
 * @publicApi
 */
export interface MetadataVendor extends Versioned, ThirdParty {
  readonly id: string;
  /** Those of the query's URLs that belong to it. */
  readonly urls?: readonly string[];
}

/**
 * A new vendor, or new values of an existing one.
 *
 * @publicApi
 */
export interface MetadataVendorInput extends ThirdParty {}

export interface MetadataVendorsRoutes extends Omit<
  Crud<'/metadata/vendors', MetadataVendor, MetadataVendorInput>,
  'GET /metadata/vendors'
> {
  'GET /metadata/vendors': {
    query: DidomiListQuery<MetadataVendor> & ByUrl;
    response: DidomiPage<MetadataVendor>;
    item: MetadataVendor;
  };
}
