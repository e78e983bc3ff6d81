import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../query/query-params.js';
import type { DidomiRoutes } from './didomi-routes.js';

const NAME = 'organization_id';
/** Token requests belong to no organization. */
const SESSIONS = /^\/sessions\/?$/i;
const QUERY_HAS_NAME = new RegExp(`[?&]${NAME}(?:[=[&#]|%5B|$)`, 'i');

/** Adds the organization to the query, unless the caller has named one there. The caller's `params` are left as they are. */
export function addOrganizationId(
  config: InternalAxiosRequestConfig,
  organizationId: string | undefined,
  routes: DidomiRoutes,
): void {
  if (organizationId === undefined) return;
  const { url = '' } = config;
  if (QUERY_HAS_NAME.test(url) || (routes.mayHold('sessions', config) && SESSIONS.test(routes.of(config)))) return;
  const params = readParams(config.params);
  if (params instanceof URLSearchParams) {
    if ([...params.keys()].some(isName)) return;
    const copy = new URLSearchParams(params);
    copy.append(NAME, organizationId);
    config.params = copy;
  } else if (!Object.keys(params).some((name) => isName(name) && params[name] !== undefined)) {
    config.params = { ...params, [NAME]: organizationId };
  }
}

/** Also of a filter that is written by hand: `organization_id[$in]`. */
function isName(name: string): boolean {
  return name === NAME || name.startsWith(`${NAME}[`);
}
