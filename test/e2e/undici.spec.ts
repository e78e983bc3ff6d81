import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import type { AxiosRequestConfig } from 'axios';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Agent, Client, MockAgent, RetryAgent, type Dispatcher } from 'undici';
import {
  DIDOMI_RUNTIME,
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { DidomiTestingController } from '../../lib/testing/index.js';
import { undiciAdapter, type DidomiUndiciOptions } from '../../lib/undici/index.js';
import { afterTest } from '../support/after-test.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';
import { fullListener } from '../support/full-listener.js';
import { inspectAll } from '../support/inspect-all.js';
import { LoopbackServer, sendJson } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsServer } from '../support/tls-server.js';
import { until } from '../support/until.js';

const TRUSTED = { ca: TEST_CERTIFICATE };
const CLOSED = { name: 'DidomiAuthenticationError', reason: 'closed' };

let server: LoopbackServer;

beforeEach(async () => {
  server = await LoopbackServer.start();
});

afterEach(async () => {
  await server.stop();
});

async function start(
  options: DidomiUndiciOptions = {},
  { baseURL = server.baseURL, ...others }: Partial<DidomiModuleOptions> = {},
): Promise<NetworkClient> {
  const client = await networkClient({ baseURL }, { ...others, axios: { adapter: undiciAdapter(options) } });
  afterTest(() => client.app.close());
  return client;
}

/** The error of a call, with all the time of the client that it needs. */
async function failure({ clock, http }: NetworkClient, config: AxiosRequestConfig = {}): Promise<Error> {
  let isOver = false;
  const error = errorOf(http.axiosRef.get('/x', config)).finally(() => (isOver = true));
  while (!isOver) await clock.advance(1_000);
  return await error;
}

describe('the connections of a client', () => {
  it('are opened with the first request, others for API requests than for token requests, and used again', async () => {
    const { http } = await start();
    await settled();
    expect(server.sockets.size).toBe(0);
    for (let call = 0; call < 10; call += 1) await http.axiosRef.get('/properties');
    // Undici has two in turn, since it leaves each a moment to be closed by the server.
    expect(server.sockets.size).toBeLessThanOrEqual(3);
  });

  it('are as many as the options say, and further requests wait in order', async () => {
    const responses: ServerResponse[] = [];
    server.onApiRequest = (_request, response) => responses.push(response);
    const { http } = await start({ connections: 2 });
    const calls = [1, 2, 3, 4].map((id) => http.axiosRef.get(`/${id}`));
    await server.received(2);
    await settled();
    expect(server.requests).toHaveLength(2);
    for (let index = 0; index < 4; index += 1) {
      await server.received(index + 1);
      sendJson(responses[index]!, {});
    }
    await Promise.all(calls);
    expect(server.requests).toEqual(['GET /v1/1', 'GET /v1/2', 'GET /v1/3', 'GET /v1/4']);
    expect(server.sockets.size).toBe(3);
  });

  it('keep no token request waiting behind API requests', async () => {
    server.onApiRequest = () => undefined;
    const { app, http } = await start({ connections: 1 }, { shutdownGraceMs: 0 });
    const hanging = errorOf(http.axiosRef.get('/hangs'));
    await server.received(1);

    await app.get(DidomiAuthService).refresh();

    await app.close();
    expect(await hanging).toMatchObject(CLOSED);
  });

  it('are closed with it, in use, idle or being opened', async () => {
    server.onApiRequest = (_request, response, count) => {
      if (count === 0) sendJson(response, {});
    };
    const { app, http } = await start({}, { shutdownGraceMs: 0 });
    await http.axiosRef.get('/idle');
    const inUse = [errorOf(http.axiosRef.get('/x')), errorOf(http.axiosRef.get('/y'))];
    await server.received(3);

    await app.close();

    await until(() => server.sockets.size === 0);
    for (const error of await Promise.all(inUse)) expect(error).toMatchObject(CLOSED);
    expect(await errorOf(http.axiosRef.get('/z'))).toMatchObject(CLOSED);
  });

  it('that are being opened are closed with it', async () => {
    const { port, stop } = await fullListener();
    afterTest(stop);
    const { app, http } = await start({}, { baseURL: `http://127.0.0.1:${port}/v1`, shutdownGraceMs: 0 });
    const opening = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = opening();
    const call = errorOf(http.axiosRef.get('/x'));
    await until(() => opening() === before + 1);

    await app.close();

    await until(() => opening() === before);
    expect(await call).toMatchObject(CLOSED);
  });

  it('are not closed by another client that was given the same adapter', async () => {
    const adapter = undiciAdapter();
    const [one, other] = [1, 2].map(() => networkClient(server, { axios: { adapter } }));
    afterTest(async () => (await other)!.app.close());
    await (await one)!.http.axiosRef.get('/x');
    await (await other)!.http.axiosRef.get('/x');
    expect(server.sockets.size).toBe(4);

    await (await one)!.app.close();

    await until(() => server.sockets.size === 2);
    expect((await (await other)!.http.axiosRef.get('/x')).status).toBe(200);
    expect(server.sockets.size).toBe(2);
  });

  it('are closed once they have been idle for as long as the options say', async () => {
    const { http } = await start({ keepAliveTimeoutMs: 10 });
    await http.axiosRef.get('/x');
    await until(() => server.sockets.size === 0);
    expect((await http.axiosRef.get('/x')).status).toBe(200);
  });

  it('are opened within the time that the options say', async () => {
    const { port, stop } = await fullListener();
    afterTest(stop);
    const client = await start(
      { connectTimeoutMs: 20 },
      { baseURL: `http://127.0.0.1:${port}/v1`, tokenRequestTimeoutMs: 86_400_000 },
    );
    const error = await failure(client, { timeout: 60_000 });
    expect(error).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'unavailable' });
    expect(error.message).toContain('ETIMEDOUT');
  });

  it('are opened with the options of sockets and TLS', async () => {
    const tls = await TlsServer.start();
    afterTest(() => tls.stop());
    const lookups: string[] = [];
    const lookup = (host: string, _options: object, done: (error: null, addresses: object[]) => void): void => {
      lookups.push(host);
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const baseURL = `https://api.didomi.test:${tls.port}/v1`;
    const { http } = await start({ connect: { ...TRUSTED, lookup: lookup as never } }, { baseURL });
    expect((await http.axiosRef.get('/x')).data).toEqual({ path: '/v1/x' });
    expect(lookups).toEqual(['api.didomi.test', 'api.didomi.test']);

    for (const connect of [{}, { cert: 'no certificate' }]) {
      expect(await failure(await start({ connect }, { baseURL: tls.baseURL }))).toMatchObject({
        reason: 'unavailable',
      });
    }
  });
});

describe('a request', () => {
  it('that is aborted while its connection is being opened ends at once, by its deadline and by its caller', async () => {
    const { port, stop } = await fullListener();
    afterTest(stop);
    const [agent, nobody] = [new Agent(), new Client(`http://127.0.0.1:${port}`)];
    afterTest(() => Promise.all([agent.destroy(), nobody.destroy()]));
    // Only token requests reach the server.
    const dispatcher = {
      dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
        (options.path === '/v1/sessions' ? agent : nobody).dispatch(options, handler),
    } as Dispatcher;
    const { http, clock } = await start({ dispatcher }, { timeoutMs: 500 });
    const abort = new AbortController();
    const calls = [
      errorOf(http.axiosRef.get('/x')),
      errorOf(http.axiosRef.post('/x', Readable.from(['a']), { signal: abort.signal })),
    ];
    await until(() => server.sockets.size === 1);
    for (let turn = 0; turn < 20; turn += 1) await settled();

    abort.abort();
    expect(await calls[1]).toMatchObject({ reason: 'aborted', attempts: 1 });
    await clock.advance(500);
    expect(await calls[0]).toMatchObject({ reason: 'timeout', attempts: 1 });
  });

  it('keeps the context of its caller, also in the events of a streamed answer', async () => {
    const { http } = await start({ connections: 1 });
    const storage = new AsyncLocalStorage<number>();
    const seen: (number | undefined)[] = [];
    server.onApiRequest = (_request, response) => {
      response.write('a');
      setImmediate(() => response.end('b'));
    };
    const call = async (id: number): Promise<void> => {
      const { data } = await http.axiosRef.get<Readable>('/x', { responseType: 'stream' });
      seen.push(storage.getStore());
      data.on('data', () => seen.push(storage.getStore()));
      await new Promise((resolve) => data.on('end', resolve));
      seen.push(storage.getStore());
      expect(new Set(seen.splice(0))).toEqual(new Set([id]));
    };
    for (const id of [1, 2, 3]) await storage.run(id, () => call(id));
  });

  it.each<[string, (response: ServerResponse) => void, AxiosRequestConfig]>([
    ['is too large', (response) => response.end('x'.repeat(1_000)), { maxContentLength: 10 }],
    ['breaks off', (response) => response.write('x', () => response.destroy()), {}],
    [
      'cannot be decompressed',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'.repeat(1_000)),
      {},
    ],
  ])('whose streamed answer %s at once ends no process', async (_how, answer, config) => {
    server.onApiRequest = (_request, response) => answer(response);
    const { http } = await start();
    const { data } = await http.axiosRef.get<Readable>('/x', { ...config, responseType: 'stream' });
    await settled();
    expect(await errorOf(text(data))).toMatchObject({ name: 'DidomiTransportError' });
  });

  it('that another adapter of Axios sends goes its own way', async () => {
    const { http } = await start();
    expect((await http.axiosRef.get('/x', { adapter: 'fetch' })).status).toBe(200);
    expect((await http.axiosRef.get('/x', { adapter: 'http' })).status).toBe(200);
    expect(server.requests).toHaveLength(2);
  });

  it('takes no option from Object.prototype, and neither does a token request', async () => {
    const polluted = { params: { canary: 1 }, lookup: () => undefined, maxRate: 1, responseType: 'stream' };
    const { http } = await start();
    Object.assign(Object.prototype, polluted);
    try {
      expect((await http.axiosRef.get('/x')).data).toEqual({});
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }
    expect(server.requests).toEqual(['GET /v1/x']);
  });

  it('whose answer is not HTTP fails at once, and is not sent again', async () => {
    const { http } = await start({}, { retry: {} });
    const facts = { name: 'DidomiTransportError', reason: 'unknown', systemCode: 'ERR_BAD_RESPONSE', attempts: 1 };
    server.onApiRequest = ({ socket }) => socket.end('SSH-2.0-canary\r\n\r\n');
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toMatchObject(facts);
    expect(error.message).toContain('The response is not valid HTTP');
    expect(inspectAll(error)).not.toContain('canary');

    server.onApiRequest = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
      setImmediate(() => socket.end('no size\r\n'));
    };
    const { data } = await http.axiosRef.get<Readable>('/x', { responseType: 'stream' });
    expect(await errorOf(text(data))).toMatchObject(facts);
  });

  it.each(['Upgrade', 'Keep-Alive'])('that undici refuses takes no connection away: %s', async (header) => {
    const { http } = await start({ connections: 1 });
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await http.axiosRef.get('/x')).status).toBe(200);
      expect(await errorOf(http.axiosRef.get('/x', { headers: { [header]: 'x' } }))).toMatchObject({
        name: 'DidomiRequestError',
      });
    }
  });

  it('of no client is refused', () => {
    expect(() => undiciAdapter().adapter({ headers: {} } as never)).toThrow('sends requests of its clients only');
  });
});

describe('a dispatcher of the application', () => {
  it('sends API requests and token requests, and stays open', async () => {
    const dispatcher = new Agent();
    afterTest(() => dispatcher.destroy());
    const dispatch = jest.spyOn(dispatcher, 'dispatch');
    const { app, http } = await start({ dispatcher });
    await http.axiosRef.get('/x');
    await app.close();
    expect(dispatch.mock.calls.map(([{ path }]) => path)).toEqual(['/v1/sessions', '/v1/x']);
    expect(dispatcher.closed || dispatcher.destroyed).toBe(false);
    expect(server.sockets.size).toBe(2);
  });

  it('may be a MockAgent', async () => {
    const dispatcher = new MockAgent();
    afterTest(() => dispatcher.close());
    dispatcher.disableNetConnect();
    const didomi = dispatcher.get('https://api.didomi.io');
    didomi.intercept({ path: '/v1/sessions', method: 'POST' }).reply(200, { access_token: 'token' });
    didomi
      .intercept({ path: '/v1/properties?$limit=1'.replace('$', '%24'), headers: { authorization: 'Bearer token' } })
      .reply(200, { total: 7 }, { headers: { 'content-type': 'application/json' } });
    const { http } = await start({ dispatcher }, { baseURL: 'https://api.didomi.io/v1' });
    expect((await http.axiosRef.get('/properties', { params: { $limit: 1 } })).data).toEqual({ total: 7 });
    dispatcher.assertNoPendingInterceptors();
  });

  it('that retries by itself sends no request a second time', async () => {
    server.onApiRequest = ({ socket }) => socket.destroy();
    const agent = new Agent();
    const dispatcher = new RetryAgent(agent, { minTimeout: 1, methods: ['GET', 'POST'] });
    afterTest(() => agent.destroy());
    const { http } = await start({ dispatcher });
    for (const method of ['get', 'post']) {
      expect(await errorOf(http.axiosRef.request({ method, url: '/x' }))).toMatchObject({
        reason: 'reset',
        attempts: 1,
      });
    }
    expect(server.requests).toEqual(['GET /v1/x', 'POST /v1/x']);
  });

  it('that throws fails the request', async () => {
    const dispatcher = {
      dispatch: () => {
        throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
      },
    } as unknown as Dispatcher;
    expect(await failure(await start({ dispatcher }))).toMatchObject({ reason: 'unavailable' });
  });

  it('stands alone', async () => {
    const dispatcher = new Agent();
    const problems = (make: () => unknown): unknown => {
      try {
        return make();
      } catch (error) {
        return (error as { problems?: unknown }).problems;
      }
    };
    expect(problems(() => undiciAdapter({ dispatcher, connections: 1, allowH2: false }))).toEqual([
      'undici.connections is not used beside undici.dispatcher: remove one of the two',
      'undici.allowH2 is not used beside undici.dispatcher: remove one of the two',
    ]);
    const axios = { adapter: undiciAdapter({ dispatcher }), proxy: { host: '127.0.0.1', port: 1 } };
    expect(await errorOf(networkClient(server, { axios }))).toMatchObject({
      problems: ['axios.proxy is not used beside undici.dispatcher: remove one of the two'],
    });
  });
});

describe('the start of the application', () => {
  it('gives way to the testing kit', async () => {
    const didomi = new DidomiTestingController();
    const options = { apiKey: 'key', apiSecret: 'secret', axios: { adapter: undiciAdapter() } };
    const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(options)] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    afterTest(() => app.close());
    didomi.when('/x').reply({ from: 'the kit' });
    expect((await app.get(DidomiHttpService).axiosRef.get('/x')).data).toEqual({ from: 'the kit' });
  });

  it('refuses agents of Node.js beside it', async () => {
    const axios = { adapter: undiciAdapter(), httpAgent: new Agent(), httpsAgent: {} };
    expect(await errorOf(networkClient(server, { axios }))).toMatchObject({
      name: 'DidomiConfigurationError',
      problems: [
        'axios.httpAgent is not used by axios.adapter: remove one of the two',
        'axios.httpsAgent is not used by axios.adapter: remove one of the two',
      ],
    });
  });
});
