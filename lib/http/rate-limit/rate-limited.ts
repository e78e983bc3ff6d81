import type { InternalAxiosRequestConfig } from 'axios';
import { serializeQuery } from '../../query/query-serializer.js';

/**
 * Whether a request counts against the organization's rate limit. Didomi documents that `/consents/*` does not, except for
 * reading users with their full tree ("Rate limiting").
 *
 * @param route without the version, such as `/consents/users`.
 */
export function isRateLimited(
  { method = 'get', url = '', params }: InternalAxiosRequestConfig,
  route: string,
): boolean {
  if (!/^\/consents(?:\/|$)/.test(route)) return true;
  if (method.toLowerCase() !== 'get' || !/^\/consents\/users(?:\/|$)/.test(route)) return false;
  const query = `${/^[^?#]*\?([^#]*)/.exec(url)?.[1] ?? ''}&${serializeQuery(params)}`;
  return new URLSearchParams(query).getAll('$include_full_tree').includes('true');
}
