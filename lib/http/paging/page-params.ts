import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { PageQuery, PageStart } from './page-shape.js';

/** A caller's query, and what of it is about paging. */
interface PagingParams {
  readonly query: Readonly<Record<string, unknown>> | URLSearchParams;
  readonly start: PageStart;
  readonly limit: number | undefined;
}

/** Takes the paging out of a caller's query, so that it does not contradict the paging of a later page. */
export function takePaging(params: unknown): PagingParams {
  if (params instanceof URLSearchParams) return takeFromSearch(new URLSearchParams(params));
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    throw new DidomiRequestError('params has to be an object or URLSearchParams');
  }
  const { $limit, $skip, $cursor, ...query } = (params ?? {}) as PageQuery & Record<string, unknown>;
  return { query, start: { $skip, $cursor }, limit: $limit };
}

function takeFromSearch(query: URLSearchParams): PagingParams {
  const [limit, skip, cursor] = ['$limit', '$skip', '$cursor'].map((name) => {
    const value = query.get(name) ?? undefined;
    query.delete(name);
    return value;
  });
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { query, start: { $skip: number(skip), $cursor: cursor }, limit: number(limit) };
}

/** The query of one page. */
export function withPage(query: PagingParams['query'], page: Readonly<Record<string, unknown>>): unknown {
  if (!(query instanceof URLSearchParams)) return { ...query, ...page };
  const merged = new URLSearchParams(query);
  for (const [name, value] of Object.entries(page)) merged.append(name, String(value));
  return merged;
}
