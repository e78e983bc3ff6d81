import type { DidomiPageQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { OpenText } from '../../shapes/fields.js';

/**
 * A privacy law that Didomi supports. Its fields are not documented.
 *
 * @publicApi
 */
export interface SupportedRegulation {
  readonly id: string;
  readonly [Field: string]: unknown;
}

/** This route is not below `/v1`. */
export interface RegulationsRoutes {
  'GET /compliance/v1/regulations': {
    query: DidomiPageQuery & { readonly $search?: { readonly releaseStatus?: OpenText<'stable'> } };
    response: DidomiPage<SupportedRegulation> | readonly SupportedRegulation[];
    item: SupportedRegulation;
  };
}
