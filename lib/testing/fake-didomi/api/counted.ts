import { withoutVersion } from '../basics/paths.js';
import type { FakeDidomiRequest } from '../types.js';

const CONSENT_USERS = /^\/consents\/users(?:\/[^/]+)?$/;

/** Whether a request counts against the rate limit: consents do not, but for users with their full tree. */
export function isCounted({ method, path, query }: FakeDidomiRequest): boolean {
  const route = withoutVersion(path);
  if (!route.startsWith('/consents/')) return true;
  return method === 'GET' && CONSENT_USERS.test(route) && query.get('$include_full_tree') === 'true';
}
