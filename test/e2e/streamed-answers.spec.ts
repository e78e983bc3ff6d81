import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { DidomiModuleOptions } from '../../lib/index.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';
import { LoopbackServer } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TRANSPORTS } from '../support/transports.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 500;
const TIMEOUT = { name: 'DidomiTransportError', reason: 'timeout', systemCode: 'ETIMEDOUT', attempts: 1 };
/** More than all the buffers on the way hold. */
const LARGE = Buffer.alloc(16 * 1024 * 1024, 'x');

let server: LoopbackServer;
let client: NetworkClient;
let responses: ServerResponse[];

beforeEach(async () => {
  responses = [];
  server = await LoopbackServer.start();
  server.onApiRequest = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    responses.push(response);
  };
});

afterEach(async () => {
  await client.app.close();
  await server.stop();
});

describe.each(TRANSPORTS)('over $name', (transport) => {
  async function start(options: Partial<DidomiModuleOptions> = {}): Promise<void> {
    client = await networkClient(server, { timeoutMs: TIMEOUT_MS, ...options }, transport);
  }

  const ADAPTERS: [string, AxiosRequestConfig][] = [
    ['the transport', {}],
    ['the adapter for fetch', { adapter: 'fetch' }],
  ];

  async function open(config: AxiosRequestConfig = {}): Promise<Readable> {
    const { data } = await client.http.axiosRef.get<Readable | ReadableStream>('/reports', {
      responseType: 'stream',
      ...config,
    });
    return readable(data);
  }

  function readable(data: Readable | ReadableStream): Readable {
    // The error of a body that nobody reads is nobody's.
    return data instanceof Readable ? data : Readable.fromWeb(data).on('error', () => undefined);
  }

  /** Whether another request reaches the server within the time that the buffers need. */
  async function reaches(count: number): Promise<boolean> {
    for (let turn = 0; turn < 50 && server.requests.length < count; turn += 1) await settled();
    return server.requests.length >= count;
  }

  describe.each(ADAPTERS)('a streamed answer by %s', (_name, adapter) => {
    it('has its deadline until the headers', async () => {
      server.onApiRequest = () => undefined;
      await start();
      const call = errorOf(open(adapter));
      await server.received(1);

      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject(TIMEOUT);
    });

    it('and then between two chunks, however long all of them take', async () => {
      await start();
      const body = await open(adapter);
      let read = '';
      body.on('data', (chunk: Buffer) => (read += chunk));
      const failure = errorOf(new Promise((_resolve, reject) => body.on('error', reject)));
      for (let count = 1; count <= 5; count += 1) {
        responses[0]?.write('.');
        await until(() => read.length === count);
        await client.clock.advance(TIMEOUT_MS - 100);
      }

      await client.clock.advance(100);

      expect(await failure).toMatchObject(TIMEOUT);
      await until(() => responses[0]!.destroyed);
    });

    it('waits for a slow reader, whose pauses are not the server’s', async () => {
      await start();
      const body = await open(adapter);
      responses[0]?.end(LARGE);
      let length = 0;
      for await (const chunk of body) {
        if (length === 0) {
          await settled();
          await client.clock.advance(10 * TIMEOUT_MS);
        }
        length += (chunk as Buffer).length;
      }

      expect(length).toBe(LARGE.length);
    });

    it('keeps its place among maxConcurrent until it has been read', async () => {
      await start({ maxConcurrent: 1 });
      const body = await open(adapter);
      responses[0]?.write('first');
      const second = open(adapter);
      expect(await reaches(2)).toBe(false);

      responses[0]?.end('last');
      expect(await text(body)).toBe('firstlast');

      await server.received(2);
      responses[1]?.end();
      await second;
    });

    it('gives it back when its reader destroys it', async () => {
      await start({ maxConcurrent: 1 });
      const body = await open(adapter);
      const second = open(adapter);
      expect(await reaches(2)).toBe(false);

      body.destroy();

      await server.received(2);
      responses[1]?.end();
      await second;
      await until(() => responses[0]!.destroyed);
    });

    it('gives it back when its caller aborts it', async () => {
      await start({ maxConcurrent: 1 });
      const controller = new AbortController();
      const body = await open({ ...adapter, signal: controller.signal });
      const failure = errorOf(text(body));
      const second = open(adapter);
      expect(await reaches(2)).toBe(false);

      controller.abort();

      expect(await failure).toMatchObject({ reason: 'aborted' });
      await server.received(2);
      responses[1]?.end();
      await second;
    });

    it('gives it back when the connection breaks', async () => {
      await start({ maxConcurrent: 1 });
      const body = await open(adapter);
      const failure = errorOf(text(body));
      const second = open(adapter);

      responses[0]?.destroy();

      expect(await failure).toMatchObject({ name: 'DidomiTransportError', reason: 'reset' });
      await server.received(2);
      responses[1]?.end();
      await second;
    });

    it('gives it back when nobody reads it, once all of it is here', async () => {
      await start({ maxConcurrent: 1 });
      await open(adapter);
      responses[0]?.end('short');
      const second = open(adapter);

      await server.received(2);
      responses[1]?.end();
      expect((await second).destroyed).toBe(false);
    });

    it('gives it back when nobody has begun to read it within the deadline', async () => {
      await start({ maxConcurrent: 1 });
      const { data } = await client.http.axiosRef.get<Readable | ReadableStream>('/reports', {
        responseType: 'stream',
        ...adapter,
      });
      responses[0]?.write(LARGE);
      const second = open(adapter);
      expect(await reaches(2)).toBe(false);

      await client.clock.advance(2 * TIMEOUT_MS);

      await server.received(2);
      responses[1]?.end();
      await second;
      expect(await errorOf(text(readable(data)))).toMatchObject(TIMEOUT);
    });

    it('ends with the shutdown, after its grace', async () => {
      await start({ shutdownGraceMs: 2_000, timeoutMs: 60_000 });
      const body = await open(adapter);
      const failure = errorOf(text(body));
      client.http.onModuleDestroy();
      await client.clock.advance(1_999);
      expect(body.destroyed).toBe(false);

      await client.clock.advance(1);

      expect(await failure).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'closed' });
    });

    it('that is an error whose body stalls is read for two seconds at the most, and gives its place back', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(422, { 'content-type': 'application/json' });
        response.write('{"message":"No such repo');
        responses.push(response);
      };
      await start({ maxConcurrent: 1, timeoutMs: 60_000 });
      const first = errorOf(open(adapter));
      const second = errorOf(open(adapter));
      await server.received(1);
      await settled();

      await client.clock.advance(2_000);

      expect(await first).toMatchObject({ name: 'DidomiApiError', status: 422 });
      await server.received(2);
      await settled();
      await client.clock.advance(2_000);
      await second;
      await until(() => responses.every(({ destroyed }) => destroyed));
    });

    it('that is an error whose body stalls ends with the shutdown', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.write('{"message":"Not to');
        responses.push(response);
      };
      await start({ shutdownGraceMs: 1_000, timeoutMs: 60_000 });
      const call = errorOf(open(adapter));
      await server.received(1);
      await settled();
      client.http.onModuleDestroy();

      await client.clock.advance(1_000);

      expect((await call).name).toMatch(/^Didomi/);
      await until(() => responses.every(({ destroyed }) => destroyed));
    });

    it('may be compressed', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(LARGE));
      };
      await start({ maxConcurrent: 1 });
      const bodies = [open(adapter), open(adapter)];
      for (const body of bodies) expect((await text(await body)).length).toBe(LARGE.length);
    });

    it.each([
      ['before its first byte', 0],
      ['in the middle', 200],
    ])('that is compressed and stalls %s ends by the deadline, and by its reader', async (_where, length) => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.flushHeaders();
        if (length > 0) response.write(gzipSync(LARGE).subarray(0, length));
        responses.push(response);
      };
      await start({ maxConcurrent: 1 });
      const failure = errorOf(text(await open(adapter)));
      await settled();
      await client.clock.advance(TIMEOUT_MS);
      await client.clock.advance(TIMEOUT_MS);
      expect(await failure).toMatchObject(TIMEOUT);

      (await open(adapter)).destroy();
      await until(() => responses.length === 2 && responses.every(({ destroyed }) => destroyed));
    });
  });

  it.each([2 ** 31, Infinity])(
    'a timeout of %d ms asks for no timer that Node.js would fire at once',
    async (timeout) => {
      await start();
      const schedule = jest.spyOn(client.clock, 'schedule');
      const body = await open({ timeout });
      responses[0]?.end('all');
      expect(await text(body)).toBe('all');
      for (const [, delayMs] of schedule.mock.calls) expect(delayMs).toBeLessThan(2 ** 31);
    },
  );

  describe('a status 101', () => {
    it.each([
      ['nothing', {}],
      ['a stream', { responseType: 'stream' as const }],
    ])('ends by the deadline, and gives its place back, for a caller who asks for %s', async (_what, config) => {
      server.onApiRequest = ({ socket }, response, count) => {
        if (count > 0) response.end('{}');
        else socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      };
      await start({ maxConcurrent: 1 });
      const call = errorOf(client.http.axiosRef.get('/properties', config));
      const second = client.http.axiosRef.get('/widgets');
      await server.received(1);
      await settled();

      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject({ name: 'DidomiTransportError' });
      expect((await second).status).toBe(200);
    });
  });

  it.each(['CONNECT', 'connect', 'Connect'])('the method %s is refused before anything is sent', async (method) => {
    await start({ maxConcurrent: 1 });
    const error = await errorOf(client.http.axiosRef.request({ method, url: '/properties' }));
    expect(error).toMatchObject({ name: 'DidomiRequestError' });
    expect(error.message).toMatch(/CONNECT/);
    expect(server.requests).toEqual([]);

    server.onApiRequest = (_request, response) => response.end('{}');
    expect((await client.http.axiosRef.get('/properties')).status).toBe(200);
  });
});
