import { inspect } from 'node:util';
import { serializeQuery } from '../../query/query-serializer.js';
import type { DidomiTestRequest } from './didomi-test-request.js';
import { isPartialMatch, isPlainObject } from './partial-match.js';
import { isRoute, readRoute } from './route-match.js';
import type { WrittenRoute } from './route-types.js';

/**
 * Which requests match:
 *
 * - a route: `'GET /consents/users/{id}'`. A name in braces stands for one segment of the path, a certain one if the options have
 *   a value for it: `{ path: { id: 'x' } }`. `/v1` may be in the URL or not. Answers to a known route are typed.
 * - a URL: `'/properties'`, relative to `baseURL` or absolute. If it has a query, the query has to be equal, in any order.
 * - a pattern, tested on path and query relative to `baseURL`, for example `/properties?$limit=10`.
 * - an object, all of whose properties have to match. `params`, a plain object or a `URLSearchParams`, and `body` may leave
 *   members out. `expect.any()` and `expect.objectContaining()` of Jest and Vitest work inside of `body`.
 * - a function. Messages show its name.
 *
 * @publicApi
 */
export type DidomiTestMatch =
  | WrittenRoute
  | RegExp
  | {
      readonly method?: string;
      readonly url?: string | RegExp;
      readonly params?: object;
      readonly body?: unknown;
    }
  | ((request: DidomiTestRequest) => boolean);

/** A {@link DidomiTestMatch} after its check. */
export interface RequestMatch {
  /** For messages. */
  readonly description: string;
  applies(request: DidomiTestRequest): boolean;
}

const PARTS = ['method', 'url', 'params', 'body'];

/**
 * @throws TypeError if the match is none, or the options are not those of a match.
 */
export function readMatch(match: DidomiTestMatch, options: { readonly path?: object } = {}): RequestMatch {
  const other = Object.keys(options).find((name) => name !== 'path');
  if (other !== undefined) throw new TypeError(`The options of a match have no '${other}', only path`);
  const { path } = options;
  if (typeof match === 'string' && isRoute(match)) {
    const values = path === undefined ? '' : ` with path ${inspect(path, { breakLength: Infinity })}`;
    return { description: `${match}${values}`, applies: readRoute(match, path) };
  }
  if (path !== undefined) throw new TypeError('path is for a route, such as GET /consents/users/{id}');
  if (typeof match === 'function') {
    const description = match.name === '' ? `what ${String(match)} accepts` : match.name;
    return { description, applies: (request) => match(request) };
  }
  if (typeof match === 'string' || match instanceof RegExp) {
    return { description: String(match), applies: hasUrl(match) };
  }
  if (typeof match !== 'object' || match === null || Array.isArray(match) || match instanceof URL) {
    throw new TypeError('A match has to be a route, a URL, a pattern, { method, url, params, body } or a function');
  }
  const unknown = Object.keys(match).find((name) => !PARTS.includes(name));
  if (unknown !== undefined) throw new TypeError(`A match has no '${unknown}', only ${PARTS.join(', ')}`);
  const { method, url, params } = match;
  if (method !== undefined && typeof method !== 'string') throw new TypeError('method of a match has to be a string');
  if (url !== undefined && typeof url !== 'string' && !(url instanceof RegExp)) {
    throw new TypeError('url of a match has to be a string or a pattern');
  }
  const checks: ((request: DidomiTestRequest) => boolean)[] = [];
  if (method !== undefined) checks.push((request) => request.method === method.toUpperCase());
  if (url !== undefined) checks.push(hasUrl(url));
  if (params !== undefined) checks.push(hasParams(readQuery(params)));
  if ('body' in match) checks.push(({ body }) => isPartialMatch(match.body, body));
  return {
    description: inspect(match, { breakLength: Infinity, depth: 6 }),
    applies: (request) => checks.every((check) => check(request)),
  };
}

function readQuery(params: object): URLSearchParams {
  if (!(params instanceof URLSearchParams) && !isPlainObject(params)) {
    throw new TypeError('params of a match have to be an object, { limit: 2 } for instance, or a URLSearchParams');
  }
  try {
    return new URLSearchParams(serializeQuery(params));
  } catch (error) {
    const { message } = error as Error;
    throw new TypeError(`params of a match have to be values: ${message}. Use a function to compare in another way`);
  }
}

function hasUrl(url: string | RegExp): (request: DidomiTestRequest) => boolean {
  if (url instanceof RegExp) {
    // A pattern with the g or y flag remembers where it ended.
    return (request) => new RegExp(url.source, url.flags.replaceAll(/[gy]/g, '')).test(request.urlWithParams);
  }
  const [path = '', query] = url.split(/\?(.*)/s, 2);
  if (query === undefined) return (request) => request.isAt(path);
  const wanted = new URLSearchParams(query);
  const hasWanted = hasParams(wanted);
  return (request) => request.isAt(path) && request.params.size === wanted.size && hasWanted(request);
}

function hasParams(expected: URLSearchParams): (request: DidomiTestRequest) => boolean {
  const names = [...new Set(expected.keys())];
  return ({ params }) => names.every((name) => isSameList(expected.getAll(name), params.getAll(name)));
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
