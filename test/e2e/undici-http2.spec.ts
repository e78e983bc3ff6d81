import { describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DidomiAuthService, type DidomiModuleOptions } from '../../lib/index.js';
import { undiciAdapter, type DidomiUndiciOptions } from '../../lib/undici/index.js';
import { afterTest } from '../support/after-test.js';
import { builtFile } from '../support/built-file.js';
import { errorOf } from '../support/error-of.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsEchoServer } from '../support/tls-echo-server.js';
import { TlsServer } from '../support/tls-server.js';
import { until } from '../support/until.js';

const CLOSED = { name: 'DidomiAuthenticationError', reason: 'closed' };
const RESET = { name: 'DidomiTransportError', reason: 'reset', attempts: 1 };

async function startTls(): Promise<TlsEchoServer> {
  const tls = await TlsEchoServer.start();
  afterTest(() => tls.stop());
  return tls;
}

/** A client that offers HTTP/2. */
async function start(
  { baseURL }: { readonly baseURL: string },
  options: Partial<DidomiModuleOptions> = {},
  ofUndici: DidomiUndiciOptions = {},
): Promise<NetworkClient> {
  const adapter = undiciAdapter({ allowH2: true, connect: { ca: TEST_CERTIFICATE }, ...ofUndici });
  const client = await networkClient({ baseURL }, { ...options, axios: { adapter } });
  afterTest(() => client.app.close());
  return client;
}

describe('HTTP/2', () => {
  it('carries all requests over one connection, whatever their method, and token requests over another', async () => {
    const tls = await startTls();
    const waiting: (() => void)[] = [];
    tls.onApiRequest = (_request, response) => void waiting.push(() => response.end('{}'));
    const { http } = await start(tls);
    const calls = Array.from({ length: 90 }, (_, id) =>
      id % 2 === 0 ? http.axiosRef.get('/x') : http.axiosRef.post('/x', { id }),
    );
    await until(() => waiting.length === 90);
    expect(tls.connections).toBe(2);
    for (const answer of waiting) answer();
    await Promise.all(calls);
    expect(new Set(tls.requests.map(({ version }) => version))).toEqual(new Set(['2.0']));

    waiting.length = 0;
    const more = [http.axiosRef.get('/x'), http.axiosRef.put('/x', {})];
    await until(() => waiting.length === 2);
    for (const answer of waiting) answer();
    await Promise.all(more);
    expect(tls.connections).toBe(2);
  });

  it('is not spoken to a server that does not, which gets connections as with HTTP/1.1', async () => {
    const tls = await TlsServer.start();
    afterTest(() => tls.stop());
    const { http } = await start(tls);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, id) => http.axiosRef.get(`/${id}`)));
    expect(answers.map(({ data }) => data)).toEqual(Array.from({ length: 20 }, (_, id) => ({ path: `/v1/${id}` })));
    expect(tls.connections).toBeGreaterThan(2);
  });

  it('gets over the end of its connection, and loses no request', async () => {
    const tls = await startTls();
    let lost = true;
    tls.onApiRequest = (_request, response) => {
      if (lost) for (const socket of tls.sockets) socket.destroy();
      else response.end('{}');
    };
    const { http } = await start(tls);
    const calls = Array.from({ length: 20 }, () => errorOf(http.axiosRef.post('/x', {})));
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ name: 'DidomiTransportError', reason: 'reset', attempts: 1 });
    }
    lost = false;
    await Promise.all(Array.from({ length: 20 }, () => http.axiosRef.post('/x', {})));
    expect(tls.requests.length).toBeLessThanOrEqual(40);
  });

  it('takes no answer for a whole one whose stream the server resets, as if it had ended', async () => {
    const tls = await startTls();
    tls.onApiRequest = ({ method }, response) => {
      response.writeHead(200, { 'content-length': '10' });
      if (method === 'HEAD') response.end();
      // Without an error, Node.js resets it with the code NO_ERROR.
      else response.write('12345', () => response.stream.destroy());
    };
    const { http } = await start(tls);
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject(RESET);
    const { data } = await http.axiosRef.get<Readable>('/x', { responseType: 'stream' });
    expect(await errorOf(text(data))).toMatchObject(RESET);
    expect((await http.axiosRef.head('/x')).status).toBe(200);
  });

  it.each<[string, AxiosRequestConfig]>([
    ['the header TE', { headers: { TE: 'gzip' } }],
    ['the header Proxy-Connection', { headers: { 'Proxy-Connection': 'keep-alive' } }],
    ['the header HTTP2-Settings', { headers: { 'HTTP2-Settings': 'x' } }],
    ['GET with bytes', { data: 'a' }],
    ['HEAD with a stream', { method: 'head', data: Readable.from(['a']) }],
  ])('refuses what it cannot send, and disturbs no other request by it: %s', async (_name, config) => {
    const tls = await startTls();
    const { http } = await start(tls);
    await http.axiosRef.get('/x', { headers: { TE: 'trailers' } });
    const error = await errorOf(http.axiosRef.request({ url: '/x', ...config }));
    expect(error).toMatchObject({ name: 'DidomiRequestError' });
    expect(error.message).toContain('cannot be sent with allowH2');
    expect((await http.axiosRef.post('/x', {})).status).toBe(200);
    expect(tls.requests).toHaveLength(2);
  });

  it('keeps nobody waiting after a request that cannot be sent, or a connection that cannot be opened', async () => {
    const tls = await startTls();
    const { app, http } = await start(tls);
    await app.get(DidomiAuthService).getAccessToken();
    const invalid = errorOf(http.axiosRef.get('/x', { headers: { Upgrade: 'x' } }));
    const others = [1, 2, 3].map(() => http.axiosRef.get('/x'));
    expect(await invalid).toMatchObject({ name: 'DidomiRequestError' });
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);

    await tls.stop();
    const reasons = async (): Promise<Set<unknown>> => {
      const calls = Array.from({ length: 5 }, () => errorOf(http.axiosRef.post('/x', {})));
      return new Set((await Promise.all(calls)).map((error) => (error as { reason?: unknown }).reason));
    };
    // At first it may find the old connection.
    let found = await reasons();
    while (found.size > 1 || !found.has('refused')) found = await reasons();
    expect(found).toEqual(new Set(['refused']));
  });

  it('takes no connection away for a request that undici refuses', async () => {
    const tls = await startTls();
    const { http } = await start(tls, {}, { connections: 1 });
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await http.axiosRef.get('/x')).status).toBe(200);
      expect(await errorOf(http.axiosRef.get('/x', { headers: { Upgrade: 'x' } }))).toMatchObject({
        name: 'DidomiRequestError',
      });
    }
    expect(tls.connections).toBe(2);
  });

  it('ends a request without its connection, by its caller and by its deadline', async () => {
    const tls = await startTls();
    tls.onApiRequest = ({ path }, response) => {
      if (path === '/v1/fine') response.end('{}');
    };
    const { http, clock } = await start(tls, { timeoutMs: 500 });
    await http.axiosRef.get('/fine');
    const abort = new AbortController();
    const calls = [http.axiosRef.get('/x', { signal: abort.signal }), http.axiosRef.get('/x')].map(errorOf);
    await until(() => tls.requests.length === 3);
    abort.abort();
    expect(await calls[0]).toMatchObject({ reason: 'aborted' });
    await clock.advance(500);
    expect(await calls[1]).toMatchObject({ reason: 'timeout' });
    expect((await http.axiosRef.get('/fine')).status).toBe(200);
    expect(tls.connections).toBe(2);
  });

  // In Node.js 20 it could block the process for good, so it needs one of its own.
  it('lets the process end after a body that failed right after an answer', async () => {
    const tls = await startTls();
    builtFile('esm/undici/index.js');
    const script = fileURLToPath(new URL('support/http2-upload-process.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, BASE_URL: tls.baseURL, CA: TEST_CERTIFICATE },
      killSignal: 'SIGKILL',
      timeout: 15_000,
    });
    expect(stdout).toContain('its body is a stream that failed');
  });

  it('opens few connections in place of one that the server ends with GOAWAY, and keeps none that it does not use', async () => {
    const tls = await startTls();
    let ended = 0;
    tls.onApiRequest = (_request, response) => {
      const { session } = response.stream;
      if (tls.requests.length % 20 === 0 && session?.closed === false) {
        ended += 1;
        session.close();
      }
      response.end('{}');
    };
    const { app, http } = await start(tls);
    for (let round = 0; round < 10; round += 1) {
      await Promise.allSettled(Array.from({ length: 30 }, () => http.axiosRef.post('/x', {})));
    }
    expect(ended).toBeGreaterThan(5);
    // One for token requests, the first, and for each end one for new requests and one for those that the old one had queued.
    expect(tls.connections).toBeLessThanOrEqual(2 + 2 * ended);
    await until(() => tls.sockets.size <= 2);
    await app.close();
    await until(() => tls.sockets.size === 0);
  });

  it('closes what the server ends with GOAWAY, and what is opened in its place, with the client', async () => {
    const tls = await startTls();
    tls.onApiRequest = (_request, response) => {
      // Node.js 24 sends it by itself.
      response.stream.session?.goaway();
      setImmediate(() => response.stream.session?.destroy());
    };
    const { app, http } = await start(tls);
    for (let round = 0; round < 5; round += 1) {
      await Promise.allSettled(Array.from({ length: 10 }, () => http.axiosRef.post('/x', {})));
    }
    await app.close();
    await until(() => tls.sockets.size === 0);
    expect(tls.connections).toBeGreaterThan(5);
  });

  it('leaves no connection after app.close()', async () => {
    const tls = await startTls();
    tls.onApiRequest = () => undefined;
    const { app, http } = await start(tls, { shutdownGraceMs: 0 });
    const calls = [http.axiosRef.get('/x'), http.axiosRef.post('/x', {})].map(errorOf);
    await until(() => tls.requests.length === 2);
    await app.close();
    for (const error of await Promise.all(calls)) expect(error).toMatchObject(CLOSED);
    await until(() => tls.sockets.size === 0);
  });
});
