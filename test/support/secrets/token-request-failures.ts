import { API_KEY, API_SECRET } from './credentials.js';
import { tokenRequests, type Failure } from './failure.js';
import { didomi } from './servers.js';

/** How the token request of an API request can fail. */
export const TOKEN_REQUEST_FAILURES: Readonly<Record<string, Failure>> = {
  'rejected credentials': {
    script: () => {
      didomi.disableApiKey();
      tokenRequests((received) => ({ status: 400, body: { message: received.body, errors: received.body } }))();
    },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'rejected' },
  },
  'credentials that are rejected later': {
    loggedIn: () => {
      didomi.revokeAccessTokens();
      didomi.disableApiKey();
    },
    // The first request gets the error of the token request, the others their 401.
    expected: {},
  },
  'a token request whose answer echoes it': {
    script: tokenRequests((received) => ({ status: 200, body: received.body as object })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'malformed' },
  },
  'a token request whose answer echoes it as text': {
    script: tokenRequests((received) => ({ status: 200, body: JSON.stringify(received.body).slice(1) })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'malformed' },
  },
  'a failed token request whose answer echoes it': {
    script: tokenRequests((received) => ({ status: 503, body: { message: received.body } })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a reset token request': {
    script: tokenRequests({ reset: true }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a token request without an answer': {
    script: tokenRequests({ hang: true }),
    options: { tokenRequestTimeoutMs: 30 },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a throttled token request': {
    script: tokenRequests({ status: 429, headers: { 'Retry-After': '3600' } }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'throttled' },
  },
  'a redirected token request': {
    script: tokenRequests({ redirectTo: `http://127.0.0.1:1/?${API_SECRET}` }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'misconfigured' },
  },
  'credentials() that throws': {
    options: {
      credentials: () => {
        throw Object.assign(new Error(`no ${API_SECRET}`), { apiSecret: API_SECRET });
      },
    },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'credentials() that returns something else': {
    options: { credentials: () => ({ key: API_KEY, secret: API_SECRET }) as never },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'misconfigured' },
  },
};
