import type { InternalAxiosRequestConfig } from 'axios';
import { readParams } from '../../query/query-params.js';
import type { RequestTarget } from './request-target.js';

const NAME = 'organization_id';
/** Token requests belong to no organization. */
const SESSIONS = /^\/sessions\/?$/i;

/** Adds the organization to the query, unless the caller has named one there. The caller's `params` are left as they are. */
export function addOrganizationId(
  config: InternalAxiosRequestConfig,
  organizationId: string | undefined,
  target: RequestTarget,
): void {
  if (organizationId === undefined) return;
  if (isInQuery(config.url)) return;
  if (target.mayHold('sessions', config) && SESSIONS.test(target.routeOf(config))) return;
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

function isInQuery(url = ''): boolean {
  // What follows a # is never sent.
  const end = url.indexOf('#');
  const sent = end < 0 ? url : url.slice(0, end);
  const start = sent.indexOf('?');
  return start >= 0 && [...new URLSearchParams(sent.slice(start)).keys()].some(isName);
}

/** Also of a filter that is written by hand: `organization_id[$in]`. */
function isName(name: string): boolean {
  return name === NAME || name.startsWith(`${NAME}[`);
}
