import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { DidomiHttpService, DidomiModule, getDidomiHttpAdapterToken } from '../../lib/index.js';
import { getAdapter, type AxiosAdapter } from 'axios';
import { errorOf } from '../support/error-of.js';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/tls-certificate.js';

const apps: TestingModule[] = [];
const sessions = new Set<Http2Session>();
let server: Http2SecureServer;
let opened: number;

beforeEach(async () => {
  opened = 0;
  server = createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE });
  server.on('session', (session: Http2Session) => {
    opened += 1;
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, { ':path': path }) => {
    stream.on('error', () => undefined);
    if (path?.endsWith('/hang')) return;
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(JSON.stringify({ path }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const session of sessions) session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function start(): Promise<{ app: TestingModule; http: DidomiHttpService }> {
  const baseURL = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const node = getAdapter('http');
  const adapter: AxiosAdapter = async (config) =>
    config.url === '/sessions'
      ? { status: 200, statusText: '', headers: {}, data: '{"access_token":"access-token"}', config }
      : node(config);
  const options = { apiKey: 'key', apiSecret: 'secret', baseURL, warmup: 'lazy', retry: false } as const;
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(options)] })
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(adapter)
    .compile();
  app.useLogger(false);
  await app.init();
  apps.push(app);
  return { app, http: app.get(DidomiHttpService) };
}

const HTTP2 = { httpVersion: 2, http2Options: { ca: TEST_CERTIFICATE } } as const;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Sockets and timers that keep the process alive; those of the test itself are always the same. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /Timeout|TLS|TCPSocket/.test(name));
}

describe('an HTTP/2 session', () => {
  it('is shared by the requests of a client', async () => {
    const { http } = await start();
    expect((await http.axiosRef.get('/x', HTTP2)).data).toEqual({ path: '/v1/x' });
    await Promise.all([http.axiosRef.get('/y', HTTP2), http.axiosRef.get('/z', { ...HTTP2, httpVersion: 2 })]);

    expect(opened).toBe(1);
  });

  it('is another one for each client', async () => {
    const [one, two] = [await start(), await start()];
    await one.http.axiosRef.get('/x', HTTP2);
    await two.http.axiosRef.get('/x', HTTP2);
    expect(opened).toBe(2);

    await one.app.close();
    await until(() => sessions.size === 1);
    expect((await two.http.axiosRef.get('/x', HTTP2)).status).toBe(200);
    expect(opened).toBe(2);
  });

  it.each([[{}], [{ sessionTimeout: 3_600_000 }], [{ sessionTimeout: null }]])(
    'is closed by app.close(), in use or idle (%p)',
    async (options) => {
      const before = handles();
      const { app, http } = await start();
      const config = { httpVersion: 2, http2Options: { ca: TEST_CERTIFICATE, ...options } } as typeof HTTP2;
      await http.axiosRef.get('/x', config);
      expect(sessions.size).toBe(1);
      const hanging = errorOf(http.axiosRef.get('/hang', config));
      await new Promise((resolve) => setImmediate(resolve));

      await app.close();

      expect(await hanging).toMatchObject({ reason: 'closed' });
      await until(() => sessions.size === 0);
      await until(() => handles().length <= before.length);
    },
  );

  it('is closed by app.close() while it is being opened', async () => {
    const { app, http } = await start();
    const opening = errorOf(http.axiosRef.get('/x', HTTP2));
    await new Promise((resolve) => setImmediate(resolve));
    await app.close();

    expect(await opening).toMatchObject({ reason: 'closed' });
    await until(() => sessions.size === 0);
  });

  it('takes no `createConnection` of a request, which could lead to another server', async () => {
    const { http } = await start();
    const config = { ...HTTP2, http2Options: { ...HTTP2.http2Options, createConnection: () => undefined } };
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({ code: 'DIDOMI_REQUEST' });
    expect(opened).toBe(0);
  });

  it('verifies the certificate, as Node.js does by default', async () => {
    const { http } = await start();
    expect(await errorOf(http.axiosRef.get('/x', { httpVersion: 2 }))).toMatchObject({
      code: 'DIDOMI_TRANSPORT',
    });
    expect(opened).toBe(0);
  });

  it('leaves `http2Options` as the caller gave them', async () => {
    const { http } = await start();
    const { config } = await http.axiosRef.get('/x', HTTP2);
    expect(config.http2Options).toEqual(HTTP2.http2Options);
    expect(Object.keys(HTTP2.http2Options)).toEqual(['ca']);
  });

  it('is not opened through a proxy: a request that asks for one is refused', async () => {
    const { http } = await start();
    const proxy = { host: '127.0.0.1', port: 1 };
    expect(await errorOf(http.axiosRef.get('/x', { ...HTTP2, proxy }))).toMatchObject({ code: 'DIDOMI_REQUEST' });
    expect(opened).toBe(0);
  });
});
