import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { didomiPath } from '../query/didomi-path.js';

/** A method, one space, and a path without origin and query. */
const ROUTE = /^(GET|POST|PUT|PATCH|DELETE) (\/(?!\/)[^\s?#]*)$/;

/** Routes that are not below `/v1`. */
const OUTSIDE_OF_V1 = /^\/(?:compliance|dsar)\//;

/** Where and how to send a request, in Axios' terms. */
export interface RouteTarget {
  readonly method: string;
  readonly url: string;
  readonly baseURL?: string;
}

/**
 * Reads a route, and puts the path parameters into it.
 *
 * @param baseURL that of the client.
 * @throws DidomiRequestError for a malformed route, and for a path parameter that is missing or invalid.
 */
export function targetOf(route: unknown, path: unknown, baseURL: string): RouteTarget {
  const [, method, template] = (typeof route === 'string' && ROUTE.exec(route)) || [];
  if (method === undefined || template === undefined) {
    throw new DidomiRequestError(
      'A route is written METHOD /path, without a query, such as GET /consents/users/{id}: see the type DidomiRoute',
    );
  }
  const url = didomiPath(template, (path ?? {}) as Readonly<Record<string, string>>);
  return OUTSIDE_OF_V1.test(url) ? { method, url, baseURL: baseURL.replace(/\/v1\/*$/, '') } : { method, url };
}
