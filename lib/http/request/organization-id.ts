import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../query/query-params.js';
import type { RequestTarget } from './request-target.js';

const NAME = 'organization_id';
/** Token requests belong to no organization. */
const SESSIONS = /^\/sessions\/?$/i;
const QUERY_HAS_NAME = new RegExp(`[?&]${NAME}(?:[=[&#]|%5B|$)`, 'i');

/** Adds the organization to the query, unless the caller has named one there. The caller's `params` are left as they are. */
export function addOrganizationId(
  config: InternalAxiosRequestConfig,
  organizationId: string | undefined,
  target: RequestTarget,
): void {
  if (organizationId === undefined) return;
  // What follows a # is never sent.
  const [sent = ''] = (config.url ?? '').split('#', 1);
  if (QUERY_HAS_NAME.test(sent) || (target.mayHold('sessions', config) && SESSIONS.test(target.routeOf(config))))
    return;
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
