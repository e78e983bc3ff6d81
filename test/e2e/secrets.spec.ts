import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger, Controller, Get, type INestApplication, Logger } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import axios, {
  AxiosError,
  AxiosHeaders,
  type AxiosResponse,
  type CancelTokenSource,
  type InternalAxiosRequestConfig,
} from 'axios';
import { getEventListeners } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { format, inspect } from 'node:util';
import { pino, stdSerializers } from 'pino';
import { firstValueFrom, type Observable } from 'rxjs';
import request from 'supertest';
import {
  DidomiAuthService,
  DidomiClock,
  DidomiExceptionFilter,
  DidomiHttpService,
  DidomiModule,
  getDidomiHttpAdapterToken,
  isDidomiError,
  type DidomiModuleOptions,
  type DidomiRequestConfig,
} from '../../lib/index.js';
import { DIDOMI_OPTIONS } from '../../lib/didomi.module-definition.js';
import { FakeDidomi, type FakeDidomiFault, type FakeDidomiRequest } from '../../lib/testing/index.js';
import { findReachable } from '../support/find-reachable.js';
import { errorOf } from '../support/error-of.js';

const API_KEY = 'canary-api-key';
const API_SECRET = 'canary-api-secret';
const PROXY_PASSWORD = 'canary-proxy-password';
const PROXY_LOGIN = Buffer.from(`user:${PROXY_PASSWORD}`).toString('base64');

interface Client {
  readonly app: TestingModule;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
}

let didomi: FakeDidomi;
let proxy: Server;
let agents: Agent[];
let apps: { close(): Promise<void> }[];

beforeEach(async () => {
  didomi = await FakeDidomi.start({ apiKey: API_KEY, apiSecret: API_SECRET });
  proxy = await startProxy();
  agents = [];
  apps = [];
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const app of apps) await app.close();
  for (const agent of agents) agent.destroy();
  await didomi.stop();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

/** The ways to set up a client, with what may be secret in them: an agent shows the headers of the requests it serves. */
const SET_UPS: Readonly<
  Record<string, () => { options?: Partial<DidomiModuleOptions>; config?: DidomiRequestConfig }>
> = {
  'the defaults': () => ({}),
  'agents in the options': () => ({ options: { axios: { httpAgent: newAgent() } } }),
  'agents in the options and with each request': () => ({
    options: { axios: { httpAgent: newAgent() } },
    config: { httpAgent: newAgent() },
  }),
  'a proxy in the options': () => ({ options: { axios: { proxy: proxyWithPassword() } } }),
  'a proxy with each request': () => ({ config: { proxy: proxyWithPassword() } }),
};

function newAgent(): Agent {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return agent;
}

function proxyWithPassword(port = (proxy.address() as AddressInfo).port) {
  return { protocol: 'http', host: '127.0.0.1', port, auth: { username: 'user', password: PROXY_PASSWORD } };
}

async function start(options: Partial<DidomiModuleOptions> = {}): Promise<Client> {
  const credentials = options.credentials === undefined ? { apiKey: API_KEY, apiSecret: API_SECRET } : {};
  const defaults = { baseURL: didomi.baseURL, warmup: 'lazy', retry: false, maxTokenRequestsPerMinute: 1_000 };
  const all = { ...credentials, ...defaults, ...options } as DidomiModuleOptions;
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] }).compile();
  app.useLogger(false);
  await app.init();
  apps.push(app);
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService) };
}

/** A proxy as HTTP has it: the request line holds the whole URL. */
async function startProxy(): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming;
    const { 'proxy-authorization': _, ...others } = headers;
    const onward = httpRequest(url, { method, headers: others }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Everything that nobody may see. */
function canaries(): string[] {
  const accessTokens = didomi.requests.flatMap(({ headers }) => headers.authorization?.split(' ').slice(1) ?? []);
  const signatures = accessTokens.flatMap((accessToken) => accessToken.split('.').slice(2));
  return [API_KEY, API_SECRET, PROXY_PASSWORD, PROXY_LOGIN, ...new Set([...accessTokens, ...signatures])];
}

/** What a process writes to its console while something runs. */
function captureConsole(): () => string {
  let text = '';
  const write = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(write));
  return () => {
    for (const spy of spies) spy.mockRestore();
    return text;
  };
}

function printedBy(logger: ConsoleLogger, value: unknown): string {
  const stop = captureConsole();
  // Nest's logger calls a function and prints what it returns.
  logger.error(typeof value === 'function' ? [value] : value);
  logger.error('it failed', [value]);
  logger.error({ err: value });
  logger.warn([value], 'a context');
  logger.log([value]);
  if (value instanceof Error) logger.error(value.message, value.stack);
  return stop();
}

function printedByPino(value: unknown): string {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  for (const serializers of [undefined, stdSerializers]) {
    const logger = pino({ ...(serializers && { serializers }) }, destination);
    logger.error({ err: value });
    logger.info({ res: value, req: (value as { config?: unknown }).config });
    logger.error(value, 'it failed');
    logger.info({ nested: { value } });
  }
  return text;
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    const seen = new WeakSet();
    return JSON.stringify(value, (_key, part: unknown) => {
      if (typeof part !== 'object' || part === null) return part;
      if (seen.has(part)) return '[circular]';
      seen.add(part);
      return part;
    });
  }
}

function clone(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

const DEEP = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null } as const;

/** All the ways in which something gets into a log. */
const PRINTERS: Readonly<Record<string, (value: unknown) => string>> = {
  inspect: (value) => inspect(value, DEEP),
  'inspect with getters': (value) => inspect(value, { ...DEEP, getters: true }),
  'inspect of a wrapper': (value) => inspect(new AggregateError([value], 'many', { cause: value }), DEEP),
  format: (value) => format('%s %o %O %j', value, value, value, clone(value)),
  JSON: (value) => json(value) + json({ ...(value as object) }),
  text: (value) => (value instanceof Error ? `${String(value)} ${value.stack}` : ''),
  'a clone': (value) => inspect(clone(value), DEEP) + json(clone(value)),
  'the logger in text': (value) => printedBy(new ConsoleLogger({ colors: false }), value),
  'the logger in text, deep': (value) => printedBy(new ConsoleLogger({ colors: false, depth: 20 }), value),
  'the logger in JSON': (value) => printedBy(new ConsoleLogger({ json: true, colors: false }), value),
  pino: printedByPino,
};

/** Where a secret shows, and by what; nothing at all if the library does what it promises. */
function leaksOf(value: unknown): string[] {
  const secrets = canaries();
  const printed = Object.entries(PRINTERS).flatMap(([printer, print]) => {
    const text = print(value);
    return secrets.filter((secret) => text.includes(secret)).map((secret) => `${printer}: ${secret}`);
  });
  return [...printed, ...reachable(value)];
}

/** Where a printer could come to a secret. Much quicker than to try them all, so good for every single verb. */
function reachable(value: unknown): string[] {
  return canaries().flatMap((secret) => findReachable(value, secret) ?? []);
}

type Send = (http: DidomiHttpService, url: string, config: DidomiRequestConfig) => Promise<unknown>;

function observable(send: (...args: Parameters<Send>) => Observable<unknown>): Send {
  return (...args) => firstValueFrom(send(...args));
}

/** Every way to send a request. */
const VERBS: Readonly<Record<string, Send>> = {
  'axiosRef()': ({ axiosRef }, url, config) => axiosRef({ ...config, url }),
  'axiosRef(url)': ({ axiosRef }, url, config) => axiosRef(url, config),
  'axiosRef.request': ({ axiosRef }, url, config) => axiosRef.request({ ...config, url }),
  'axiosRef.get': ({ axiosRef }, url, config) => axiosRef.get(url, config),
  'axiosRef.delete': ({ axiosRef }, url, config) => axiosRef.delete(url, config),
  'axiosRef.head': ({ axiosRef }, url, config) => axiosRef.head(url, config),
  'axiosRef.options': ({ axiosRef }, url, config) => axiosRef.options(url, config),
  'axiosRef.post': ({ axiosRef }, url, config) => axiosRef.post(url, { a: 1 }, config),
  'axiosRef.put': ({ axiosRef }, url, config) => axiosRef.put(url, 'text', config),
  'axiosRef.patch': ({ axiosRef }, url, config) => axiosRef.patch(url, Buffer.from('bytes'), config),
  'axiosRef.post of a stream': ({ axiosRef }, url, config) => axiosRef.post(url, Readable.from(['a', 'b']), config),
  'axiosRef.postForm': ({ axiosRef }, url, config) => axiosRef.postForm(url, { a: 1 }, config),
  'axiosRef.putForm': ({ axiosRef }, url, config) => axiosRef.putForm(url, { a: 1 }, config),
  'axiosRef.patchForm': ({ axiosRef }, url, config) => axiosRef.patchForm(url, { a: 1 }, config),
  request: observable((http, url, config) => http.request({ ...config, url })),
  get: observable((http, url, config) => http.get(url, config)),
  delete: observable((http, url, config) => http.delete(url, config)),
  head: observable((http, url, config) => http.head(url, config)),
  post: observable((http, url, config) => http.post(url, { a: 1 }, config)),
  put: observable((http, url, config) => http.put(url, { a: 1 }, config)),
  patch: observable((http, url, config) => http.patch(url, { a: 1 }, config)),
  postForm: observable((http, url, config) => http.postForm(url, { a: 1 }, config)),
  putForm: observable((http, url, config) => http.putForm(url, { a: 1 }, config)),
  patchForm: observable((http, url, config) => http.patchForm(url, { a: 1 }, config)),
};

interface Failure {
  readonly options?: Partial<DidomiModuleOptions>;
  readonly url?: string;
  readonly config?: () => DidomiRequestConfig;
  /** Before the first request. */
  readonly script?: () => void;
  /** After an access token was got. */
  readonly loggedIn?: (client: Client) => Promise<unknown> | void;
  readonly expected: object;
  /** Nothing is wrong with an answer that has no body. */
  readonly isOfBody?: true;
}

function api(fault: FakeDidomiFault): () => void {
  return () => void didomi.script('api-requests', fault);
}

function tokens(fault: FakeDidomiFault): () => void {
  return () => void didomi.script('token-requests', fault);
}

/** What a server with a careless error page answers: the request. */
function echoOf({ headers, body }: FakeDidomiRequest) {
  const { authorization = '' } = headers;
  const accessToken = authorization.slice(7);
  return { authorization, accessToken, list: [{ [accessToken]: authorization }], body };
}

function echoing(status: number): FakeDidomiFault {
  return (received) => {
    const errors = echoOf(received);
    return { status, body: { code: status, name: errors.accessToken, message: JSON.stringify(errors), errors } };
  };
}

function echoingText(status: number, contentType: string): FakeDidomiFault {
  return (received) => ({
    status,
    body: `<${JSON.stringify(echoOf(received))}>`.slice(contentType === 'text/html' ? 0 : 1),
    headers: { 'Content-Type': contentType, 'X-Echo': String(received.headers.authorization) },
  });
}

const API = { code: 'DIDOMI_API' };

const FAILURES: Readonly<Record<string, Failure>> = {
  'a 404': { script: api({ status: 404 }), expected: { ...API, status: 404 } },
  'a 400 that echoes the request': { script: api(echoing(400)), expected: { ...API, status: 400 } },
  'a 401 that echoes the request': { script: api(echoing(401)), expected: { ...API, status: 401 } },
  'a 403 that echoes the request': { script: api(echoing(403)), expected: { ...API, status: 403 } },
  'a 429': {
    script: api({ status: 429, headers: { 'Retry-After': '3600' } }),
    expected: { status: 429, retryAfterMs: 3_600_000 },
  },
  'a 500 that echoes the request': { script: api(echoing(500)), expected: { ...API, status: 500 } },
  'a 502 in HTML': { script: api({ html: true }), expected: { ...API, status: 502, contentType: 'text/html' } },
  'HTML that echoes the request': { script: api(echoingText(502, 'text/html')), expected: { ...API, status: 502 } },
  'text that echoes the request': { script: api(echoingText(503, 'text/plain')), expected: { ...API, status: 503 } },
  'an error without a body': { script: api({ status: 500, body: '' }), expected: { ...API, status: 500 } },
  'an error as a stream': {
    script: api(echoing(500)),
    config: () => ({ responseType: 'stream' }),
    expected: { ...API, status: 500 },
  },
  'an error as bytes': {
    script: api(echoing(500)),
    config: () => ({ responseType: 'arraybuffer' }),
    expected: { ...API, status: 500 },
  },
  'a redirect': { script: api({ redirectTo: 'http://127.0.0.1:1/' }), expected: { ...API, status: 307 } },
  'an answer that cannot be read': {
    script: api(echoingText(200, 'application/json')),
    config: () => ({ responseType: 'json', transitional: { silentJSONParsing: false } }),
    expected: { ...API, status: 200 },
    isOfBody: true,
  },
  'an answer that is too large': {
    script: api({ status: 200, body: 'x'.repeat(2_000) }),
    config: () => ({ maxContentLength: 1_000 }),
    expected: { code: 'DIDOMI_TRANSPORT' },
    isOfBody: true,
  },
  'a reset connection': { script: api({ reset: true }), expected: { code: 'DIDOMI_TRANSPORT', reason: 'reset' } },
  'a refused connection': {
    loggedIn: () => Promise.all([didomi.stop(), new Promise((resolve) => proxy.close(resolve).closeAllConnections())]),
    // Or reset, where an agent still has a connection of before.
    expected: { code: 'DIDOMI_TRANSPORT' },
  },
  'a refused proxy': {
    config: () => ({ proxy: proxyWithPassword(1) }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'refused' },
  },
  'a proxy that makes no sense': {
    config: () => ({ proxy: { ...proxyWithPassword(), auth: { password: '', username: '', note: PROXY_PASSWORD } } }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'a timeout': {
    script: api({ hang: true }),
    config: () => ({ timeout: 20 }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'timeout' },
  },
  'an abort': {
    script: api({ hang: true }),
    config: () => ({ signal: AbortSignal.timeout(20) }),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted' },
  },
  'a foreign host': { url: 'http://127.0.0.1:1/v1/properties', expected: { code: 'DIDOMI_REQUEST' } },
  'a password in the url': {
    config: () => ({ baseURL: didomi.baseURL.replace('//', `//user:${PROXY_PASSWORD}@`) }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'an option that does not exist': {
    config: () => ({ didomi: { apiSecret: API_SECRET } }) as DidomiRequestConfig,
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'a query that cannot be written': {
    // Names of parameters are told, so that the caller finds the mistake; values are not.
    config: () => ({
      params: { filter: { given: API_SECRET, numbers: [API_SECRET, Number.NaN], deep: () => API_SECRET } },
    }),
    expected: { code: 'DIDOMI_REQUEST' },
  },
  'rejected credentials': {
    script: () => {
      didomi.disableApiKey();
      tokens((received) => ({ status: 400, body: { message: received.body, errors: received.body } }))();
    },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'rejected' },
  },
  'credentials that come to be rejected': {
    loggedIn: () => {
      didomi.revokeAccessTokens();
      didomi.disableApiKey();
    },
    // The first to hear of it gets the answer to the token request, the others their 401.
    expected: {},
  },
  'a login that echoes the request': {
    script: tokens((received) => ({ status: 200, body: received.body as object })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'malformed' },
  },
  'a login that echoes the request as text': {
    script: tokens((received) => ({ status: 200, body: JSON.stringify(received.body).slice(1) })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'malformed' },
  },
  'a login that fails and echoes the request': {
    script: tokens((received) => ({ status: 503, body: { message: received.body } })),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a reset login': {
    script: tokens({ reset: true }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a login without an answer': {
    script: tokens({ hang: true }),
    options: { tokenRequestTimeoutMs: 30 },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'a throttled login': {
    script: tokens({ status: 429, headers: { 'Retry-After': '3600' } }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'throttled' },
  },
  'a redirected login': {
    script: tokens({ redirectTo: `http://127.0.0.1:1/?${API_SECRET}` }),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'misconfigured' },
  },
  'credentials() that throws': {
    options: {
      credentials: () => {
        throw Object.assign(new Error(`no ${API_SECRET}`), { apiSecret: API_SECRET });
      },
    },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'unavailable' },
  },
  'credentials() that returns nonsense': {
    options: { credentials: () => ({ key: API_KEY, secret: API_SECRET }) as never },
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'misconfigured' },
  },
  'a client that is closed': {
    loggedIn: ({ app }) => app.close(),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'closed' },
  },
};

/** How a streamed answer can come to a bad end, once it has begun. */
const BROKEN_STREAMS: Readonly<
  Record<
    string,
    {
      readonly config?: DidomiRequestConfig;
      readonly how: (parts: { client: Client; abort: AbortController; source: CancelTokenSource }) => unknown;
      readonly expected: object;
    }
  >
> = {
  'its caller gives up': {
    how: ({ abort }) => abort.abort(new Error('of the caller')),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted', method: 'GET', path: '/v1/properties', attempts: 1 },
  },
  'its caller gives up by a cancel token': {
    how: ({ source }) => source.cancel(),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'aborted', path: '/v1/properties', attempts: 1 },
  },
  'its connection breaks': {
    how: () => (proxy.closeAllConnections(), didomi.stop()),
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'reset', attempts: 1 },
  },
  'the application stops': {
    how: ({ client }) => client.app.close(),
    expected: { code: 'DIDOMI_AUTHENTICATION', reason: 'closed' },
  },
  'it is too large': {
    config: { maxContentLength: 1_000 },
    how: () => undefined,
    expected: { code: 'DIDOMI_TRANSPORT', reason: 'unknown', path: '/v1/properties', attempts: 1 },
  },
};

/** A client that is about to fail, and how. */
async function arrange(failure: Failure, setUp: string) {
  const { options, config } = SET_UPS[setUp]!();
  failure.script?.();
  const client = await start({ ...options, ...failure.options } as Partial<DidomiModuleOptions>);
  if (failure.loggedIn !== undefined) {
    await client.auth.getAccessToken();
    await failure.loggedIn(client);
  }
  return { client, config: (): DidomiRequestConfig => ({ ...config, ...failure.config?.() }) };
}

describe('no secret', () => {
  // With the others there is less to leak than with these.
  describe.each(['agents in the options and with each request', 'a proxy in the options'])('with %s', (setUp) => {
    it.each(Object.entries(FAILURES))('is in the error of %s, by whatever verb', async (_title, failure) => {
      const { client, config } = await arrange(failure, setUp);
      const { url = '/properties', expected } = failure;
      const seen: unknown[] = [];
      client.http.axiosRef.interceptors.response.use(undefined, (error: unknown) => {
        seen.push(error);
        throw error;
      });

      const verbs = Object.entries(VERBS).filter(([verb]) => !failure.isOfBody || !verb.endsWith('head'));
      const errors = await Promise.all(
        verbs.map(async ([verb, send]) => ({
          verb,
          error: await errorOf(send(client.http, url, config())),
        })),
      );

      for (const { verb, error } of errors) {
        expect({ verb, error }).toMatchObject({ verb, error: expected });
        expect({ verb, isDidomiError: isDidomiError(error), leaks: reachable(error) }).toEqual({
          verb,
          isDidomiError: true,
          leaks: [],
        });
        // An interceptor of the application sees the very same, so it was scrubbed before.
        expect(seen).toContain(error);
      }
      expect(leaksOf(errors[0]?.error)).toEqual([]);
    });
  });

  describe.each(Object.keys(SET_UPS))('with %s', (setUp) => {
    it('is in a response, by whatever verb, while other requests are under way', async () => {
      const { options, config = {} } = SET_UPS[setUp]!();
      const { http } = await start(options);
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

      for (const [verb, send] of Object.entries(VERBS)) {
        const given = { ...config };
        const response = await send(http, '/properties', given);
        expect({ verb, leaks: reachable(response) }).toEqual({ verb, leaks: [] });
        expect((response as AxiosResponse).config.headers.get('Authorization')).toBe('[redacted]');
        // What the caller has passed stays as it was; Axios adds the url.
        for (const key of ['httpAgent', 'proxy'] as const) expect(given[key] === config[key]).toBe(true);
      }

      expect(seen).toHaveLength(Object.keys(VERBS).length);
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
      const { http } = await start(options);

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

    it.each(Object.entries(BROKEN_STREAMS))('is in the error of a streamed answer: %s', async (_title, broken) => {
      const { options, config } = SET_UPS[setUp]!();
      const client = await start(options);
      const abort = new AbortController();
      const source = axios.CancelToken.source();
      // More than the connection and the streams hold until somebody reads.
      didomi.script('api-requests', { status: 200, body: 'x'.repeat(5_000_000) });
      const { data } = await client.http.axiosRef.get<Readable>('/properties', {
        ...config,
        ...broken.config,
        responseType: 'stream',
        signal: abort.signal,
        cancelToken: source.token,
      });
      await broken.how({ client, abort, source });
      const error: Error = await new Promise((resolve) => data.on('error', resolve).resume());

      expect(error).toMatchObject(broken.expected);
      expect(axios.isCancel(error)).toBe('reason' in broken.expected && broken.expected.reason === 'aborted');
      expect(data.destroyed).toBe(true);
      expect(leaksOf(error)).toEqual([]);
      expect(reachable(data)).toEqual([]);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    });

    it.each([401, 404, 500])('is in a %d that its caller welcomes', async (status) => {
      const { options, config } = SET_UPS[setUp]!();
      const { http } = await start(options);
      didomi.script('api-requests', { status });
      const response = await http.axiosRef.get('/properties', { ...config, validateStatus: () => true });

      expect(response.status).toBe(status);
      expect(leaksOf(response)).toEqual([]);
    });

    it('is in a request as interceptors of the application see it', async () => {
      const { options, config } = SET_UPS[setUp]!();
      const { http } = await start(options);
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

  it('is in an opaque access token that is echoed with escapes', async () => {
    const accessToken = 'opaque/access+token==';
    didomi.script('token-requests', { accessToken });
    didomi.script('api-requests', (received) => ({
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: `{"message":"${received.headers.authorization?.replaceAll('/', String.raw`\/`)}"}`,
    }));
    const { http } = await start();

    const error = await errorOf(http.axiosRef.get('/properties'));
    expect(error.message).toContain('was answered with 400: Bearer [redacted]');
    expect(leaksOf(error)).toEqual([]);
  });

  it('is in the errors of an access token that is asked for', async () => {
    for (const fault of [{ status: 400 }, { html: true, status: 200 }, { reset: true }] as const) {
      didomi.clearScripts();
      didomi.script('token-requests', fault);
      const { auth } = await start();
      for (const ask of [() => auth.getAccessToken(), () => auth.refresh()]) {
        const error = await errorOf(ask());
        expect(isDidomiError(error)).toBe(true);
        expect(leaksOf(error)).toEqual([]);
      }
      expect(leaksOf(auth.status)).toEqual([]);
    }
  });

  it('is in the error of options that are wrong', async () => {
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

  it('is in the services, the providers or the module, at rest and under way', async () => {
    const httpAgent = newAgent();
    const { app, http, auth } = await start({ axios: { httpAgent, proxy: proxyWithPassword() }, warmup: 'background' });
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const underWay = errorOf(http.axiosRef.get('/properties'));
    while (didomi.apiRequests < 2) await new Promise((resolve) => setImmediate(resolve));

    const clock = app.get(DidomiClock, { strict: false });
    const options: unknown = app.get(DIDOMI_OPTIONS, { strict: false });
    const adapter: unknown = app.get(getDidomiHttpAdapterToken(), { strict: false });
    for (const value of [http, auth, auth.status, http.axiosRef, http.axiosRef.defaults, clock, options, adapter]) {
      expect(leaksOf(value)).toEqual([]);
    }
    // A printer of objects comes to Nest's container along many ways: deeper than this takes it hours.
    expect(canaries().filter((canary) => inspect(app, { depth: 6, showHidden: true }).includes(canary))).toEqual([]);
    for (const module of app.get(ModulesContainer).values()) {
      if (module.metatype !== DidomiModule) continue;
      for (const { instance } of module.providers.values()) {
        if (instance === app.get(ModulesContainer) || /^(?:ModuleRef|ApplicationConfig)/.test(String(instance)))
          continue;
        expect(reachable(instance)).toEqual([]);
      }
    }
    expect(reachable(app)).toEqual([]);

    await app.close();
    await underWay;
    expect(reachable(app)).toEqual([]);
  });

  it('is in what the library logs by itself', async () => {
    const stop = captureConsole();
    const logger = new ConsoleLogger({ colors: false, logLevels: ['verbose', 'debug', 'log', 'warn', 'error'] });
    Logger.overrideLogger(logger);
    for (const { script } of Object.values(FAILURES)) {
      didomi.enableApiKey();
      didomi.clearScripts();
      script?.();
      const all = { apiKey: API_KEY, apiSecret: API_SECRET, baseURL: didomi.baseURL, tokenRequestTimeoutMs: 300 };
      const module = Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] }).setLogger(logger);
      const app = await module.compile();
      await app.init();
      await errorOf(app.get(DidomiAuthService).getAccessToken());
      await app.close();
    }
    const text = stop();

    expect(text).toContain('No new access token (rejected)');
    expect(text).toContain('Got the first access token');
    expect(canaries().filter((canary) => text.includes(canary))).toEqual([]);
  });

  describe('is in the log or the answer of a Nest application', () => {
    let outcome: () => unknown;

    @Controller()
    class PassingOnController {
      @Get('throws')
      throws(): never {
        throw outcome();
      }

      @Get('returns')
      returns(): unknown {
        return outcome();
      }
    }

    let logger: ConsoleLogger;

    async function serve(json: boolean): Promise<INestApplication> {
      logger = new ConsoleLogger({ json, colors: false, depth: 20 });
      const module = await Test.createTestingModule({ controllers: [PassingOnController] }).compile();
      const app = await module.createNestApplication().init();
      apps.push(app);
      return app;
    }

    async function expectNothingTold(app: INestApplication, path: string): Promise<string> {
      // The clients of these tests are applications, too, and have silenced the logger of all.
      app.useLogger(logger);
      const stop = captureConsole();
      const { text, headers } = await request(app.getHttpServer()).get(path);
      const told = stop() + text + JSON.stringify(headers);
      expect(canaries().filter((canary) => told.includes(canary))).toEqual([]);
      return told;
    }

    it.each([
      ['text', false],
      ['JSON', true],
    ])('that logs in %s', async (_title, asJson) => {
      const app = await serve(asJson);
      for (const [title, failure] of Object.entries(FAILURES)) {
        // Some of them have left the server and the proxy stopped.
        await didomi.stop();
        didomi = await FakeDidomi.start({ apiKey: API_KEY, apiSecret: API_SECRET });
        if (!proxy.listening) proxy = await startProxy();
        const { client, config } = await arrange(failure, 'agents in the options');
        const error = await errorOf(client.http.axiosRef.post(failure.url ?? '/properties', {}, config()));
        expect({ title, error }).toMatchObject({ title, error: failure.expected });
        outcome = () => error;
        expect(await expectNothingTold(app, '/throws')).toContain(error.name);
        await expectNothingTold(app, '/returns');
      }
    });

    it('that uses the filter of the library', async () => {
      const app = await serve(false);
      app.useGlobalFilters(new DidomiExceptionFilter(app.get(HttpAdapterHost).httpAdapter));
      didomi.script('api-requests', echoing(400));
      const { http } = await start();
      const error = await errorOf(http.axiosRef.get('/properties'));
      outcome = () => error;

      expect(await expectNothingTold(app, '/throws')).toContain('[redacted]');
    });

    it('that passes on a response', async () => {
      const app = await serve(false);
      const { http } = await start({ axios: { httpAgent: newAgent(), proxy: proxyWithPassword() } });
      const response = await http.axiosRef.get('/properties');
      outcome = () => response;

      expect(await expectNothingTold(app, '/returns')).toContain('[redacted]');
      await expectNothingTold(app, '/throws');
    });
  });

  it('would be missed by these printers', async () => {
    const { auth } = await start();
    const headers = new AxiosHeaders({ Authorization: `Bearer ${await auth.getAccessToken()}` });
    await axios.get(`${didomi.baseURL}/properties`, { headers });
    const error = new AxiosError('Request failed', 'ERR_BAD_REQUEST', { headers });
    const found = leaksOf(error).join('\n');

    const deepOnes = Object.keys(PRINTERS).filter((printer) => !['text', 'a clone'].includes(printer));
    for (const printer of deepOnes) expect(found).toContain(`${printer}: ey`);
    expect(found).toMatch(/^root > config > headers > Authorization$/m);
    const carelessly = leaksOf(new Error(API_SECRET, { cause: new Error(API_KEY) }));
    expect(carelessly).toEqual(
      expect.arrayContaining([`text: ${API_SECRET}`, `a clone: ${API_SECRET}`, `a clone: ${API_KEY}`]),
    );
  });

  it('would be missed in a response of Axios', async () => {
    const { auth } = await start();
    const headers = { Authorization: `Bearer ${await auth.getAccessToken()}` };
    const response = await axios.get<Readable>(`${didomi.baseURL}/properties`, { headers, responseType: 'stream' });

    const bearer = canaries().at(-1)!;
    expect(findReachable(response, bearer)).toBeDefined();
    expect(findReachable(response.data, bearer)).toBeDefined();
    expect(inspect(response.request, DEEP)).toContain(bearer);
    response.data.destroy();
  });
});
