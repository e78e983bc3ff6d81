import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { DIDOMI_RUNTIME, DidomiHttpService, DidomiModule } from '../../../lib/index.js';
import { DidomiTestingController } from '../../../lib/testing/index.js';
import { createClient, type TestClient } from '../../support/create-client.js';
import { DidomiStub, networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';
import { inspectAll } from '../../support/inspect-all.js';

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
    const made = await createClient(options);
    const own = new DidomiStub();
    return { ...made, own, config: use(made.http, own.adapter) };
  }

  it('gets the access token, which the response does not hold', async () => {
    const { http, own, stub, config } = await start();
    const response = await http.axiosRef.get('/cold', config);
    await http.axiosRef.get('/warm', config);
    expect(own.bearers).toEqual(['token-1', 'token-1']);
    expect(stub.apiRequests).toHaveLength(0);
    expect(inspectAll(response)).not.toMatch(/token-1/);
  });

  it('is called again after a 401, with a new access token', async () => {
    const { http, own, stub, config } = await start();
    await http.axiosRef.get('/warm', config);
    own.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    expect((await http.axiosRef.get('/x', config)).status).toBe(200);
    expect(own.bearers).toEqual(['token-1', 'token-1', 'token-2']);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is called again after a transient failure', async () => {
    const { http, own, clock, config } = await start();
    own.onApiRequest = (_config, count) => [networkError('ECONNRESET'), { status: 503 }][count] ?? { status: 200 };
    const call = http.axiosRef.get('/x', config);
    await clock.advance(10_000);
    expect((await call).status).toBe(200);
    expect(own.apiRequests).toHaveLength(3);
  });

  it('is held back by the rate limit', async () => {
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

  it('is cancelled when the application closes', async () => {
    const { http, own, app, config } = await start();
    own.onApiRequest = (sent) =>
      new Promise((_, reject) => sent.cancelToken?.subscribe((reason: Error) => reject(reason)));
    const call = errorOf(http.axiosRef.get('/x', config));
    await settled();
    await app.close();
    expect(await call).toMatchObject({ reason: 'closed' });
  });

  it('has its errors replaced with errors of the library', async () => {
    const { http, own, config } = await start({ retry: false });
    own.onApiRequest = () => ({ status: 404, data: { message: 'gone' } });
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({ code: 'DIDOMI_API', status: 404 });
    own.onApiRequest = () => new Error('token-1');
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({
      code: 'DIDOMI_TRANSPORT',
      message: 'GET /v1/x got no answer from api.didomi.io:443: unknown',
    });
  });
});

it('an unknown adapter is an error of the library', async () => {
  const { http } = await createClient();
  expect(await errorOf(http.axiosRef.get('/x', { adapter: 'pigeon' as never }))).toMatchObject({
    code: 'DIDOMI_REQUEST',
  });
});

describe('the adapter of the options', () => {
  const options = (adapter: AxiosAdapter) => ({ apiKey: 'key', apiSecret: 'secret', axios: { adapter } });

  it('sends API requests and token requests, with a signal that ends with the request', async () => {
    const stub = new DidomiStub();
    const module = await Test.createTestingModule({ imports: [DidomiModule.forRoot(options(stub.adapter))] }).compile();
    await module.init();
    const http = module.get(DidomiHttpService);
    expect((await http.axiosRef.get('/x')).status).toBe(200);
    expect([stub.tokenRequests.length, stub.apiRequests.length]).toEqual([1, 1]);

    stub.onApiRequest = () => new Promise(() => undefined);
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.get('/y', { signal: abort.signal }));
    await settled();
    expect(stub.apiRequests[1]?.signal?.aborted).toBe(false);
    abort.abort();
    expect(stub.apiRequests[1]?.signal?.aborted).toBe(true);
    expect(await call).toMatchObject({ reason: 'aborted' });
    await module.close();
  });

  it('gives way to the testing kit', async () => {
    const stub = new DidomiStub();
    const didomi = new DidomiTestingController();
    const module = await Test.createTestingModule({ imports: [DidomiModule.forRoot(options(stub.adapter))] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    didomi.when('/x').reply({ from: 'the kit' });
    expect((await module.get(DidomiHttpService).axiosRef.get<unknown>('/x')).data).toEqual({ from: 'the kit' });
    expect(stub.apiRequests).toEqual([]);
    await module.close();
  });
});
