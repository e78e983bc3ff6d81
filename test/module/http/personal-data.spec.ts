import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { maskPath } from '../../../lib/http/request/request-description.js';
import { createClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

describe('the path of a request in errors and log lines', () => {
  it.each([
    ['/v1/consents/users/ada@example.org', '/v1/consents/users/{id}'],
    ['/v1/consents/users/4711', '/v1/consents/users/{id}'],
    ['/v1/consents/users/4711/events/1', '/v1/consents/users/{id}'],
    ['/v1/consents/events/e-1', '/v1/consents/events/{id}'],
    ['/v1//consents//users//4711', '/v1//consents//users/{id}'],
    ['/V1/Consents/Users/4711', '/V1/Consents/Users/{id}'],
    ['/v1/consents%2Fusers%2F4711', '/v1/consents%2Fusers/{id}'],
    ['/gateway/v1/consents/users/4711', '/gateway/v1/consents/users/{id}'],
    ['consents/users/4711', 'consents/users/{id}'],
    ['/dsar/requests/7', '/dsar/requests/{id}'],
    ['/v1/people/ada@example.org/notes', '/v1/people/{id}/notes'],
    ['/v1/people/ada%40example.org', '/v1/people/{id}'],
    ['/v1/consents/ada@example.org', '/v1/consents/{id}'],
  ])('names no end user: %s is %s', (path, masked) => {
    expect(maskPath(path)).toBe(masked);
  });

  it.each([
    '/v1/consents/users',
    '/v1/consents/events/',
    '/v1/consents',
    '/v1/properties/4711',
    '/v1/notices/n-1/consents',
    '/v1/consents-exports/7',
    '/',
    '',
  ])('is told as it is where it names nobody: %s', (path) => {
    expect(maskPath(path)).toBe(path);
  });

  it.each(['a', '%4', '/', '@', '%2f', 'consents/a/', 'consents/a%2f'])(
    'takes linear time, whatever an end user has put into it: %s',
    (part) => {
      const startedAt = performance.now();
      maskPath(`/v1/${part.repeat(200_000)}`);
      // Quadratic, it would take 20 seconds.
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );

  it('holds neither query nor fragment nor credentials, whatever the url is', async () => {
    const { http } = await createClient();
    const urls = ['/x?q=canary', '/x#canary', 'http://canary:canary@[/x?canary', '//canary@evil.example/x'];
    for (const url of urls) {
      const error = await errorOf(http.axiosRef.get(url, { signal: AbortSignal.abort() }));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
    }
  });

  it('is masked in every error of a request', async () => {
    const { http, stub } = await createClient({ retry: false });
    const path = '/consents/users/canary@example.org';
    const answers = [
      { status: 404, data: { message: 'no' } },
      networkError('ECONNRESET'),
      networkError('ERR_INVALID_URL'),
    ];
    for (const answer of answers) {
      stub.onApiRequest = () => answer;
      const error = await errorOf(http.axiosRef.get(path));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
      expect(error.message).toContain('/v1/consents/users/{id}');
    }
    const aborted = await errorOf(http.axiosRef.get(path, { signal: AbortSignal.abort() }));
    expect(aborted.message).toBe('GET /v1/consents/users/{id} was aborted by the caller');
  });
});
