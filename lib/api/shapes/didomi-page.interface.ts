/**
 * A page of a list as Didomi documents it. The shape of some lists is not documented: `paginate()` reads all of Didomi's shapes.
 *
 * @publicApi
 */
export interface DidomiPage<Item> {
  /** Number of items on all pages. */
  readonly total: number;
  /** Page size. Lower than the requested `$limit` if Didomi does not allow that many. */
  readonly limit: number;
  /** Number of items before this page. */
  readonly skip: number;
  readonly data: readonly Item[];
}

/**
 * A page of a list with a cursor.
 *
 * @publicApi
 */
export interface DidomiCursorPage<Item> {
  /** Page size. */
  readonly limit: number;
  /** The `$cursor` that requests the next page; `null` on the last one. */
  readonly cursor: string | null;
  readonly data: readonly Item[];
}
