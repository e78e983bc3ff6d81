import { describe, expect, it } from '@jest/globals';
import { ConsoleLogger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DidomiModule, isDidomiError, type DidomiModuleOptions } from '../../../lib/index.js';
import { errorOf } from '../../support/error-of.js';
import { canaries } from '../../support/secrets/canaries.js';
import { BY_UNDICI, proxyWithPassword, startClient } from '../../support/secrets/clients.js';
import { API_KEY, API_SECRET } from '../../support/secrets/credentials.js';
import { arrange, FAILURES } from '../../support/secrets/failures.js';
import { leaksOf, reachable } from '../../support/secrets/leaks.js';
import { METHODS } from '../../support/secrets/methods.js';
import { captureConsole } from '../../support/secrets/printers.js';
import { didomi } from '../../support/secrets/servers.js';

describe('no secret is in the error of', () => {
  // The other set-ups have fewer places to leak from than these.
  describe.each(['agents in the options and with each request', 'a proxy in the options', BY_UNDICI])(
    'with %s',
    (setUp) => {
      it.each(Object.entries(FAILURES))('%s, with any method', async (_title, failure) => {
        const { client, config } = await arrange(failure, setUp);
        const { url = '/properties', expected: byHttp, expectedByUndici = byHttp } = failure;
        const expected = setUp === BY_UNDICI ? expectedByUndici : byHttp;
        const seen: unknown[] = [];
        client.http.axiosRef.interceptors.response.use(undefined, (error: unknown) => {
          seen.push(error);
          throw error;
        });

        const methods = Object.entries(METHODS).filter(([method]) => !failure.isInBody || !method.endsWith('head'));
        const errors = await Promise.all(
          methods.map(async ([method, send]) => ({
            method,
            error: await errorOf(send(client.http, url, config())),
          })),
        );

        for (const { method, error } of errors) {
          expect({ method, error }).toMatchObject({ method, error: expected });
          expect({ method, isDidomiError: isDidomiError(error), leaks: reachable(error) }).toEqual({
            method,
            isDidomiError: true,
            leaks: [],
          });
          // The same object that an interceptor of the application sees.
          expect(seen).toContain(error);
        }
        expect(leaksOf(errors[0]?.error)).toEqual([]);
      });
    },
  );

  it('an answer that echoes an opaque access token with escapes', async () => {
    const accessToken = 'opaque/access+token==';
    didomi.script('token-requests', { accessToken });
    didomi.script('api-requests', (received) => ({
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: `{"message":"${received.headers.authorization?.replaceAll('/', String.raw`\/`)}"}`,
    }));
    const { http } = await startClient();

    const error = await errorOf(http.axiosRef.get('/properties'));
    expect(error.message).toContain('was answered with 400: Bearer [redacted]');
    expect(leaksOf(error)).toEqual([]);
  });

  it('getAccessToken() and refresh()', async () => {
    for (const fault of [{ status: 400 }, { html: true, status: 200 }, { reset: true }] as const) {
      didomi.clearScripts();
      didomi.script('token-requests', fault);
      const { auth } = await startClient();
      for (const ask of [() => auth.getAccessToken(), () => auth.refresh()]) {
        const error = await errorOf(ask());
        expect(isDidomiError(error)).toBe(true);
        expect(leaksOf(error)).toEqual([]);
      }
      expect(leaksOf(auth.status)).toEqual([]);
    }
  });

  it('wrong options', async () => {
    const options = {
      apiKey: ` ${API_KEY}`,
      apiSecret: API_SECRET,
      secret: API_SECRET,
      baseURL: `https://user:${API_SECRET}@api.didomi.io/v1`,
      warmup: API_SECRET,
      axios: { headers: { Authorization: `Bearer ${API_SECRET}` }, proxy: proxyWithPassword() },
    } as unknown as DidomiModuleOptions;
    const stop = captureConsole();
    const compiling = Test.createTestingModule({ imports: [DidomiModule.forRoot(options)] })
      .setLogger(new ConsoleLogger())
      .compile();
    const error = await errorOf(compiling);
    const logged = stop();

    expect(error).toMatchObject({ code: 'DIDOMI_CONFIGURATION' });
    expect(leaksOf(error)).toEqual([]);
    expect(canaries().filter((canary) => logged.includes(canary))).toEqual([]);
  });
});
