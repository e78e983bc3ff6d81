import { describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import { DidomiRequestError } from '../../../lib/index.js';
import { createClient, type TestClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';

describe('the target of a request', () => {
  it.each([
    ['a path', '/properties', {}],
    ['a path without a slash', 'properties', {}],
    ['an absolute URL of the same origin', 'https://api.didomi.io/dsar/requests', {}],
    ['the same origin in capitals', 'HTTPS://API.DIDOMI.IO/v1/properties', {}],
    ['the same origin with its default port', 'https://api.didomi.io:443/v1/properties', {}],
    ['a protocol-relative URL of the same host', '//api.didomi.io/dsar/requests', {}],
    ['a base URL of its own with the same origin', '/v1/regulations', { baseURL: 'https://api.didomi.io/compliance' }],
    ['no path at all', '', {}],
  ])('may be %s', async (_title, url, config) => {
    const { http, stub } = await createClient();
    await http.axiosRef.get(url, config);
    expect(stub.bearers).toEqual(['token-1']);
    expect(() => new URL(axios.getUri(stub.apiRequests[0]))).not.toThrow();
  });

  it.each([
    ['another host', 'https://elsewhere.example/x', {}],
    ['a subdomain', 'https://x.api.didomi.io/x', {}],
    ['a longer host', 'https://api.didomi.io.elsewhere.example/x', {}],
    ['another port', 'https://api.didomi.io:8443/x', {}],
    ['plain http', 'http://api.didomi.io/v1/x', {}],
    ['another scheme', 'ftp://api.didomi.io/v1/x', {}],
    ['a protocol-relative URL', '//elsewhere.example/x', {}],
    ['a host behind a user name', 'https://api.didomi.io@elsewhere.example/x', {}],
    ['a user name and password', 'https://user:pass@api.didomi.io/v1/x', {}],
    ['a URL that cannot be read', 'https://[/x', {}],
    ['a base URL of its own', '/x', { baseURL: 'https://elsewhere.example' }],
    ['a base URL that ends in a host', 'elsewhere.example/x', { baseURL: 'https://' }],
    ['an empty base URL', '/x', { baseURL: '' }],
    ['another host with absolute URLs switched off', 'https://elsewhere.example/x', { allowAbsoluteUrls: false }],
    [
      'a base URL of its own in front of an absolute URL',
      'https://api.didomi.io/x',
      { baseURL: 'https://elsewhere.example', allowAbsoluteUrls: false },
    ],
    ['a socket', '/x', { socketPath: '/var/run/docker.sock' }],
    ['a transport', '/x', { transport: { request: () => undefined } }],
    ['a URL that is not a string', new URL('https://elsewhere.example/') as never, {}],
  ])('is refused before anything is sent if it is %s', async (_title, url, config) => {
    const { http, stub } = await createClient();
    const canary = { headers: { 'X-Canary': '1' } };
    for (const ask of [
      () => http.axiosRef.get(url, { ...config, ...canary }),
      () => firstValueFrom(http.get(url, config)),
    ]) {
      const error = await errorOf(ask());
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error).toMatchObject({ code: 'DIDOMI_REQUEST' });
      expect(error.message).not.toMatch(/elsewhere|pass@/);
    }
    await http.axiosRef.get('/warm');
    expect(await errorOf(http.axiosRef.get(url, config))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests.map((request) => request.url)).toEqual(['/warm']);
  });

  it('is checked after the interceptors of the application', async () => {
    const { http, stub } = await createClient();
    http.axiosRef.interceptors.request.use((config) => ({ ...config, url: 'https://elsewhere.example/' }));
    expect(await errorOf(http.axiosRef.get('/x'))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests).toHaveLength(0);
  });

  it.each<[string, (http: TestClient['http']) => Promise<unknown>]>([
    [
      'an interceptor that runs last',
      async (http) => {
        http.axiosRef.interceptors.request.use((config) => ({ ...config, url: 'https://elsewhere.example/' }));
        return await http.axiosRef.get('/x', { transitional: { legacyInterceptorReqResOrdering: false } });
      },
    ],
    [
      'a request transform',
      async (http) =>
        await http.axiosRef.post('/x', 'y', {
          transformRequest(this: { url?: string }, data: unknown) {
            this.url = 'https://elsewhere.example/';
            return data;
          },
        }),
    ],
    [
      'an interceptor whose own error was swallowed',
      async (http) => {
        http.axiosRef.interceptors.request.use(
          () => {
            throw new Error('of the application');
          },
          () => undefined as never,
          { synchronous: true },
        );
        return await http.axiosRef.get('https://elsewhere.example/');
      },
    ],
    ['an instance made from ours', async (http) => await http.axiosRef.create().get('https://elsewhere.example/')],
    [
      'interceptors that were cleared',
      async (http) => {
        http.axiosRef.interceptors.request.clear();
        return await http.axiosRef.get('https://elsewhere.example/');
      },
    ],
    [
      'an adapter of the caller',
      async (http) =>
        await http.axiosRef.get('https://elsewhere.example/', { adapter: () => Promise.reject(new Error('sent')) }),
    ],
  ])('cannot be moved to another origin by %s', async (_title, ask) => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/warm');
    expect(await errorOf(ask(http))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('stays at the configured origin, however the path is written', async () => {
    const { http, stub } = await createClient();
    for (const url of [
      '/\\elsewhere.example',
      '\\\\elsewhere.example/',
      '@elsewhere.example/',
      ':8443/x',
      '.elsewhere.example',
    ]) {
      await http.axiosRef.get(url);
      const { baseURL = '', url: path = '' } = stub.apiRequests.at(-1) ?? {};
      expect(new URL(`${baseURL}/${path.replace(/^\/+/, '')}`).origin).toBe('https://api.didomi.io');
    }
  });
});
