import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import type { AxiosAdapter } from 'axios';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { DidomiAgents } from '../../lib/connection/didomi-agents.js';
import {
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  getDidomiHttpAdapterToken,
  type DidomiAxiosOptions,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { FakeDidomi } from '../../lib/testing/index.js';
import { cleanEnvironment } from '../support/clean-environment.js';
import { errorOf } from '../support/error-of.js';
import { findReachable } from '../support/find-reachable.js';
import { networkClient } from '../support/network-client.js';
import { TestProxy } from '../support/test-proxy.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsEchoServer } from '../support/tls-echo-server.js';
import { TlsServer } from '../support/tls-server.js';
import { HTTP, TRANSPORTS, UNDICI, type TestTransport } from '../support/transports.js';
import { undiciAdapter } from '../../lib/undici/index.js';

interface Client {
  readonly app: TestingModule;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
}

/** Nobody listens there. */
const NOBODY = 'https://127.0.0.1:1/v1';
const BEHIND_PROXY = 'https://api.didomi.test/v1';
const TIMERS_OF_NODE = ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'];

const open: { stop(): Promise<void> | void }[] = [];
let restoreEnvironment: () => void;
let transport: TestTransport;

beforeEach(() => {
  restoreEnvironment = cleanEnvironment();
});

afterEach(async () => {
  jest.useRealTimers();
  for (const one of open.splice(0).toReversed()) await one.stop();
  restoreEnvironment();
});

function stopLater<T extends { stop(): Promise<void> | void }>(one: T): T {
  open.push(one);
  return one;
}

async function startProxy(scheme?: 'http' | 'https'): Promise<TestProxy> {
  return stopLater(await TestProxy.start(scheme));
}

async function startServer(): Promise<TlsServer> {
  return stopLater(await TlsServer.start());
}

/** An agent of the application that trusts the servers of these tests. */
function trustingAgent(): HttpsAgent {
  const agent = new HttpsAgent({ ca: TEST_CERTIFICATE });
  stopLater({ stop: () => agent.destroy() });
  return agent;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function proxyOf({ port }: TestProxy, scheme = 'http'): { protocol: string; host: string; port: number } {
  return { protocol: scheme, host: '127.0.0.1', port };
}

/**
 * @param loggedIn token requests are answered without a connection.
 * @param trusting the client trusts the servers of these tests, as it does with a `trustingAgent()`.
 */
async function start(
  { axios: { httpsAgent, ...axios } = {}, ...options }: Partial<DidomiModuleOptions> = {},
  { loggedIn = false, trusting = false } = {},
): Promise<Client> {
  const isTrusting = trusting || httpsAgent !== undefined;
  const all = {
    apiKey: 'key',
    apiSecret: 'secret',
    warmup: 'lazy',
    retry: false,
    axios:
      transport === UNDICI
        ? { adapter: undiciAdapter({ connect: isTrusting ? { ca: TEST_CERTIFICATE } : {} }), ...axios }
        : { httpsAgent, ...axios },
    ...options,
  } as DidomiModuleOptions;
  const adapter: AxiosAdapter = async (config) => {
    if (loggedIn && config.url === '/sessions') {
      return { status: 200, statusText: '', headers: {}, data: '{"access_token":"access-token"}', config };
    }
    if (transport === HTTP && trusting) (config.httpsAgent as HttpsAgent).options.ca = TEST_CERTIFICATE;
    return await transport.adapter(config);
  };
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] })
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(adapter)
    .compile();
  app.useLogger(false);
  await app.init();
  stopLater({ stop: () => app.close() });
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService) };
}

describe.each(TRANSPORTS)('over $name', (given) => {
  beforeEach(() => {
    transport = given;
  });

  describe('a plain http: base URL', () => {
    let didomi: FakeDidomi;
    let options: Partial<DidomiModuleOptions>;

    beforeEach(async () => {
      didomi = stopLater(await FakeDidomi.start({ rateLimit: false }));
      const { apiKey, apiSecret, baseURL } = didomi;
      options = { apiKey, apiSecret, baseURL } as Partial<DidomiModuleOptions>;
    });

    it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])('is not told to the proxy of %s', async (name) => {
      const proxy = await startProxy();
      process.env[name] = proxy.url;
      const { http } = await start(options);
      await http.axiosRef.get('/properties');
      didomi.revokeAccessTokens();
      await http.axiosRef.get(`${didomi.baseURL}/properties`);

      expect(proxy.forwarded).toEqual([]);
      expect(didomi.requests).toHaveLength(2 + 3);
    });
  });

  describe('the choice of a proxy for https:', () => {
    it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])('takes that of %s', async (name) => {
      const [proxy, server] = [await startProxy(), await startServer()];
      process.env[name] = proxy.url;
      proxy.leadsTo = server.port;
      const { http } = await start({ baseURL: BEHIND_PROXY, axios: { httpsAgent: trustingAgent() } });

      expect((await http.axiosRef.get('/properties')).data).toEqual({ path: '/v1/properties' });
      expect(server.paths).toEqual(['/v1/sessions', '/v1/properties']);
      expect(proxy.tunnels).toEqual(['api.didomi.test:443', 'api.didomi.test:443']);
      expect(proxy.forwarded).toEqual([]);
    });

    it.each(['trusting', 'own'])('leaves out what NO_PROXY names (%s agent)', async (agent) => {
      const proxy = await startProxy();
      process.env['HTTPS_PROXY'] = proxy.url;
      process.env['NO_PROXY'] = 'example.org,127.0.0.1';
      const axios = agent === 'own' ? {} : { httpsAgent: trustingAgent() };
      const { http } = await start({ baseURL: NOBODY, axios }, { loggedIn: true });

      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
      expect(proxy.tunnels).toEqual([]);
    });

    it('follows a change of the environment', async () => {
      const proxy = await startProxy();
      proxy.onConnect = (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const { http } = await start({ baseURL: NOBODY }, { loggedIn: true });
      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
      process.env['HTTPS_PROXY'] = proxy.url;
      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });

      expect(proxy.tunnels).toEqual(['127.0.0.1:1']);
    });

    it('takes none if the options say so, whatever the environment says', async () => {
      const proxy = await startProxy();
      process.env['HTTPS_PROXY'] = proxy.url;
      const { http } = await start({ baseURL: NOBODY, axios: { proxy: false } }, { loggedIn: true });

      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
      expect(proxy.tunnels).toEqual([]);
    });
  });

  describe('a tunnel', () => {
    it('has TLS with the server inside: a certificate that is not trusted is refused', async () => {
      const [proxy, server] = [await startProxy(), await startServer()];
      process.env['HTTPS_PROXY'] = proxy.url;
      const { http, auth } = await start({ baseURL: server.baseURL });

      expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
      const loggedIn = await start({ baseURL: server.baseURL }, { loggedIn: true });
      expect(await errorOf(loggedIn.http.axiosRef.get('/x'))).toMatchObject({ reason: 'tls' });
      expect(http).toBeDefined();
      expect(server.paths).toEqual([]);
    });

    it('can be asked for over TLS', async () => {
      const [proxy, server] = [await startProxy('https'), await startServer()];
      process.env['HTTPS_PROXY'] = proxy.url;
      const axios = { httpsAgent: trustingAgent() };
      const { http } = await start({ baseURL: server.baseURL, axios }, { loggedIn: true });
      await http.axiosRef.get('/x');
      await http.axiosRef.get('/x');

      // Undici may have two connections in turn.
      expect(proxy.tunnels.length).toBeLessThanOrEqual(transport === HTTP ? 1 : 2);
      expect(server.paths).toEqual(['/v1/x', '/v1/x']);
    });

    it('is not asked for from a proxy whose certificate is not trusted', async () => {
      const proxy = await startProxy('https');
      process.env['HTTPS_PROXY'] = proxy.url;
      const { http } = await start({ baseURL: BEHIND_PROXY }, { loggedIn: true });

      expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });
      expect(proxy.logins).toEqual([]);
    });
  });

  describe('the credentials of a proxy', () => {
    const USER = 'us:er@example';
    const PASSWORD = 'the-proxy-password-canary/%';
    const LOGIN = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

    it('are decoded and sent with CONNECT, and with nothing that goes through the tunnel', async () => {
      const [proxy, server] = [await startProxy(), await startServer()];
      const login = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;
      process.env['HTTPS_PROXY'] = `http://${login}@${proxy.address}`;
      const headers: object[] = [];
      const { http } = await start({ baseURL: server.baseURL, axios: { httpsAgent: trustingAgent() } });
      const { config } = await http.axiosRef.get('/x');
      headers.push(config.headers);

      expect(new Set(proxy.logins)).toEqual(new Set([LOGIN]));
      expect(findReachable(config, PASSWORD)).toBeUndefined();
      expect(findReachable(config, LOGIN)).toBeUndefined();
    });

    it('show up in no error, response or service', async () => {
      const [proxy, server] = [await startProxy(), await startServer()];
      const auth = { username: USER, password: PASSWORD };
      const axios = { httpsAgent: trustingAgent(), proxy: { ...proxyOf(proxy), auth } };
      const { http, auth: service } = await start({ baseURL: server.baseURL, axios });
      const response = await http.axiosRef.get('/x');
      proxy.onConnect = (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const error = await errorOf(Promise.all([http.axiosRef.get('/y'), http.axiosRef.get('/z')]));
      const refused = await start({ baseURL: server.baseURL, axios });
      const authenticationError = await errorOf(refused.auth.getAccessToken());

      expect(error).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });
      for (const text of [PASSWORD, LOGIN]) {
        for (const one of [response, error, authenticationError, http, service]) {
          expect(findReachable(one, text)).toBeUndefined();
        }
      }
    });
  });

  describe('a proxy that opens no tunnel', () => {
    const FORGED = '{"access_token":"forged","data":"forged"}';

    it.each([
      ['403', `HTTP/1.1 403 Forbidden\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`],
      ['407', 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n'],
      ['401', `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`],
      ['502', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
      ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: https://example.org/\r\n\r\n'],
      ['201', `HTTP/1.1 201 Created\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`],
      ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
      ['101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
      ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['200 with an answer of its own', `HTTP/1.1 200 OK\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`],
      ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
      ['nothing', ''],
      ['half a header', 'HTTP/1.1 200 O'],
      ['a header without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
    ])('but answers %s is not taken for Didomi', async (_name, answer) => {
      const proxy = await startProxy();
      process.env['HTTPS_PROXY'] = proxy.url;
      proxy.onConnect = (socket) => socket.end(answer);
      const { auth } = await start({ baseURL: BEHIND_PROXY });
      const { http } = await start({ baseURL: BEHIND_PROXY, retry: false }, { loggedIn: true });

      expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
      expect(await errorOf(http.axiosRef.get('/x', { validateStatus: () => true }))).toMatchObject({
        code: 'DIDOMI_TRANSPORT',
        systemCode: 'ERR_PROXY_TUNNEL',
      });
      expect(proxy.tunnels.length).toBeGreaterThanOrEqual(2);
      expect(new Set(proxy.tunnels)).toEqual(new Set(['api.didomi.test:443']));
      await until(() => proxy.sockets.size === 0);
    });

    it.each([
      ['socks5://user:the-password@127.0.0.1:1080'],
      ['http://user:the-password@:99999'],
      ['ftp://127.0.0.1'],
      ['not a url'],
    ])('because %s is none', async (url) => {
      process.env['HTTPS_PROXY'] = url;
      for (const axios of [{}, { httpsAgent: trustingAgent() }]) {
        const { http } = await start({ baseURL: BEHIND_PROXY, axios }, { loggedIn: true });
        const error = await errorOf(http.axiosRef.get('/x'));
        expect(error).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });
        expect(findReachable(error, 'the-password')).toBeUndefined();
      }
    });

    it('within ten seconds is given up, answered byte by byte or not at all', async () => {
      const proxy = await startProxy();
      process.env['HTTPS_PROXY'] = proxy.url;
      jest.useFakeTimers({ doNotFake: TIMERS_OF_NODE as never[] });
      for (const first of ['', 'HTTP/1.1 2']) {
        proxy.onConnect = (socket) => void socket.write(first);
        const { http } = await start({ baseURL: BEHIND_PROXY, timeoutMs: 60_000, retry: false }, { loggedIn: true });
        const [before, timers] = [proxy.tunnels.length, jest.getTimerCount()];
        const failed = errorOf(http.axiosRef.get('/x'));
        await until(() => proxy.tunnels.length > before);
        jest.advanceTimersByTime(9_999);
        await new Promise((resolve) => setImmediate(resolve));
        expect(proxy.sockets.size).toBe(1);
        jest.advanceTimersByTime(1);

        expect(await failed).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });
        await until(() => proxy.sockets.size === 0);
        // The one timer for the deadlines of all requests is left.
        expect(jest.getTimerCount()).toBe(timers + 1);
      }
    });

    it('leaves no connection after app.close()', async () => {
      const proxy = await startProxy();
      process.env['HTTPS_PROXY'] = proxy.url;
      proxy.onConnect = () => undefined;
      const clients = [
        await start({ baseURL: BEHIND_PROXY }, { loggedIn: true }),
        await start({ baseURL: BEHIND_PROXY, axios: { httpsAgent: trustingAgent() } }, { loggedIn: true }),
        await start({ baseURL: BEHIND_PROXY }),
      ];
      const end = new AbortController();
      const calls = clients.flatMap(({ http }) => [
        errorOf(http.axiosRef.get('/x')),
        errorOf(http.axiosRef.get('/x', { signal: end.signal })),
      ]);
      await until(() => proxy.sockets.size === 5);
      end.abort();

      await Promise.all(clients.map(({ app }) => app.close()));

      await until(() => proxy.sockets.size === 0);
      expect(await Promise.all(calls)).toHaveLength(6);
    });

    it('keeps nobody waiting once it works again', async () => {
      const [proxy, server] = [await startProxy(), await startServer()];
      const works = proxy.onConnect;
      const axios = { httpsAgent: trustingAgent(), proxy: proxyOf(proxy) };
      const { http } = await start({ baseURL: server.baseURL, axios }, { loggedIn: true });
      proxy.onConnect = (socket: Socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      await errorOf(http.axiosRef.get('/x'));
      proxy.onConnect = works;

      expect((await http.axiosRef.get('/x')).status).toBe(200);
    });
  });
});

/** Undici has neither, and refuses them. */
describe('over http, with agents or with a proxy of a single request', () => {
  beforeEach(() => {
    transport = HTTP;
  });

  describe('a plain http: base URL', () => {
    let didomi: FakeDidomi;
    let options: Partial<DidomiModuleOptions>;

    beforeEach(async () => {
      didomi = stopLater(await FakeDidomi.start({ rateLimit: false }));
      const { apiKey, apiSecret, baseURL } = didomi;
      options = { apiKey, apiSecret, baseURL } as Partial<DidomiModuleOptions>;
    });

    it('is reached through the proxy of the options, API and token requests alike', async () => {
      const [proxy, other] = [await startProxy(), await startProxy()];
      process.env['HTTP_PROXY'] = other.url;
      const auth = { username: 'user', password: 'password' };
      const { http } = await start({ ...options, axios: { proxy: { ...proxyOf(proxy), auth } } });
      await http.axiosRef.get('/properties');
      didomi.revokeAccessTokens();
      await http.axiosRef.get('/properties');

      expect(proxy.paths).toEqual([
        '/v1/sessions',
        '/v1/properties',
        '/v1/properties',
        '/v1/sessions',
        '/v1/properties',
      ]);
      const login = `Basic ${Buffer.from('user:password').toString('base64')}`;
      expect(new Set(proxy.logins)).toEqual(new Set([login]));
      expect(other.forwarded).toEqual([]);
    });

    it('is reached through the proxy of a request for that request alone', async () => {
      const proxy = await startProxy();
      const { http } = await start(options);
      await http.axiosRef.get('/properties', { proxy: proxyOf(proxy) });
      await http.axiosRef.get('/properties');

      expect(proxy.paths).toEqual(['/v1/properties']);
    });

    it('is reached directly by a request with `proxy: false`', async () => {
      const proxy = await startProxy();
      const { http } = await start({ ...options, axios: { proxy: proxyOf(proxy) } });
      await http.axiosRef.get('/properties', { proxy: false });
      await http.axiosRef.get('/properties');

      expect(proxy.paths).toEqual(['/v1/sessions', '/v1/properties']);
    });
  });

  it('takes that of the options before that of the environment, and that of a request before both', async () => {
    const [proxy, other, server] = [await startProxy(), await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
    const axios = { httpsAgent: trustingAgent(), proxy: proxyOf(proxy) };
    const { http } = await start({ baseURL: server.baseURL, axios });
    await http.axiosRef.get('/one');
    await http.axiosRef.get('/two', { proxy: proxyOf(other) });
    await http.axiosRef.get('/three', { proxy: false });

    expect(server.paths).toEqual(['/v1/sessions', '/v1/one', '/v1/two', '/v1/three']);
    expect(proxy.tunnels).toHaveLength(2);
    expect(other.tunnels).toHaveLength(1);
  });

  it('leaves it to an agent of the application that is a proxy agent', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = proxy.url;
    const httpsAgent = Object.assign(trustingAgent(), { proxy: new URL('http://proxy.example') });
    const { http } = await start({ baseURL: server.baseURL, axios: { httpsAgent } });
    await http.axiosRef.get('/properties');

    expect(proxy.tunnels).toEqual([]);
    expect(server.paths).toHaveLength(2);
  });

  it('leaves it to Node.js for an agent with `proxyEnv`, where Node.js can', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = proxy.url;
    const settings = { ca: TEST_CERTIFICATE, keepAlive: true, proxyEnv: { HTTPS_PROXY: proxy.url } };
    const httpsAgent = new HttpsAgent(settings);
    stopLater({ stop: () => httpsAgent.destroy() });
    const { http } = await start({ baseURL: server.baseURL, axios: { httpsAgent } }, { loggedIn: true });
    await http.axiosRef.get('/x');
    await http.axiosRef.get('/x');
    expect(proxy.tunnels).toHaveLength(1);

    await http.axiosRef.get('/x', { proxy: false });
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('reads nothing from a polluted Object.prototype', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    const polluted = {
      proxy: proxyOf(proxy),
      httpsAgent: new HttpsAgent(),
      httpAgent: new HttpsAgent(),
      hostname: 'x',
    };
    const { http } = await start({ baseURL: server.baseURL, axios: { httpsAgent: trustingAgent() } });
    Object.assign(Object.prototype, polluted);
    try {
      await http.axiosRef.get('/properties');
      await http.axiosRef.get('/properties', { proxy: proxyOf(proxy) });
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }
    expect(server.paths).toHaveLength(3);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('is opened once for many calls, with one TLS handshake', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = proxy.url;
    const { http } = await start({ baseURL: server.baseURL }, { trusting: true });
    for (let call = 0; call < 10; call += 1) await http.axiosRef.get('/properties');

    // Token requests have one of their own.
    expect(proxy.tunnels).toHaveLength(2);
    expect(server.connections).toBe(2);
    expect(server.paths).toHaveLength(11);
  });

  it.each(['options', 'request', 'environment'])(
    'is reused with a proxy of the %s and an agent of the application',
    async (origin) => {
      const [proxy, server] = [await startProxy(), await startServer()];
      const httpsAgent = trustingAgent();
      const given = (): object => (origin === 'environment' ? {} : { proxy: proxyOf(proxy) });
      if (origin === 'environment') process.env['HTTPS_PROXY'] = proxy.url;
      const axios = { httpsAgent, ...(origin === 'options' ? given() : {}) };
      const { http } = await start({ baseURL: server.baseURL, axios }, { loggedIn: true });
      for (let call = 0; call < 5; call += 1) await http.axiosRef.get('/x', origin === 'request' ? given() : {});

      expect(proxy.tunnels).toHaveLength(1);
      expect(server.connections).toBe(1);
    },
  );

  it('is kept for the last 256 proxies', () => {
    const agents = new DidomiAgents({}, BEHIND_PROXY);
    const agentFor = (user: number): object => {
      const auth = { username: `user-${user}`, password: '' };
      return agents.of({ proxy: { protocol: 'http', host: '127.0.0.1', port: 1, auth } }).httpsAgent;
    };
    const [first, ...others] = Array.from({ length: 257 }, (_, user) => agentFor(user));
    expect(agentFor(256)).toBe(others.at(-1));
    expect(agentFor(0)).not.toBe(first);
    agents.destroy();
  });

  it('survives TLS options that Node.js refuses', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    const axios = { httpsAgent: new HttpsAgent({ cert: 'no certificate' }), proxy: proxyOf(proxy) };
    const { http } = await start({ baseURL: server.baseURL, axios }, { loggedIn: true });

    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ code: 'DIDOMI_TRANSPORT' });
    await until(() => proxy.sockets.size === 0);
  });

  it('collects no more than 128 connections, however many calls are aborted', async () => {
    const proxy = await startProxy();
    process.env['HTTPS_PROXY'] = proxy.url;
    proxy.onConnect = () => undefined;
    const { http } = await start({ baseURL: BEHIND_PROXY }, { loggedIn: true });
    for (let round = 0; round < 2; round += 1) {
      const end = new AbortController();
      const calls = Array.from({ length: 128 }, () => errorOf(http.axiosRef.get('/x', { signal: end.signal })));
      await until(() => proxy.tunnels.length === 128);
      end.abort();
      await Promise.all(calls);
    }
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ systemCode: 'ERR_PROXY_TUNNEL' });
    expect(proxy.tunnels).toHaveLength(128);
  });

  it('is asked for as many tunnels as there are calls, with an agent of the application', async () => {
    const proxy = await startProxy();
    proxy.onConnect = () => undefined;
    const httpsAgent = new HttpsAgent({ maxSockets: 2 });
    const axios = { httpsAgent, proxy: proxyOf(proxy) };
    const { app, http } = await start({ baseURL: BEHIND_PROXY, axios }, { loggedIn: true });
    const calls = Array.from({ length: 150 }, () => errorOf(http.axiosRef.get('/x')));
    await until(() => proxy.tunnels.length === 150);
    await app.close();
    await Promise.all(calls);
    await until(() => proxy.sockets.size === 0);
    expect(proxy.tunnels).toHaveLength(150);
  });
});

describe('over undici', () => {
  const connect = { ca: TEST_CERTIFICATE };

  async function client(baseURL: string, axios: DidomiAxiosOptions): Promise<DidomiHttpService> {
    const { app, http } = await networkClient({ baseURL }, { axios });
    stopLater({ stop: () => app.close() });
    return http;
  }

  it('the proxy of the options opens tunnels for API and token requests, for plain http:, too, before that of the environment', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    const didomi = stopLater(
      await FakeDidomi.start({ rateLimit: false, apiKey: 'the-api-key-canary', apiSecret: 'the-api-secret-canary' }),
    );
    process.env['HTTPS_PROXY'] = process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    const auth = { username: 'user', password: 'password' };
    for (const baseURL of [server.baseURL, didomi.baseURL]) {
      const http = await client(baseURL, { adapter: undiciAdapter({ connect }), proxy: { ...proxyOf(proxy), auth } });
      expect((await http.axiosRef.get('/properties')).status).toBe(200);
    }
    const { port } = new URL(didomi.baseURL);
    expect(proxy.tunnels).toEqual([server.port, server.port, port, port].map((one) => `127.0.0.1:${one}`));
    expect(new Set(proxy.logins)).toEqual(new Set([`Basic ${Buffer.from('user:password').toString('base64')}`]));
    expect(proxy.forwarded).toEqual([]);
  });

  it('a tunnel is used again, with the TLS session of the first', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = proxy.url;
    const http = await client(server.baseURL, { adapter: undiciAdapter({ connect }) });
    for (let call = 0; call < 10; call += 1) await http.axiosRef.get('/properties');
    expect(proxy.tunnels.length).toBeLessThanOrEqual(3);
    expect(server.paths).toHaveLength(11);
  });

  it('a tunnel is opened for HTTP/2', async () => {
    const [proxy, server] = [await startProxy(), stopLater(await TlsEchoServer.start())];
    process.env['HTTPS_PROXY'] = proxy.url;
    const http = await client(server.baseURL, { adapter: undiciAdapter({ allowH2: true, connect }) });
    await Promise.all(Array.from({ length: 10 }, () => http.axiosRef.get('/properties')));
    expect(proxy.tunnels).toHaveLength(2);
    expect(new Set(server.requests.map(({ version }) => version))).toEqual(new Set(['2.0']));
  });

  it('a tunnel survives TLS options that Node.js refuses', async () => {
    const [proxy, server] = [await startProxy(), await startServer()];
    process.env['HTTPS_PROXY'] = proxy.url;
    const { app, clock, http } = await networkClient(server, {
      axios: { adapter: undiciAdapter({ connect: { cert: 'no certificate' } }) },
    });
    stopLater({ stop: () => app.close() });
    let isOver = false;
    const error = errorOf(http.axiosRef.get('/x')).finally(() => (isOver = true));
    while (!isOver) await clock.advance(1_000);
    expect(await error).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'unavailable' });
    await until(() => proxy.sockets.size === 0);
  });
});
