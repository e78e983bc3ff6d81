import type { InternalAxiosRequestConfig } from 'axios';
import { composeURL } from './request-target.js';

/** What errors and log lines may say of a request: neither query nor body, which can hold personal data. */
export interface RequestDescription {
  /** In capitals. */
  readonly method: string;
  /** Without the ids of end users, see {@link maskPath}. */
  readonly path: string;
}

/** These routes are about end users: what follows the name of the resource is an id, and may be an e-mail address. */
const PERSONAL = /^((?:.*?\/)?(?:consents|dsar)\/[\w-]+)\/.+$/;
const EMAIL_SEGMENT = /[^/]*(?:@|%40)[^/]*/gi;

export function describeRequest(config: Partial<InternalAxiosRequestConfig> | undefined): RequestDescription {
  const { method = 'get', url = '' } = config ?? {};
  const target = typeof url === 'string' ? composeURL(config ?? {}) : '';
  const path = URL.canParse(target) ? new URL(target).pathname : String(url).replace(/[?#].*$/s, '');
  return { method: String(method).toUpperCase(), path: maskPath(path) };
}

/** `/v1/consents/users/ada@example.org` becomes `/v1/consents/users/{id}`. Ids of other resources stay. */
export function maskPath(path: string): string {
  return path.replace(PERSONAL, '$1/{id}').replace(EMAIL_SEGMENT, '{id}');
}
