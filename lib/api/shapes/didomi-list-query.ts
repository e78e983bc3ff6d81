import type { DidomiFilters } from './didomi-filter.js';

/**
 * The order of a list: `1` for ascending, `-1` for descending.
 *
 * @publicApi
 */
export type DidomiSort<Entity> = { readonly [Name in keyof Entity]?: 1 | -1 };

/** Selects one page of a list. */
export interface DidomiPageQuery {
  /** Page size. Didomi usually allows no more than 100. */
  readonly $limit?: number;
  /** Number of items to skip. */
  readonly $skip?: number;
}

/**
 * The query of a list: its page, its order, and a filter for each field of the entity.
 *
 * @publicApi
 */
export type DidomiListQuery<Entity> = DidomiPageQuery & { readonly $sort?: DidomiSort<Entity> } & DidomiFilters<Entity>;
