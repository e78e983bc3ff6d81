import type { InternalAxiosRequestConfig } from 'axios';
import { composeURL } from '../../connection/compose-url.js';

/** What errors and log lines may say of a request: neither query nor body, which can hold personal data. */
export interface RequestDescription {
  /** In capitals. */
  readonly method: string;
  /** Without the ids of end users, see {@link maskPath}. */
  readonly path: string;
}

/** These routes are about end users: what follows the name of the resource is an id, and may be an e-mail address. */
const PERSONAL = /^((?:.*?(?:\/|%2f))?(?:consents|dsar)(?:\/|%2f)+[\w-]+)(?:\/|%2f).+$/i;
const EMAIL_SIGN = /@|%40/i;

export function describeRequest(config: Partial<InternalAxiosRequestConfig> | undefined): RequestDescription {
  const {
    method = 'get',
    url = '',
    baseURL = '',
  }: { method?: unknown; url?: unknown; baseURL?: unknown } = config ?? {};
  const target = typeof url === 'string' && typeof baseURL === 'string' ? composeURL(config ?? {}) : '';
  const path = URL.canParse(target) ? new URL(target).pathname : String(url).replace(/[?#].*$/s, '');
  return { method: String(method).toUpperCase(), path: maskPath(path) };
}

/** `/v1/consents/users/ada@example.org` becomes `/v1/consents/users/{id}`. Ids of other resources stay. */
export function maskPath(path: string): string {
  const masked = path.replace(PERSONAL, '$1/{id}');
  // Not by one expression: it would take quadratic time for a long segment, and an end user may have chosen it.
  return EMAIL_SIGN.test(masked)
    ? masked
        .split('/')
        .map((segment) => (EMAIL_SIGN.test(segment) ? '{id}' : segment))
        .join('/')
    : masked;
}
