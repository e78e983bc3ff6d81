import type { InternalAxiosRequestConfig } from 'axios';

const NAME = 'organization_id';
/** Token requests belong to no organization; the documented path, with or without `/v1`. */
const SESSIONS_PATH = /^(?:https?:\/\/[^/?#]+)?\/*(?:v1\/)?sessions\/?(?:[?#]|$)/i;
const QUERY_HAS_NAME = new RegExp(`[?&]${NAME}=`);

/** Adds the organization to the query, unless the caller has named one there. The caller's `params` are left as they are. */
export function addOrganizationId(config: InternalAxiosRequestConfig, organizationId: string | undefined): void {
  if (organizationId === undefined) return;
  const { url = '' } = config;
  if (SESSIONS_PATH.test(url) || QUERY_HAS_NAME.test(url)) return;
  const params: unknown = config.params;
  if (params instanceof URLSearchParams) {
    if (params.has(NAME)) return;
    const copy = new URLSearchParams(params);
    copy.append(NAME, organizationId);
    config.params = copy;
  } else if (params === undefined || params === null) {
    config.params = { [NAME]: organizationId };
  } else if (typeof params === 'object' && (params as Record<string, unknown>)[NAME] === undefined) {
    config.params = { ...params, [NAME]: organizationId };
  }
}
