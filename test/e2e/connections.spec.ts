import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { getAdapter, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  type DidomiTransportError,
  getDidomiHttpAdapterToken,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { FakeDidomi } from '../../lib/testing/index.js';
import { afterTest } from '../support/after-test.js';
import { errorOf } from '../support/error-of.js';

interface Client {
  readonly app: TestingModule;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
  /** The agents that API requests and token requests were sent with. */
  readonly used: { readonly api: Set<Agent>; readonly tokens: Set<Agent> };
}

const apps: TestingModule[] = [];
const agents: (Agent | HttpsAgent)[] = [];
const proxies: Proxy[] = [];
let didomi: FakeDidomi;

beforeEach(async () => {
  didomi = await FakeDidomi.start({ rateLimit: false });
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const agent of agents.splice(0)) agent.destroy();
  for (const proxy of proxies.splice(0)) await proxy.stop();
  await didomi.stop();
});

/** @param loggedIn token requests are answered without a connection. */
async function start(options: Partial<DidomiModuleOptions> = {}, { loggedIn = false } = {}): Promise<Client> {
  const { apiKey, apiSecret, baseURL } = didomi;
  const all = { apiKey, apiSecret, baseURL, warmup: 'lazy', retry: false, ...options } as DidomiModuleOptions;
  const used = { api: new Set<Agent>(), tokens: new Set<Agent>() };
  const node = getAdapter('http');
  const adapter: AxiosAdapter = (config) => {
    const isSecure = config.baseURL?.startsWith('https:');
    (config.url === '/sessions' ? used.tokens : used.api).add(
      (isSecure ? config.httpsAgent : config.httpAgent) as Agent,
    );
    return loggedIn && config.url === '/sessions' ? loggedInAs('access-token', config) : node(config);
  };
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] })
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(adapter)
    .compile();
  app.useLogger(false);
  await app.init();
  apps.push(app);
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService), used };
}

async function loggedInAs(accessToken: string, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const data = JSON.stringify({ access_token: accessToken });
  return { status: 200, statusText: '', headers: {}, data, config };
}

function keep<T extends Agent | HttpsAgent>(agent: T): T {
  agents.push(agent);
  return agent;
}

function only<T>(items: Iterable<T>): T {
  const [first, ...more] = items;
  expect(more).toEqual([]);
  return first!;
}

/** The sockets of an agent that wait for a request, and those that are in use. */
function socketsOf({ freeSockets, sockets }: Agent): { idle: Socket[]; busy: Socket[] } {
  const list = (map: NodeJS.ReadOnlyDict<Socket[]>): Socket[] => Object.values(map).flatMap((some) => some ?? []);
  return { idle: list(freeSockets), busy: list(sockets) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** A proxy as HTTP has it, for http: and, by a tunnel, for https:. */
class Proxy {
  readonly forwarded: string[] = [];
  readonly tunnels: string[] = [];
  readonly logins: (string | undefined)[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (incoming, outgoing) => {
      const { method, headers, url = '' } = incoming;
      this.forwarded.push(url);
      this.logins.push(headers['proxy-authorization']);
      const onward = httpRequest(url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex) => {
      this.tunnels.push(url);
      // Where it would lead to does not matter here.
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
  }

  static async start(): Promise<Proxy> {
    const proxy = new Proxy(createServer());
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxies.push(proxy);
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The paths of what was forwarded. */
  get paths(): string[] {
    return this.forwarded.map((url) => new URL(url).pathname);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('an idle connection', () => {
  it('is kept for a minute, so that a lull of more than 5 s costs no new one', async () => {
    const { http, auth, used } = await start();
    await http.axiosRef.get('/properties');

    for (const agent of [only(used.api), only(used.tokens)]) {
      const { idle, busy } = socketsOf(agent);
      expect(busy).toEqual([]);
      // Node's own agents have 5 s here.
      expect(idle.map(({ timeout, destroyed }) => ({ timeout, destroyed }))).toEqual([
        { timeout: 60_000, destroyed: false },
      ]);
    }
    expect(didomi.connections).toBe(2);
    await http.axiosRef.get('/properties');
    await auth.refresh();
    expect(didomi.connections).toBe(2);
  });

  it('is closed once that minute is over', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    const [socket] = socketsOf(only(used.api)).idle;

    // What Node.js does then; its timers of sockets are none that a test can move on.
    socket?.emit('timeout');

    expect(socket?.destroyed).toBe(true);
    await http.axiosRef.get('/properties');
    expect(didomi.connections).toBe(3);
  });

  it('is given up sooner if the server says that it will', async () => {
    const server = createServer({ keepAliveTimeout: 20_000 }, (_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end('{"access_token":"access-token"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterTest(() => server.close().closeAllConnections());
    const { http, used } = await start({ baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
    await http.axiosRef.get('/properties');

    const [socket] = socketsOf(only(used.api)).idle;
    expect(socket?.timeout).toBeLessThanOrEqual(20_000);
    expect(socket?.timeout).toBeGreaterThan(5_000);
  });

  it('keeps its TCP probes as they are, which the system would otherwise change twice a request', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    const [socket] = socketsOf(only(used.api)).idle as (Socket & { _handle: { setKeepAlive(): number } })[];
    let changes = 0;
    socket!._handle.setKeepAlive = () => {
      changes += 1;
      return 0;
    };
    await http.axiosRef.get('/properties');
    await http.axiosRef.get('/properties');
    expect(changes).toBe(0);
    expect(didomi.connections).toBe(2);
  });

  it('does not hold the process', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    const [socket] = socketsOf(only(used.api)).idle as (Socket & { _handle?: { hasRef(): boolean } })[];
    expect(socket?._handle?.hasRef()).toBe(false);
  });
});

describe('the library’s own agents', () => {
  it('open at most 128 connections for API requests, and let the others wait', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const end = new AbortController();
    const requests = Array.from({ length: 200 }, () => errorOf(http.axiosRef.get('/x', { signal: end.signal })));
    await until(() => didomi.apiRequests === 1 + 128);

    const agent = only(used.api);
    expect(socketsOf(agent).busy).toHaveLength(128);
    // They wait in front of the agent, where no timeout runs and each can still be given up.
    expect(Object.values(agent.requests).flat()).toHaveLength(0);
    expect(didomi.connections).toBe(129);
    end.abort();
    const errors = await Promise.all(requests);
    const attempts = errors.map((error) => (error as DidomiTransportError).attempts);
    expect(attempts).toEqual([...Array<number>(128).fill(1), ...Array<number>(72).fill(0)]);
    expect(didomi.apiRequests).toBe(1 + 128);
  });

  it('are others for token requests, which pass 200 API requests that hang', async () => {
    const { http, auth, used } = await start();
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const end = new AbortController();
    const requests = Array.from({ length: 200 }, () => errorOf(http.axiosRef.get('/x', { signal: end.signal })));
    await until(() => didomi.apiRequests === 1 + 128);

    await auth.refresh();

    expect(didomi.tokenRequests).toBe(2);
    expect(only(used.tokens)).not.toBe(only(used.api));
    end.abort();
    await Promise.all(requests);
  });

  it('are others for each client', async () => {
    const [one, two] = [await start(), await start()];
    for (const { http } of [one, two]) await http.axiosRef.get('/properties');
    expect(only(one.used.api)).not.toBe(only(two.used.api));
  });

  it('verify certificates, as Node.js does by default', async () => {
    const { auth, used } = await start({ baseURL: 'https://127.0.0.1:1/v1' });
    await errorOf(auth.getAccessToken());
    const agent = only(used.tokens) as HttpsAgent;
    expect(agent).toBeInstanceOf(HttpsAgent);
    expect(agent.options).toMatchObject({ keepAlive: true, maxSockets: 128, timeout: 60_000 });
    expect(agent.options.rejectUnauthorized).toBeUndefined();
  });
});

describe('agents of the application', () => {
  it('are used for API requests and token requests, replays and retries, and stay open', async () => {
    const httpAgent = keep(new Agent({ keepAlive: true }));
    const destroy = jest.spyOn(httpAgent, 'destroy');
    const { app, http, used } = await start({ axios: { httpAgent }, retry: { maxAttempts: 2 } });
    await http.axiosRef.get('/properties');
    didomi.revokeAccessTokens();
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { status: 429, headers: { 'Retry-After': '0' } }, { times: 1 });
    await http.axiosRef.get('/properties');

    expect(didomi.apiRequests).toBe(5);
    expect(didomi.tokenRequests).toBe(2);
    expect(only(used.api)).toBe(httpAgent);
    expect(only(used.tokens)).toBe(httpAgent);
    await app.close();
    expect(destroy).not.toHaveBeenCalled();
    expect(socketsOf(httpAgent).idle.filter(({ destroyed }) => !destroyed)).not.toHaveLength(0);
  });

  it('are used for one request, its replay and its retry included, and for no other', async () => {
    const httpAgent = keep(new Agent({ keepAlive: true }));
    const destroy = jest.spyOn(httpAgent, 'destroy');
    const { app, http, used } = await start({ retry: { maxAttempts: 2 } });
    await http.axiosRef.get('/properties');
    const own = only(used.api);
    used.api.clear();
    didomi.revokeAccessTokens();
    didomi.script('api-requests', { status: 429, headers: { 'Retry-After': '0' } }, { times: 1 });
    await http.axiosRef.get('/properties', { httpAgent });

    expect(only(used.api)).toBe(httpAgent);
    expect(didomi.apiRequests).toBe(1 + 3);
    used.api.clear();
    await http.axiosRef.get('/properties');
    expect(only(used.api)).toBe(own);
    expect(only(used.tokens)).not.toBe(httpAgent);
    await app.close();
    expect(destroy).not.toHaveBeenCalled();
  });

  it('are used for https: as well', async () => {
    const httpsAgent = keep(new HttpsAgent());
    const { auth, used } = await start({ baseURL: 'https://127.0.0.1:1/v1', axios: { httpsAgent } });
    await errorOf(auth.getAccessToken());
    expect(only(used.tokens)).toBe(httpsAgent);
  });
});

describe('a proxy', () => {
  const NAMES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  let before: NodeJS.ProcessEnv;

  beforeEach(() => {
    before = { ...process.env };
    for (const name of NAMES) delete process.env[name];
  });

  afterEach(() => {
    for (const name of NAMES) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  /** Nobody listens there. */
  const NOBODY = 'https://127.0.0.1:1/v1';

  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
    'of the environment (%s) gets nothing that goes to this machine in clear',
    async (name) => {
      const proxy = await Proxy.start();
      process.env[name] = proxy.url;
      const { http } = await start();
      await http.axiosRef.get('/properties');
      didomi.revokeAccessTokens();
      await http.axiosRef.get(`${didomi.baseURL}/properties`);

      expect(proxy.forwarded).toEqual([]);
      expect(didomi.requests).toHaveLength(2 + 3);
    },
  );

  it.each(['HTTPS_PROXY', 'https_proxy'])(
    'of the environment (%s) is used by tunnels, which show neither request nor secret',
    async (name) => {
      const proxy = await Proxy.start();
      process.env[name] = proxy.url;
      const baseURL = 'https://api.didomi.test/v1';
      const { auth } = await start({ baseURL });
      const { http } = await start({ baseURL }, { loggedIn: true });

      expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
      expect(new Set(proxy.tunnels)).toEqual(new Set(['api.didomi.test:443']));
      proxy.tunnels.length = 0;
      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ status: 502 });
      expect(proxy.tunnels).toEqual(['api.didomi.test:443']);
      expect(proxy.forwarded).toEqual([]);
    },
  );

  it('of the environment is not used for what NO_PROXY names', async () => {
    const proxy = await Proxy.start();
    process.env['HTTPS_PROXY'] = proxy.url;
    process.env['NO_PROXY'] = 'example.org,127.0.0.1';
    const { http } = await start({ baseURL: NOBODY }, { loggedIn: true });

    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
    expect(proxy.tunnels).toEqual([]);
  });

  it('of the environment may come and go', async () => {
    const proxy = await Proxy.start();
    const { http } = await start({ baseURL: NOBODY }, { loggedIn: true });
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
    process.env['HTTPS_PROXY'] = proxy.url;
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ status: 502 });

    expect(proxy.tunnels).toEqual(['127.0.0.1:1']);
  });

  it('of the options is used for API and token requests, rather than that of the environment', async () => {
    const [proxy, other] = [await Proxy.start(), await Proxy.start()];
    process.env['HTTP_PROXY'] = other.url;
    const auth = { username: 'user', password: 'password' };
    const { http } = await start({
      axios: { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port, auth } },
    });
    await http.axiosRef.get('/properties');
    didomi.revokeAccessTokens();
    await http.axiosRef.get('/properties');

    expect(proxy.paths).toEqual(['/v1/sessions', '/v1/properties', '/v1/properties', '/v1/sessions', '/v1/properties']);
    const login = `Basic ${Buffer.from('user:password').toString('base64')}`;
    expect(new Set(proxy.logins)).toEqual(new Set([login]));
    expect(other.forwarded).toEqual([]);
  });

  it('of a request is used for it alone', async () => {
    const proxy = await Proxy.start();
    const { http } = await start();
    await http.axiosRef.get('/properties', { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } });
    await http.axiosRef.get('/properties');

    expect(proxy.paths).toEqual(['/v1/properties']);
  });

  it('is not used if the options say so, whatever the environment says', async () => {
    const proxy = await Proxy.start();
    process.env['HTTPS_PROXY'] = proxy.url;
    const { http } = await start({ baseURL: NOBODY, axios: { proxy: false } }, { loggedIn: true });

    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'refused' });
    expect(proxy.tunnels).toEqual([]);
  });

  it('is not used for one request if that says so', async () => {
    const proxy = await Proxy.start();
    const { http } = await start({ axios: { proxy: { protocol: 'http', host: '127.0.0.1', port: proxy.port } } });
    await http.axiosRef.get('/properties', { proxy: false });
    await http.axiosRef.get('/properties');

    expect(proxy.paths).toEqual(['/v1/sessions', '/v1/properties']);
  });
});

describe('after app.close()', () => {
  it('no socket is open, idle or in use, and no request waits', async () => {
    const { app, http, auth, used } = await start();
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    didomi.script('token-requests', { hang: true });
    const open = [...Array.from({ length: 150 }, () => errorOf(http.axiosRef.get('/x'))), errorOf(auth.refresh())];
    await until(() => didomi.apiRequests === 1 + 128 && didomi.tokenRequests === 2);
    const all = [only(used.api), only(used.tokens)];
    const sockets = all.map(socketsOf).flatMap(({ idle, busy }) => [...idle, ...busy]);
    expect(sockets).toHaveLength(129);

    await app.close();
    await Promise.all(open);

    expect(sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
    await until(() => all.map(socketsOf).every(({ idle, busy }) => idle.length + busy.length === 0));
    expect(all.flatMap(({ requests }) => Object.values(requests).flat())).toEqual([]);
  });

  it('no idle connection is left to its minute', async () => {
    const { app, http, used } = await start();
    await Promise.all(Array.from({ length: 10 }, () => http.axiosRef.get('/properties')));
    const { idle } = socketsOf(only(used.api));
    expect(idle).toHaveLength(10);
    expect(socketsOf(only(used.tokens)).idle).toHaveLength(1);
    idle.push(...socketsOf(only(used.tokens)).idle);

    await app.close();

    expect(idle.filter(({ destroyed }) => !destroyed)).toEqual([]);
  });

  it('nothing waits on the agents of the application either', async () => {
    const httpAgent = keep(new Agent({ keepAlive: true, maxSockets: 2 }));
    const { app, http } = await start({ axios: { httpAgent } });
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const open = Array.from({ length: 5 }, () => errorOf(http.axiosRef.get('/x')));
    await until(() => didomi.apiRequests === 1 + 2);

    await app.close();

    for (const error of await Promise.all(open)) expect(error).toMatchObject({ reason: 'closed' });
    await until(() => socketsOf(httpAgent).busy.length === 0);
    expect(Object.values(httpAgent.requests).flat()).toEqual([]);
    expect(didomi.apiRequests).toBe(1 + 2);
  });
});
