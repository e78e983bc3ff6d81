import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios, { AxiosError, AxiosHeaders, isCancel, type AxiosAdapter, type AxiosRequestConfig } from 'axios';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { firstValueFrom, Subject, takeUntil, timeout } from 'rxjs';
import { DidomiApiError, DidomiAuthenticationError, DidomiRequestError } from '../../lib/index.js';
import { createClient as client, type TestClient } from '../support/create-client.js';
import { DidomiStub, networkError } from '../support/didomi-stub.js';
import { settled } from '../support/fake-clock.js';
import { errorOf } from '../support/error-of.js';

describe('an API request', () => {
  it('is a request of HttpService with the access token', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = () => ({ status: 200, data: { total: 0 } });
    expect(http).toBeInstanceOf(HttpService);
    const response = await firstValueFrom(http.get<{ total: number }>('/properties', { params: { $limit: 5 } }));
    expect(response.data.total).toBe(0);
    expect(stub.apiRequests[0]).toMatchObject({
      method: 'get',
      baseURL: 'https://api.didomi.io/v1',
      url: '/properties',
      params: { $limit: 5 },
    });
    expect(stub.bearers).toEqual(['token-1']);
  });

  it.each(['get', 'delete', 'head', 'options'] as const)('carries the access token with %s', async (verb) => {
    const { http, stub } = await client();
    await http.axiosRef[verb]('/x');
    expect(stub.bearers).toEqual(['token-1']);
  });

  it.each(['post', 'put', 'patch', 'postForm', 'putForm', 'patchForm'] as const)(
    'carries the access token with %s, through Observables and axiosRef alike',
    async (verb) => {
      const { http, stub } = await client();
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
  ])('carries the access token in place of %s', async (_title, config) => {
    const { http, stub } = await client();
    await http.axiosRef.get('/cold', config);
    await http.axiosRef.get('/warm', config);
    expect(stub.bearers).toEqual(['token-1', 'token-1']);
    expect(stub.apiRequests.map(({ auth }) => auth)).toEqual([undefined, undefined]);
    expect(
      Object.keys(stub.apiRequests[1]?.headers.toJSON() ?? {}).filter((n) => /authorization/i.test(n)),
    ).toHaveLength(1);
  });

  it('follows no redirect, whatever its caller asks for', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = () => ({ status: 301, headers: { Location: 'https://elsewhere.example/' } });
    const error = await errorOf(http.axiosRef.get('/x', { maxRedirects: 5 }));
    expect(error).toMatchObject({ status: 301 });
    expect(stub.apiRequests[0]?.maxRedirects).toBe(0);
  });

  it('takes the timeout of the options, or its own', async () => {
    const { http, stub } = await client({ timeoutMs: 12_000 });
    await http.axiosRef.get('/x');
    await http.axiosRef.get('/x', { timeout: 5 });
    expect(stub.apiRequests.map((request) => request.timeout)).toEqual([12_000, 5]);
  });

  it('carries the headers and the proxy of the axios options, and so do token requests', async () => {
    const proxy = { host: '127.0.0.1', port: 9 };
    const { http, stub } = await client({ axios: { headers: { 'X-Team': 'consent' }, proxy } });
    await http.axiosRef.get('/x');
    for (const request of [...stub.tokenRequests, ...stub.apiRequests]) {
      expect(request.headers.get('X-Team')).toBe('consent');
      expect(request.proxy).toEqual(proxy);
    }
  });

  it('goes over agents that token requests do not share, so that these never queue', async () => {
    const { http, stub } = await client();
    await http.axiosRef.get('/x');
    expect(stub.apiRequests[0]?.httpsAgent).toBeDefined();
    expect(stub.tokenRequests[0]?.httpsAgent).toBeDefined();
    expect(stub.tokenRequests[0]?.httpsAgent).not.toBe(stub.apiRequests[0]?.httpsAgent);
  });

  it('sees interceptors of its users before the access token is set', async () => {
    const { http, stub } = await client();
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
  ])('carries the access token in spite of %s', async (_title, ask) => {
    const { http, stub } = await client();
    await ask(http);
    await ask(http);
    expect(stub.bearers).toEqual(['token-1', 'token-1']);
  });

  it('carries nothing of what the application has set on the default Axios instance', async () => {
    const before = { ...axios.defaults };
    axios.defaults.headers.common['X-Vendor-Key'] = 'canary';
    axios.defaults.params = { tenant: 'canary' };
    axios.defaults.auth = { username: 'canary', password: 'canary' };
    axios.defaults.transformRequest = [() => 'canary'];
    axios.defaults.transformResponse = [() => 'canary'];
    axios.defaults.maxBodyLength = 1;
    axios.defaults.maxContentLength = 1;
    try {
      const { http, stub } = await client();
      stub.onApiRequest = () => ({ status: 200, data: '{"a":1}' });
      expect((await http.axiosRef.post<unknown>('/x', { b: 2 })).data).toEqual({ a: 1 });
      const [request] = stub.apiRequests;
      expect(request).toMatchObject({ data: '{"b":2}', maxBodyLength: -1, maxContentLength: -1 });
      expect(request?.headers.get('X-Vendor-Key')).toBeUndefined();
      expect(request?.headers.get('Accept')).toMatch(/application\/json/);
      expect(JSON.stringify({ params: request?.params as unknown, auth: request?.auth })).not.toContain('canary');
    } finally {
      delete axios.defaults.headers.common['X-Vendor-Key'];
      delete axios.defaults.params;
      delete axios.defaults.auth;
      Object.assign(axios.defaults, before);
      expect({ ...axios.defaults }).toEqual(before);
    }
  });

  it('sends the headers that the application sets for one method with requests of that method only', async () => {
    const { http, stub } = await client();
    const { headers } = http.axiosRef.defaults;
    headers.post['X-Set'] = 'on post';
    headers.put = new AxiosHeaders({ 'X-Set': 'on put' });
    headers.common['X-Common'] = 'on all';
    await http.axiosRef.get('/x');
    await http.axiosRef.post('/x', {});
    await http.axiosRef.put('/x', {});
    await http.axiosRef.patch('/x', {});
    expect(stub.apiRequests.map((request) => request.headers.get('X-Set'))).toEqual([
      undefined,
      'on post',
      'on put',
      undefined,
    ]);
    expect(stub.apiRequests.map((request) => request.headers.get('X-Common'))).toEqual(Array(4).fill('on all'));
    expect(Object.keys(http.axiosRef.defaults.headers)).toEqual(['common', 'post', 'put']);
  });

  it('never runs interceptors of its users on token requests', async () => {
    const { http, stub } = await client();
    const seen: unknown[] = [];
    http.axiosRef.interceptors.request.use((config) => {
      seen.push(config.url);
      return config;
    });
    await http.axiosRef.get('/x');
    expect(seen).toEqual(['/x']);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is not sent when no access token can be had', async () => {
    const { http, stub } = await client();
    stub.onTokenRequest = () => ({ status: 400 });
    expect(await errorOf(http.axiosRef.get('/x'))).toBeInstanceOf(DidomiAuthenticationError);
    expect(await errorOf(firstValueFrom(http.get('/x')))).toMatchObject({ reason: 'rejected', status: 400 });
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('leaves the default Axios instance alone', async () => {
    const before = JSON.stringify(axios.defaults);
    const { http } = await client();
    await http.axiosRef.get('/x');
    expect(http.axiosRef).not.toBe(axios);
    expect(JSON.stringify(axios.defaults)).toBe(before);
    expect((axios.interceptors.request as unknown as { handlers: unknown[] }).handlers).toHaveLength(0);
  });
});

describe.each<[string, (http: TestClient['http'], adapter: AxiosAdapter) => AxiosRequestConfig]>([
  ['of one request', (_http, adapter) => ({ adapter })],
  ['that is the first of a list', (_http, adapter) => ({ adapter: [adapter, 'http'] })],
  [
    'of the defaults',
    (http, adapter) => {
      http.axiosRef.defaults.adapter = adapter;
      return {};
    },
  ],
])('an adapter %s', (_title, use) => {
  async function start(options = {}) {
    const made = await client(options);
    const own = new DidomiStub();
    return { ...made, own, config: use(made.http, own.adapter) };
  }

  it('sends with the access token, which its answers do not hold', async () => {
    const { http, own, stub, config } = await start();
    const response = await http.axiosRef.get('/cold', config);
    await http.axiosRef.get('/warm', config);
    expect(own.bearers).toEqual(['token-1', 'token-1']);
    expect(stub.apiRequests).toHaveLength(0);
    expect(inspect(response, { depth: 20, showHidden: true })).not.toMatch(/token-1/);
  });

  it('gets over a revoked access token', async () => {
    const { http, own, stub, config } = await start();
    await http.axiosRef.get('/warm', config);
    own.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    expect((await http.axiosRef.get('/x', config)).status).toBe(200);
    expect(own.bearers).toEqual(['token-1', 'token-1', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is asked again after a failure of a moment', async () => {
    const { http, own, clock, config } = await start();
    own.onApiRequest = (_config, count) => [networkError('ECONNRESET'), { status: 503 }][count] ?? { status: 200 };
    const call = http.axiosRef.get('/x', config);
    await clock.advance(10_000);
    expect((await call).status).toBe(200);
    expect(own.apiRequests).toHaveLength(3);
  });

  it('is paced like any other', async () => {
    const { http, own, clock, config } = await start();
    own.onApiRequest = () => ({ status: 200, headers: { ratelimit: 'limit=100, remaining=0, reset=7' } });
    await http.axiosRef.get('/last', config);
    const call = http.axiosRef.get('/x', config);
    await clock.advance(6_999);
    expect(own.apiRequests).toHaveLength(1);
    await clock.advance(1);
    await call;
    expect(http.rateLimit).toMatchObject({ limit: 100 });
  });

  it('ends with the application', async () => {
    const { http, own, app, config } = await start();
    own.onApiRequest = (sent) =>
      new Promise((_, reject) => sent.cancelToken?.subscribe((reason: Error) => reject(reason)));
    const call = errorOf(http.axiosRef.get('/x', config));
    await settled();
    await app.close();
    expect(await call).toMatchObject({ reason: 'closed' });
  });

  it('fails with errors of the library', async () => {
    const { http, own, config } = await start({ retry: false });
    own.onApiRequest = () => ({ status: 404, data: { message: 'gone' } });
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({ code: 'DIDOMI_API', status: 404 });
    own.onApiRequest = () => new Error('token-1');
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({
      code: 'DIDOMI_TRANSPORT',
      message: 'GET /v1/x got no answer: unknown',
    });
  });
});

it('an adapter that does not exist is an error of the library', async () => {
  const { http } = await client();
  expect(await errorOf(http.axiosRef.get('/x', { adapter: 'pigeon' as never }))).toMatchObject({
    code: 'DIDOMI_TRANSPORT',
  });
});

describe('the origin', () => {
  it.each([
    ['a path', '/properties', {}],
    ['a path without a slash', 'properties', {}],
    ['an absolute URL of the same origin', 'https://api.didomi.io/dsar/requests', {}],
    ['the same origin in capitals', 'HTTPS://API.DIDOMI.IO/v1/properties', {}],
    ['the same origin with its default port', 'https://api.didomi.io:443/v1/properties', {}],
    ['a protocol-relative URL of the same host', '//api.didomi.io/dsar/requests', {}],
    ['a base URL of its own with the same origin', '/v1/regulations', { baseURL: 'https://api.didomi.io/compliance' }],
    ['no path at all', '', {}],
  ])('of %s may be asked', async (_title, url, config) => {
    const { http, stub } = await client();
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
    ['a URL that is no string', new URL('https://elsewhere.example/') as never, {}],
  ])('is never left: %s is refused before anything is sent', async (_title, url, config) => {
    const { http, stub } = await client();
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

  it('is that of the URL which the interceptors of its users have left', async () => {
    const { http, stub } = await client();
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
  ])('is not left by %s', async (_title, ask) => {
    const { http, stub } = await client();
    await http.axiosRef.get('/warm');
    expect(await errorOf(ask(http))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('cannot be left by a path, however it is written', async () => {
    const { http, stub } = await client();
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

describe('a 401', () => {
  it('is answered by one token request and a replay', async () => {
    const { http, stub } = await client();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-2' ? 200 : 401 });
    expect((await http.axiosRef.get('/x')).status).toBe(200);
    expect((await http.axiosRef.get('/y')).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-1', 'token-2', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('costs 10,000 callers one token request after a revocation, and none of them sees it', async () => {
    const made = await client();
    const { http, stub } = made;
    await http.axiosRef.get('/warm');
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    const responses = await Promise.all(Array.from({ length: 10_000 }, () => http.axiosRef.get('/x')));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('that comes late is replayed with the access token that is there by then, without a token request', async () => {
    const { http, stub, auth } = await client();
    let answerLate: () => void = () => undefined;
    stub.onApiRequest = ({ headers }) =>
      headers.get('Authorization') === 'Bearer token-1'
        ? new Promise((resolve) => (answerLate = () => resolve({ status: 401 })))
        : { status: 200 };
    const late = http.axiosRef.get('/slow');
    await settled();
    await auth.refresh();
    answerLate();
    expect((await late).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('joins a token request under way', async () => {
    const { http, stub, auth, clock } = await client();
    await http.axiosRef.get('/warm');
    await clock.advance(2_000_000);
    let issue: () => void = () => undefined;
    stub.onTokenRequest = () =>
      new Promise((resolve) => (issue = () => resolve({ status: 200, data: { access_token: 'joined' } })));
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer joined' ? 200 : 401 });
    await auth.getAccessToken();
    const call = http.axiosRef.get('/x');
    await settled();
    issue();
    expect((await call).status).toBe(200);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('of the replay is final: two requests and one token request', async () => {
    const { http, stub } = await client();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401, data: { message: 'no' } });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toMatchObject({ status: 401, message: expect.stringContaining('no'), attempts: 2 });
    expect(stub.apiRequests).toHaveLength(1 + 2);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('to everything stays inside the budget, at two requests and one token request per call at the most', async () => {
    const { http, stub, clock } = await client();
    await http.axiosRef.get('/warm');
    const sentAt: number[] = [];
    stub.onTokenRequest = (_config, count) => {
      sentAt.push(clock.now());
      return { status: 200, data: { access_token: `token-${count + 1}` } };
    };
    stub.onApiRequest = () => ({ status: 401 });
    const calls = 600;
    for (let call = 0; call < calls; call += 1) {
      const before = [stub.apiRequests.length, stub.tokenRequests.length] as const;
      const waiting = errorOf(http.axiosRef.get('/x'));
      await clock.advance(1_000);
      expect(await waiting).toMatchObject({ status: 401 });
      expect(stub.apiRequests.length - before[0]).toBeLessThanOrEqual(2);
      expect(stub.tokenRequests.length - before[1]).toBeLessThanOrEqual(1);
    }
    // The cool-down grows to a minute: ten minutes of nothing but 401 cost a handful of token requests.
    expect(sentAt.length).toBeLessThan(15);
  });

  it('is answered with full service again once Didomi accepts the access token', async () => {
    const made = await client();
    const { http, stub, clock } = made;
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    await errorOf(http.axiosRef.get('/x'));
    stub.onApiRequest = () => ({ status: 200 });
    await http.axiosRef.get('/accepted');
    await clock.advance(6_000);
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-3' ? 200 : 401 });
    expect((await http.axiosRef.get('/x')).status).toBe(200);
  });

  it('to a young access token that was never accepted gives the new one a moment before the replay', async () => {
    const { http, stub, clock } = await client();
    stub.onApiRequest = (_config, count) => ({ status: count === 0 ? 401 : 200 });
    const call = http.axiosRef.get('/x');
    await settled();
    expect(stub.tokenRequests).toHaveLength(2);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(500);
    expect((await call).status).toBe(200);
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
  });

  it.each([429, 503])('after a %i, which accepts no access token, still finds it young', async (status) => {
    const { http, stub, clock } = await client({ retry: false });
    stub.onApiRequest = (_config, count) => ({ status: [status, 401][count] ?? 200 });
    await errorOf(http.axiosRef.get('/consents/users'));
    const call = http.axiosRef.get('/consents/users');
    await settled();
    expect(stub.apiRequests).toHaveLength(2);
    await clock.advance(500);
    expect((await call).status).toBe(200);
  });

  it('to the very access token that Didomi hands out again is replayed once, after a moment', async () => {
    const { http, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'same' } });
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    const call = errorOf(http.axiosRef.get('/x'));
    await clock.advance(500);
    expect(await call).toMatchObject({ status: 401 });
    expect(stub.apiRequests).toHaveLength(3);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is passed on without a replay once the budget is used up, and the access token stays', async () => {
    const { http, stub, auth } = await client({ maxTokenRequestsPerMinute: 1 });
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status: 401 });
    expect(stub.apiRequests).toHaveLength(2);
    expect(await auth.getAccessToken()).toBe('token-1');
  });

  it('whose token request fails tells why', async () => {
    const { http, stub } = await client();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status: 401 });
    stub.onTokenRequest = () => ({ status: 400 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'rejected', status: 400 });
  });

  it('is found when the caller accepts every status, too', async () => {
    const made = await client();
    const { http, stub } = made;
    await http.axiosRef.get('/warm');
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-2' ? 200 : 401 });
    const { status } = await http.axiosRef.get('/x', { validateStatus: () => true });
    expect(status).toBe(200);
    expect(stub.apiRequests).toHaveLength(3);
  });

  it.each([403, 404, 500])('is not %i: no token request, no replay', async (status) => {
    const { http, stub } = await client();
    await http.axiosRef.get('/warm');
    stub.onApiRequest = () => ({ status });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status });
    expect(stub.apiRequests).toHaveLength(2);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is not a network error: a POST is sent once', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = () => networkError('ECONNRESET');
    expect(await errorOf(http.axiosRef.post('/consents/events', {}))).toMatchObject({ reason: 'reset' });
    expect(stub.apiRequests).toHaveLength(1);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is not an answer that broke off', async () => {
    const { http, stub } = await client();
    const broken = new AxiosError('stream has been aborted', 'ERR_BAD_RESPONSE', undefined, {}, {
      status: 200,
      data: undefined,
    } as never);
    stub.onApiRequest = () => broken;
    expect(await errorOf(http.axiosRef.post('/x'))).toMatchObject({ name: 'DidomiTransportError', reason: 'reset' });
  });

  it('beside healthy requests does not use up the budget: the cool-down grows all the same', async () => {
    const { http, stub, clock } = await client();
    stub.onApiRequest = ({ url }) => ({ status: url === '/broken' ? 401 : 200 });
    await http.axiosRef.get('/healthy');
    for (let second = 0; second < 600; second += 1) {
      const broken = errorOf(http.axiosRef.get('/broken'));
      await clock.advance(1_000);
      expect(await broken).toMatchObject({ status: 401 });
      expect((await http.axiosRef.get('/healthy')).status).toBe(200);
    }
    expect(stub.tokenRequests.length).toBeLessThan(16);
  });

  it('while no other access token can be had leaves the old one to the requests that it is good for', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = ({ url }) => ({ status: url === '/broken' ? 401 : 200 });
    await http.axiosRef.get('/good');
    stub.onTokenRequest = () => ({ status: 503 });
    expect(await errorOf(http.axiosRef.get('/broken'))).toMatchObject({
      reason: 'unavailable',
      cause: { status: 401 },
    });
    expect((await http.axiosRef.get('/good')).status).toBe(200);
    expect(await errorOf(http.axiosRef.get('/broken'))).toMatchObject({ name: 'DidomiApiError', status: 401 });
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('of a late replay opens no cool-down, since no access token was requested for it', async () => {
    const { http, stub, auth, clock } = await client();
    let answerLate: () => void = () => undefined;
    stub.onApiRequest = ({ url, headers }) =>
      url === '/slow' && headers.get('Authorization') === 'Bearer token-1'
        ? new Promise((resolve) => (answerLate = () => resolve({ status: 401 })))
        : { status: headers.get('Authorization') === 'Bearer token-3' ? 200 : 401 };
    const late = errorOf(http.axiosRef.get('/slow'));
    await settled();
    await auth.refresh();
    answerLate();
    expect(await late).toMatchObject({ status: 401 });
    const next = http.axiosRef.get('/next');
    await settled();
    expect(stub.tokenRequests).toHaveLength(3);
    await clock.advance(500);
    expect((await next).status).toBe(200);
  });
});

describe('at the shutdown', () => {
  it.each<[string, (http: TestClient['http']) => Promise<unknown>]>([
    ['an Observable', (http) => firstValueFrom(http.get('/x'))],
    ['axiosRef', (http) => http.axiosRef.get('/x')],
    ['axiosRef with a signal', (http) => http.axiosRef.get('/x', { signal: new AbortController().signal })],
  ])('a request in flight through %s ends as closed, not as given up by its caller', async (_title, ask) => {
    const { app, http, stub } = await client();
    // As Axios' own adapter does: a request that is given up rejects with the reason.
    stub.onApiRequest = (config) =>
      new Promise((_, reject) => config.cancelToken?.subscribe((reason: Error) => reject(reason)));
    const call = errorOf(ask(http));
    await settled();
    expect(stub.apiRequests).toHaveLength(1);
    await app.close();
    expect(await call).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'closed' });
  });
});

it.each([
  ['succeeds', 200],
  ['fails', 404],
  ['is replayed', 401],
])('a configuration that an interceptor keeps holds no access token once the request %s', async (_title, status) => {
  const { http, stub } = await client();
  const kept: unknown[] = [];
  http.axiosRef.interceptors.request.use((config) => {
    kept.push(config);
    return config;
  });
  await http.axiosRef.get('/warm');
  stub.onApiRequest = (_config, count) => ({ status: count === 1 ? status : 200 });
  await errorOf(http.axiosRef.get('/x'));
  expect(kept).toHaveLength(2);
  expect(inspect(kept, { depth: 20, showHidden: true })).not.toMatch(/token-\d/);
});

it('headers that an interceptor shares among requests carry the access token in each of them, and keep none', async () => {
  const { http, stub } = await client({ maxConcurrent: 1 });
  const shared = new AxiosHeaders({ 'X-App': '1' });
  http.axiosRef.interceptors.request.use((config) => Object.assign(config, { headers: shared }));
  stub.onApiRequest = (_config, count) => ({ status: count === 1 ? 401 : 200 });
  await http.axiosRef.get('/warm');
  await Promise.all(['/a', '/b', '/c'].map((url) => http.axiosRef.get(url)));
  expect(stub.bearers).toHaveLength(5);
  for (const bearer of stub.bearers) expect(bearer).toMatch(/^token-[12]$/);
  expect(Object.entries(shared)).toEqual([['X-App', '1']]);
});

describe('the body of a replay', () => {
  async function replayed(data: unknown, config = {}): Promise<{ made: TestClient; error: Error | undefined }> {
    const made = await client();
    const { http, stub } = made;
    await http.axiosRef.get('/warm');
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-2' ? 200 : 401 });
    const error = await http.axiosRef.post('/x', data, config).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return { made, error };
  }

  it('is the one of the first attempt, transformed once', async () => {
    let transforms = 0;
    const transformRequest = (data: unknown): string => {
      transforms += 1;
      return `<${JSON.stringify(data)}>`;
    };
    const { made } = await replayed({ a: 1 }, { transformRequest });
    expect(transforms).toBe(1);
    expect(made.stub.apiRequests.map(({ data }) => data as unknown)).toEqual([undefined, '<{"a":1}>', '<{"a":1}>']);
  });

  it('and its headers arrive as they did the first time', async () => {
    const { made } = await replayed(
      { a: 1 },
      { headers: { 'X-Own': 'é', 'Content-Type': 'application/json; charset=utf-8' } },
    );
    const [first, second] = made.stub.apiRequests.slice(1).map(({ headers }) => ({ ...headers.toJSON() }));
    expect({ ...second, Authorization: '' }).toEqual({ ...first, Authorization: '' });
  });

  it.each([
    ['bytes', Buffer.from('abc')],
    ['URL parameters', new URLSearchParams({ a: '1' })],
    ['nothing', undefined],
    ['text', 'abc'],
  ])('may be %s', async (_title, data) => {
    expect((await replayed(data)).error).toBeUndefined();
  });

  it('may be a form without streams', async () => {
    const { made, error } = await replayed({ a: 'text' }, { headers: { 'Content-Type': 'multipart/form-data' } });
    expect(error).toBeUndefined();
    const [first, second] = made.stub.apiRequests.slice(1).map(({ data }) => String(data));
    expect(first).toContain('name="a"\r\n\r\ntext');
    expect(second).toBe(first);
  });

  it('is never a stream: the 401 is passed on and says so, and the next request has a new access token', async () => {
    const { made, error } = await replayed(Readable.from(['a', 'b']));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error).toMatchObject({ status: 401 });
    expect(error?.message).toMatch(/not sent again.*stream/);
    expect(made.stub.apiRequests).toHaveLength(2);
    await settled();
    await made.http.axiosRef.get('/next');
    expect(made.stub.bearers.at(-1)).toBe('token-2');
  });

  it('is never a form that holds a stream', async () => {
    const form = { file: Readable.from(['a']) };
    const { made, error } = await replayed(form, { headers: { 'Content-Type': 'multipart/form-data' } });
    expect(error?.message).toMatch(/not sent again.*stream/);
    expect(made.stub.apiRequests).toHaveLength(2);
  });

  it('that is a stream leaves a caller who accepts every status with the 401', async () => {
    const made = await client();
    made.stub.onApiRequest = () => ({ status: 401 });
    const { status } = await made.http.axiosRef.post('/x', Readable.from(['a']), { validateStatus: () => true });
    expect(status).toBe(401);
  });

  it('follows upon a 401 whose own body, a stream, was let go', async () => {
    const made = await client();
    const { http, stub } = made;
    await http.axiosRef.get('/warm');
    const refused = Readable.from(['no']);
    stub.onApiRequest = ({ headers }) =>
      headers.get('Authorization') === 'Bearer token-2' ? { status: 200, data: 'yes' } : { status: 401, data: refused };
    await http.axiosRef.get('/x', { responseType: 'stream' });
    expect(refused.destroyed).toBe(true);
  });
});

describe('a body that cannot be written', () => {
  class Circle {
    readonly self = [this];
  }

  it.each<[string, unknown, AxiosRequestConfig]>([
    ['leads back to itself', new Circle(), {}],
    ['holds a BigInt', { canary: 1n }, {}],
    ['has a toJSON() that fails', { toJSON: () => JSON.parse('canary') as never }, {}],
    ['leads back to itself in a form', new Circle(), { headers: { 'Content-Type': 'multipart/form-data' } }],
  ])('because it %s is an error of the library, and nothing is sent', async (_title, body, config) => {
    const { http, stub } = await client();
    for (const call of [http.axiosRef.post('/x', body, config), firstValueFrom(http.post('/x', body, config))]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(/^The body of the request cannot be written/);
      expect(inspect(error, { showHidden: true })).not.toMatch(/canary/);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });
});

describe('a body that is a stream', () => {
  it('and fails while the request waits for its access token fails the request, and nothing else', async () => {
    const { http, stub } = await client();
    let issue: () => void = () => undefined;
    stub.onTokenRequest = () =>
      new Promise((resolve) => (issue = () => resolve({ status: 200, data: { access_token: 'token' } })));
    const call = errorOf(http.axiosRef.post('/x', createReadStream('/does/not/exist')));
    expect(await call).toBeInstanceOf(DidomiRequestError);
    issue();
    await settled();
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('and fails midway is no request that was not sent', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = () => new Promise(() => undefined);
    const body = new Readable({ read: () => undefined });
    const call = errorOf(http.axiosRef.post('/x', body));
    await settled();
    body.destroy(Object.assign(new Error('disk'), { code: 'ECONNRESET' }));
    expect(await call).toMatchObject({
      name: 'DidomiTransportError',
      reason: 'unknown',
      path: '/v1/x',
      attempts: 1,
      message: 'POST /v1/x was not sent to its end: its body is a stream that failed',
    });
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('is let go when the request cannot be sent', async () => {
    const { http, stub } = await client();
    stub.onTokenRequest = () => ({ status: 400 });
    const body = Readable.from(['a']);
    await errorOf(http.axiosRef.post('/x', body));
    expect(body.destroyed).toBe(true);
  });

  it('and was closed before is refused, where Axios would wait for ever', async () => {
    const { http, stub } = await client();
    const body = Readable.from(['a']);
    body.destroy();
    expect(await errorOf(http.axiosRef.post('/x', body))).toBeInstanceOf(DidomiRequestError);
    expect(stub.apiRequests).toHaveLength(0);
  });
});

describe('a caller who gives up', () => {
  function holdTokenRequests(stub: DidomiStub): () => void {
    let issue: () => void = () => undefined;
    stub.onTokenRequest = () =>
      new Promise((resolve) => (issue = () => resolve({ status: 200, data: { access_token: 'shared' } })));
    return () => issue();
  }

  it('while waiting for the access token ends at once, and the others get it', async () => {
    const { http, stub, auth } = await client();
    const issue = holdTokenRequests(stub);
    const abort = new AbortController();
    const source = axios.CancelToken.source();
    const stop = new Subject<void>();
    let isComplete = false;
    const aborted = errorOf(http.axiosRef.get('/a', { signal: abort.signal }));
    const cancelled = errorOf(http.axiosRef.get('/b', { cancelToken: source.token }));
    http
      .get('/c')
      .pipe(takeUntil(stop))
      .subscribe({ complete: () => (isComplete = true) });
    const others = [http.axiosRef.get('/d'), http.axiosRef.get('/e', { signal: new AbortController().signal })];
    const asked = auth.getAccessToken();
    await settled();
    abort.abort();
    source.cancel('enough');
    stop.next();
    expect(isCancel(await aborted)).toBe(true);
    expect(isCancel(await cancelled)).toBe(true);
    expect(isComplete).toBe(true);
    issue();
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await asked).toBe('shared');
    expect(stub.tokenRequests).toHaveLength(1);
    expect(stub.apiRequests.map(({ url }) => url)).toEqual(['/d', '/e']);
  });

  it('before the request is sent sends nothing', async () => {
    const { http, stub } = await client();
    expect(isCancel(await errorOf(http.axiosRef.get('/x', { signal: AbortSignal.abort() })))).toBe(true);
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('by an RxJS timeout leaves the first caller of the token request no worse than the second', async () => {
    const { http, stub } = await client();
    const issue = holdTokenRequests(stub);
    const first = errorOf(firstValueFrom(http.get('/a').pipe(timeout(1))));
    const second = firstValueFrom(http.get('/b'));
    expect((await first).name).toBe('TimeoutError');
    issue();
    expect((await second).status).toBe(200);
  });

  it('during the wait before a replay ends at once, without the replay', async () => {
    const { http, stub } = await client();
    stub.onApiRequest = () => ({ status: 401 });
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.get('/x', { signal: abort.signal }));
    await settled();
    abort.abort();
    expect(isCancel(await call)).toBe(true);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('can do so until a streamed answer has come to its end, and leaves no listener on a token that lives on', async () => {
    const { http, stub } = await client();
    const bodies = [new Readable({ read: () => undefined }), Readable.from(['a'])];
    stub.onApiRequest = (_config, count) => ({ status: 200, data: bodies[count] });
    const { token } = axios.CancelToken.source();
    let listeners = 0;
    Object.assign(token, { subscribe: () => (listeners += 1), unsubscribe: () => (listeners -= 1) });
    const config = { cancelToken: token, responseType: 'stream' } as const;
    const open = await http.axiosRef.get<Readable>('/x', config);
    expect(listeners).toBe(1);
    await http.axiosRef.get<Readable>('/x', config);
    await settled();
    expect(listeners).toBe(1);
    open.data.destroy();
    await settled();
    expect(listeners).toBe(0);
    expect(bodies[0]?.destroyed).toBe(true);
  });

  it('leaves no listener on a signal that lives on', async () => {
    const { http } = await client();
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => void (listeners += 1);
    signal.removeEventListener = () => void (listeners -= 1);
    await http.axiosRef.get('/x', { signal });
    await settled();
    // The stub's adapter adds one as well and leaves it.
    expect(listeners).toBe(1);
  });
});

it.each([undefined, null, 0, ''])(
  'a validateStatus that returns %p refuses the answer, as with Axios',
  async (returned) => {
    for (const settles of [true, false]) {
      const { http, stub } = await client();
      stub.settles = settles;
      stub.onApiRequest = () => ({ status: 404, data: { message: 'gone' } });
      const error = await errorOf(http.axiosRef.get('/x', { validateStatus: () => returned as never }));
      expect(error).toMatchObject({ code: 'DIDOMI_API', message: 'GET /v1/x was answered with 404: gone' });
    }
  },
);

it.each([404, 500])(
  'an adapter that leaves validateStatus to others gives errors all the same for %i',
  async (status) => {
    const { http, stub } = await client();
    stub.settles = false;
    stub.onApiRequest = () => ({ status });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status });
    expect((await http.axiosRef.get('/x', { validateStatus: null })).status).toBe(status);
  },
);
