import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../query/query-params.js';
import type { DidomiRoutes } from '../request/didomi-routes.js';

const CONSENTS = /^\/consents(?:\/|$)/;
const USERS = /^\/consents\/users(?:\/|$)/;
const FULL_TREE = '$include_full_tree';

/**
 * Whether a request counts against the organization's rate limit. Source: "Rate limiting" of Didomi's documentation, which
 * exempts `/consents/*` but for reading users with their full tree.
 */
export function isRateLimited(config: InternalAxiosRequestConfig, routes: DidomiRoutes): boolean {
  if (!routes.mayHold('consents', config)) return true;
  const route = routes.of(config);
  if (!CONSENTS.test(route)) return true;
  const { method = 'get', url = '' } = config;
  return method.toLowerCase() === 'get' && USERS.test(route) && wantsFullTree(config.params, url);
}

function wantsFullTree(params: unknown, url: string): boolean {
  if (/[?&](?:\$|%24)include_full_tree=true/i.test(url)) return true;
  const given = readParams(params);
  return String(given instanceof URLSearchParams ? given.get(FULL_TREE) : given[FULL_TREE]) === 'true';
}
