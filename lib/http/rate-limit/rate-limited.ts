import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../query/query-params.js';

const CONSENTS = /^\/consents(?:\/|$)/;
const USERS = /^\/consents\/users(?:\/|$)/;
const FULL_TREE = '$include_full_tree';

/**
 * Whether a request counts against the organization's rate limit. Didomi's documentation ("Rate limiting") exempts
 * `/consents/*`, except for reading users with their full tree.
 *
 * @param route without the version, such as `/consents/users`.
 */
export function isRateLimited(
  { method = 'get', url = '', params }: InternalAxiosRequestConfig,
  route: string,
): boolean {
  if (!CONSENTS.test(route)) return true;
  if (method.toLowerCase() !== 'get' || !USERS.test(route)) return false;
  const inUrl = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]).getAll(FULL_TREE);
  const given = readParams(params);
  const inParams = given instanceof URLSearchParams ? given.getAll(FULL_TREE) : [given[FULL_TREE]].flat();
  return [...inUrl, ...inParams].some((value) => String(value) === 'true');
}
