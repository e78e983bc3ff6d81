import { API_KEY, API_SECRET, PROXY_LOGIN, PROXY_PASSWORD } from './credentials.js';
import { didomi } from './servers.js';

/** Every secret of the test so far: credentials, and the access tokens that were sent. */
export function canaries(): string[] {
  const accessTokens = didomi.requests.flatMap(({ headers }) => headers.authorization?.split(' ').slice(1) ?? []);
  const signatures = accessTokens.flatMap((accessToken) => accessToken.split('.').slice(2));
  return [API_KEY, API_SECRET, PROXY_PASSWORD, PROXY_LOGIN, ...new Set([...accessTokens, ...signatures])];
}
