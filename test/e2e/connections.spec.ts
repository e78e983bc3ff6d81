import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { getAdapter, type AxiosAdapter } from 'axios';
import { Agent, createServer } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
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
let didomi: FakeDidomi;

beforeEach(async () => {
  didomi = await FakeDidomi.start({ rateLimit: false });
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const agent of agents.splice(0)) agent.destroy();
  await didomi.stop();
});

async function start(options: Partial<DidomiModuleOptions> = {}): Promise<Client> {
  const { apiKey, apiSecret, baseURL } = didomi;
  const all = { apiKey, apiSecret, baseURL, warmup: 'lazy', retry: false, ...options } as DidomiModuleOptions;
  const used = { api: new Set<Agent>(), tokens: new Set<Agent>() };
  const node = getAdapter('http');
  const adapter: AxiosAdapter = (config) => {
    const isSecure = config.baseURL?.startsWith('https:');
    (config.url === '/sessions' ? used.tokens : used.api).add(
      (isSecure ? config.httpsAgent : config.httpAgent) as Agent,
    );
    return node(config);
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

describe('an idle connection', () => {
  it('is kept for a minute, so that a pause of more than 5 s costs no new one', async () => {
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

  it('is closed after that minute', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    const [socket] = socketsOf(only(used.api)).idle;

    // What Node.js does then; a test cannot fake the timers of its sockets.
    socket?.emit('timeout');

    expect(socket?.destroyed).toBe(true);
    await http.axiosRef.get('/properties');
    expect(didomi.connections).toBe(3);
  });

  it('is closed sooner if the server announces a shorter keep-alive timeout', async () => {
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

  it('keeps its TCP keep-alive settings, which would otherwise be changed twice per request', async () => {
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

  it('does not keep the process alive', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    const [socket] = socketsOf(only(used.api)).idle as (Socket & { _handle?: { hasRef(): boolean } })[];
    expect(socket?._handle?.hasRef()).toBe(false);
  });
});

describe('the library’s own agents', () => {
  it('open at most 128 connections for API requests; further requests wait', async () => {
    const { http, used } = await start();
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const end = new AbortController();
    const requests = Array.from({ length: 200 }, () => errorOf(http.axiosRef.get('/x', { signal: end.signal })));
    await until(() => didomi.apiRequests === 1 + 128);

    const agent = only(used.api);
    expect(socketsOf(agent).busy).toHaveLength(128);
    // They wait in front of the agent, where no timeout runs and each can still be aborted.
    expect(Object.values(agent.requests).flat()).toHaveLength(0);
    expect(didomi.connections).toBe(129);
    end.abort();
    const errors = await Promise.all(requests);
    const attempts = errors.map((error) => (error as DidomiTransportError).attempts);
    expect(attempts).toEqual([...Array<number>(128).fill(1), ...Array<number>(72).fill(0)]);
    expect(didomi.apiRequests).toBe(1 + 128);
  });

  it('are separate for token requests, which 200 hanging API requests do not delay', async () => {
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

  it('are separate for each client', async () => {
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

  it('are used for the request that brings them, its replay and retry included, and for no other', async () => {
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

  it('no idle connection stays open until its timeout', async () => {
    const { app, http, used } = await start();
    await Promise.all(Array.from({ length: 10 }, () => http.axiosRef.get('/properties')));
    const { idle } = socketsOf(only(used.api));
    expect(idle).toHaveLength(10);
    expect(socketsOf(only(used.tokens)).idle).toHaveLength(1);
    idle.push(...socketsOf(only(used.tokens)).idle);

    await app.close();

    expect(idle.filter(({ destroyed }) => !destroyed)).toEqual([]);
  });

  it('no request waits in the agents of the application either', async () => {
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
