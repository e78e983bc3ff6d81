import { describe, expect, it } from '@jest/globals';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { firstValueFrom } from 'rxjs';
import { errorOf } from '../../support/error-of.js';
import { canaries } from '../../support/secrets/canaries.js';
import { SET_UPS, startClient } from '../../support/secrets/clients.js';
import { leaksOf, reachable } from '../../support/secrets/leaks.js';
import { METHODS } from '../../support/secrets/methods.js';
import { didomi } from '../../support/secrets/servers.js';

describe('no secret', () => {
  describe.each(Object.keys(SET_UPS))('with %s', (setUp) => {
    it('is in a response, with any method, while other requests are in flight', async () => {
      const { options, config = {} } = SET_UPS[setUp]!();
      const { http } = await startClient(options);
      const seen: AxiosResponse[] = [];
      http.axiosRef.interceptors.response.use((response) => {
        seen.push(response);
        expect(reachable(response)).toEqual([]);
        return response;
      });
      didomi.script({ path: '/slow' }, { status: 200, body: {}, latencyMs: 60_000 });
      const end = new AbortController();
      const slow = [1, 2].map(() => errorOf(http.axiosRef.get('/slow', { ...config, signal: end.signal })));
      didomi.script('api-requests', { status: 200, body: { fine: true } });

      for (const [method, send] of Object.entries(METHODS)) {
        const given = { ...config };
        const response = await send(http, '/properties', given);
        expect({ method, leaks: reachable(response) }).toEqual({ method, leaks: [] });
        expect((response as AxiosResponse).config.headers.has('Authorization')).toBe(false);
        // The configuration of the caller is unchanged, except that Axios adds the url.
        for (const key of ['httpAgent', 'proxy'] as const) expect(given[key] === config[key]).toBe(true);
      }

      expect(seen).toHaveLength(Object.keys(METHODS).length);
      expect(leaksOf(seen[0])).toEqual([]);
      end.abort();
      await Promise.all(slow);
    });

    it.each([
      ['JSON', {}],
      ['text', { responseType: 'text' }],
      ['bytes', { responseType: 'arraybuffer' }],
      ['a stream', { responseType: 'stream' }],
    ] as const)('is in a response as %s', async (_title, type) => {
      const { options, config } = SET_UPS[setUp]!();
      const { http } = await startClient(options);

      const first = await http.axiosRef.get<unknown>('/properties', { ...config, ...type });
      didomi.revokeAccessTokens();
      const replayed = await http.axiosRef.get<unknown>('/properties', { ...config, ...type });

      for (const response of [first, replayed]) {
        expect(leaksOf(response)).toEqual([]);
        if (response.data instanceof Readable) for await (const _ of response.data);
        expect(leaksOf(response)).toEqual([]);
      }
      expect(canaries()).toHaveLength(4 + 2 * 2);
    });

    it.each([401, 404, 500])('is in a %d that validateStatus accepts', async (status) => {
      const { options, config } = SET_UPS[setUp]!();
      const { http } = await startClient(options);
      // A 401 to an access token that was never accepted would be replayed half a second later.
      await http.axiosRef.get('/properties', config);
      didomi.script('api-requests', { status });
      const response = await http.axiosRef.get('/properties', { ...config, validateStatus: () => true });

      expect(response.status).toBe(status);
      expect(leaksOf(response)).toEqual([]);
    });

    it('is in a request that interceptors of the application see', async () => {
      const { options, config } = SET_UPS[setUp]!();
      const { http } = await startClient(options);
      const seen: InternalAxiosRequestConfig[] = [];
      http.axiosRef.interceptors.request.use((sent) => {
        expect(sent.headers.has('Authorization')).toBe(false);
        seen.push(sent);
        return sent;
      });

      await http.axiosRef.get('/properties', config);
      await firstValueFrom(http.post('/consents/events', { a: 1 }, config)).catch(() => undefined);

      expect(seen).toHaveLength(2);
    });
  });
});
