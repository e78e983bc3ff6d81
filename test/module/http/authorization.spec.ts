import { describe, expect, it } from '@jest/globals';
import { AxiosHeaders } from 'axios';
import { firstValueFrom } from 'rxjs';
import { createClient, type TestClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { inspectAll } from '../../support/inspect-all.js';

describe('the Authorization header', () => {
  it.each(['get', 'delete', 'head', 'options'] as const)('holds the access token with %s', async (verb) => {
    const { http, stub } = await createClient();
    await http.axiosRef[verb]('/x');
    expect(stub.bearers).toEqual(['token-1']);
  });

  it.each(['post', 'put', 'patch', 'postForm', 'putForm', 'patchForm'] as const)(
    'holds the access token with %s, through Observables and axiosRef',
    async (verb) => {
      const { http, stub } = await createClient();
      await http.axiosRef[verb]('/x', { a: '1' });
      await firstValueFrom(http[verb]('/x', { a: '1' }));
      expect(stub.bearers).toEqual(['token-1', 'token-1']);
    },
  );

  it.each([
    ['a header of its own', { headers: { Authorization: 'Basic x' } }],
    ['a header in lower case', { headers: { authorization: 'Basic x' } }],
    ['a header of false', { headers: { Authorization: false } }],
    ['basic credentials', { auth: { username: 'u', password: 'p' } }],
  ])('holds the access token in place of %s', async (_title, config) => {
    const { http, stub } = await createClient();
    await http.axiosRef.get('/cold', config);
    await http.axiosRef.get('/warm', config);
    expect(stub.bearers).toEqual(['token-1', 'token-1']);
    expect(stub.apiRequests.map(({ auth }) => auth)).toEqual([undefined, undefined]);
    expect(
      Object.keys(stub.apiRequests[1]?.headers.toJSON() ?? {}).filter((n) => /authorization/i.test(n)),
    ).toHaveLength(1);
  });

  it('is set after the interceptors of the application', async () => {
    const { http, stub } = await createClient();
    http.axiosRef.interceptors.request.use(async (config) => {
      config.headers.set('Authorization', 'Bearer stolen');
      config.headers.set('X-Trace', '1');
      return config;
    });
    await http.axiosRef.get('/x');
    expect(stub.bearers).toEqual(['token-1']);
    expect(stub.apiRequests[0]?.headers.get('X-Trace')).toBe('1');
  });

  it.each<[string, (http: TestClient['http']) => Promise<unknown>]>([
    [
      'an interceptor that makes plain headers',
      async (http) => {
        http.axiosRef.interceptors.request.use((config) => ({
          ...config,
          headers: { ...(config.headers as object), 'X-Trace': '1' } as never,
        }));
        return await http.axiosRef.get('/x');
      },
    ],
    [
      'a request transform that sets a header of its own',
      async (http) =>
        await http.axiosRef.post('/x', 'y', {
          transformRequest: (data: unknown, headers) => {
            headers.set('Authorization', 'Bearer mine');
            return data;
          },
        }),
    ],
    ['an instance made from ours', async (http) => await http.axiosRef.create().get('/x')],
    [
      'interceptors that were cleared',
      async (http) => {
        http.axiosRef.interceptors.request.clear();
        return await http.axiosRef.get('/x');
      },
    ],
  ])('holds the access token in spite of %s', async (_title, ask) => {
    const { http, stub } = await createClient();
    await ask(http);
    await ask(http);
    expect(stub.bearers).toEqual(['token-1', 'token-1']);
  });

  it.each([
    ['succeeds', 200],
    ['fails', 404],
    ['is replayed', 401],
  ])('is not left on a configuration that an interceptor keeps, once the request %s', async (_title, status) => {
    const { http, stub } = await createClient();
    const kept: unknown[] = [];
    http.axiosRef.interceptors.request.use((config) => {
      kept.push(config);
      return config;
    });
    await http.axiosRef.get('/warm');
    stub.onApiRequest = (_config, count) => ({ status: count === 1 ? status : 200 });
    await errorOf(http.axiosRef.get('/x'));
    expect(kept).toHaveLength(2);
    expect(inspectAll(kept)).not.toMatch(/token-\d/);
  });

  it('is set on every request that shares a headers object, and not left on that object', async () => {
    const { http, stub } = await createClient({ maxConcurrent: 1 });
    const shared = new AxiosHeaders({ 'X-App': '1' });
    http.axiosRef.interceptors.request.use((config) => Object.assign(config, { headers: shared }));
    stub.onApiRequest = (_config, count) => ({ status: count === 1 ? 401 : 200 });
    await http.axiosRef.get('/warm');
    await Promise.all(['/a', '/b', '/c'].map((url) => http.axiosRef.get(url)));
    expect(stub.bearers).toHaveLength(5);
    for (const bearer of stub.bearers) expect(bearer).toMatch(/^token-[12]$/);
    expect(Object.entries(shared)).toEqual([['X-App', '1']]);
  });
});
