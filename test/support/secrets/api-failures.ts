import type { DidomiRequestConfig } from '../../../lib/index.js';
import { proxyWithPassword } from './clients.js';
import { API_SECRET, PROXY_PASSWORD } from './credentials.js';
import { echoing, echoingText } from './echo.js';
import { apiRequests, type Failure } from './failure.js';
import { didomi, stopServers } from './servers.js';

const API = { code: 'DIDOMI_API' };

/** How an API request can fail. */
export const API_FAILURES: Readonly<Record<string, Failure>> = {
  'a 404': { script: apiRequests({ status: 404 }), expected: { ...API, status: 404 } },
  'a 400 that echoes the request': { script: apiRequests(echoing(400)), expected: { ...API, status: 400 } },
  'a 401 that echoes the request': {
    // After an accepted request: a 401 to an access token that was never accepted is replayed half a second later.
    loggedIn: async ({ http }) => {
      await http.axiosRef.get('/properties');
      apiRequests(echoing(401))();
    },
    expected: { ...API, status: 401 },
  },
  'a 403 that echoes the request': { script: apiRequests(echoing(403)), expected: { ...API, status: 403 } },
  'a 429': {
    script: apiRequests({ status: 429, headers: { 'Retry-After': '3600' } }),
    expected: { status: 429, retryAfterMs: 3_600_000 },
  },
  'a 500 that echoes the request': { script: apiRequests(echoing(500)), expected: { ...API, status: 500 } },
  'a 502 in HTML': { script: apiRequests({ html: true }), expected: { ...API, status: 502, contentType: 'text/html' } },
  'HTML that echoes the request': {
    script: apiRequests(echoingText(502, 'text/html')),
    expected: { ...API, status: 502 },
  },
  'text that echoes the request': {
    script: apiRequests(echoingText(503, 'text/plain')),
    expected: { ...API, status: 503 },
  },
  'an error without a body': { script: apiRequests({ status: 500, body: '' }), expected: { ...API, status: 500 } },
  'an error as a stream': {
    script: apiRequests(echoing(500)),
    config: () => ({ responseType: 'stream' }),
    expected: { ...API, status: 500 },
  },
  'an error as bytes': {
    script: apiRequests(echoing(500)),
    config: () => ({ responseType: 'arraybuffer' }),
    expected: { ...API, status: 500 },
  },
  'a redirect': { script: apiRequests({ redirectTo: 'http://127.0.0.1:1/' }), expected: { ...API, status: 307 } },
  'an answer that cannot be read': {
    script: apiRequests(echoingText(200, 'application/json')),
    config: () => ({ responseType: 'json', transitional: { silentJSONParsing: false } }),
    expected: { ...API, status: 200 },
    isInBody: true,
  },
  'an answer that is too large': {
    script: apiRequests({ status: 200, body: 'x'.repeat(2_000) }),
    config: () => ({ maxContentLength: 1_000 }),
    expected: { code: 'DIDOMI_TRANSPORT' },
    isInBody: true,
  },
  'a reset connection': {
    script: apiRequests({ reset: true }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'reset' },
  },
  'a refused connection': {
    loggedIn: stopServers,
    // Or reset, if an agent still has an open connection.
    expected: { code: 'DIDOMI_TRANSPORT' },
  },
  'a refused proxy': {
    config: () => ({ proxy: proxyWithPassword(1) }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'refused' },
    expectedByUndici: { code: 'DIDOMI_REQUEST' },
  },
  'an invalid proxy': {
    config: () => ({ proxy: { ...proxyWithPassword(), auth: { password: '', username: '', note: PROXY_PASSWORD } } }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'a timeout': {
    script: apiRequests({ hang: true }),
    config: () => ({ timeout: 20 }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'timeout' },
  },
  'an abort': {
    script: apiRequests({ hang: true }),
    config: () => ({ signal: AbortSignal.timeout(20) }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted' },
  },
  'a foreign host': { url: 'http://127.0.0.1:1/v1/properties', expected: { code: 'DIDOMI_REQUEST' } },
  'a password in the url': {
    config: () => ({ baseURL: didomi.baseURL.replace('//', `//user:${PROXY_PASSWORD}@`) }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'an option that does not exist': {
    config: () => ({ didomi: { apiSecret: API_SECRET } }) as DidomiRequestConfig,
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'a query that cannot be serialized': {
    // The error names the parameter, but holds no value.
    config: () => ({
      params: { filter: { given: API_SECRET, numbers: [API_SECRET, Number.NaN], deep: () => API_SECRET } },
    }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'a client that is closed': {
    loggedIn: ({ app }) => app.close(),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'closed' },
  },
};
