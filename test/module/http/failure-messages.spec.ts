import { describe, expect, it, jest } from '@jest/globals';
import { createClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { RecordingLogger } from '../../support/recording-logger.js';

async function failureOf(answer: () => Error | { status: number; headers?: Record<string, string> }, baseURL?: string) {
  const { http, stub } = await createClient({ retry: false, ...(baseURL === undefined ? {} : { baseURL }) });
  stub.onApiRequest = answer;
  return await errorOf(http.axiosRef.get('/properties?name=ada'));
}

describe('the error of a request without an answer names the host', () => {
  it.each([
    [undefined, 'api.didomi.io:443'],
    ['https://gateway.example/didomi/v1', 'gateway.example:443'],
    ['https://gateway.example:8443/v1', 'gateway.example:8443'],
    ['http://127.0.0.1:4010/v1', '127.0.0.1:4010'],
    ['http://[::1]:4010/v1', '[::1]:4010'],
    ['http://localhost/v1', 'localhost:80'],
  ])('%s: %s', async (baseURL, host) => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'EWHATEVER']) {
      const error = await failureOf(() => networkError(code), baseURL);
      expect(error).toMatchObject({ name: 'DidomiTransportError', host, systemCode: code });
      expect(error.message).toContain(`got no answer from ${host}: `);
      expect(error.message).not.toContain('ada');
    }
  });
});

describe('the error of a redirect', () => {
  it.each([
    ['https://login.example/path?token=1', 'https://login.example'],
    ['https://user:password@login.example/', 'https://login.example'],
    ['http://login.example:8080/', 'http://login.example:8080'],
    ['//login.example/path', 'https://login.example'],
    ['https://api.didomi.io/v2/properties', 'https://api.didomi.io'],
    ['/v2/properties?email=ada', 'the same server'],
    ['../properties', 'the same server'],
    ['?page=2', 'the same server'],
    ['https://', 'no valid address'],
    ['mailto:ada@example.org', 'no valid address'],
    ['data:text/html,ada', 'no valid address'],
  ])('to %s says that it is not followed, and where it points: %s', async (location, where) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const error = await failureOf(() => ({ status, headers: { location } }));
      expect(error).toMatchObject({ name: 'DidomiApiError', status, attempts: 1 });
      expect(error.message).toBe(
        `GET /v1/properties was answered with ${status}: redirects are not followed, and this one points to ${where}`,
      );
    }
  });

  it('to nowhere is that of any other status', async () => {
    const error = await failureOf(() => ({ status: 304 }));
    expect(error.message).toBe('GET /v1/properties was answered with 304: no message');
  });
});

it('a retry after the deadline is told with its reason', async () => {
  const logger = new RecordingLogger();
  const { app, http, stub, clock } = await createClient({ retry: { maxAttempts: 2 }, timeoutMs: 1_000 });
  app.useLogger(logger);
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  stub.onApiRequest = (_config, count) => (count === 0 ? new Promise(() => undefined) : { status: 200 });
  const call = http.axiosRef.get('/properties');
  await clock.advance(1_000);
  await clock.advance(250);
  await call;
  expect(logger.didomi('debug')).toEqual([
    'GET /v1/properties failed (timeout) in attempt 1, and is sent again in 250 ms',
  ]);
});
