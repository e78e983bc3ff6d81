import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Agent, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { DidomiModuleOptions } from '../../lib/index.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';
import { fullListener } from '../support/full-listener.js';
import { LoopbackServer, sendJson } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TRANSPORTS, UNDICI } from '../support/transports.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 500;
const TIMEOUT = { name: 'DidomiTransportError', reason: 'timeout', systemCode: 'ETIMEDOUT', attempts: 1 };

let server: LoopbackServer;
let client: NetworkClient;

beforeEach(async () => {
  server = await LoopbackServer.start();
});

afterEach(async () => {
  await client.app.close();
  await server.stop();
});

describe.each(TRANSPORTS)('over $name', (transport) => {
  async function start(options: Partial<DidomiModuleOptions> = {}): Promise<void> {
    client = await networkClient(server, { timeoutMs: TIMEOUT_MS, ...options }, transport);
  }

  /** Sends one byte of every response each 100 ms of the client's time, from its headers on, until the call has ended. */
  async function trickle(call: Promise<unknown>, responses: readonly ServerResponse[]): Promise<number> {
    let isOver = false;
    const end = (): void => void (isOver = true);
    call.then(end, end);
    await server.received(1);
    let elapsedMs = 0;
    while (!isOver && elapsedMs < 10 * TIMEOUT_MS) {
      for (const response of responses) if (!response.destroyed) response.write(' ');
      await settled();
      await client.clock.advance(100);
      elapsedMs += 100;
    }
    return elapsedMs;
  }

  describe('the deadline of an attempt', () => {
    const responses: ServerResponse[] = [];

    beforeEach(() => {
      responses.length = 0;
    });

    function answerSlowly(status: number): void {
      server.onApiRequest = (_request, response) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.flushHeaders();
        responses.push(response);
      };
    }

    it.each([
      ['GET', 200],
      ['POST', 200],
      ['GET', 404],
      ['POST', 422],
      ['GET', 500],
      ['POST', 503],
      ['GET', 401],
      ['GET', 429],
    ])('ends a %s whose body, of a %i, trickles', async (method, status) => {
      answerSlowly(status);
      await start();
      const call = errorOf(client.http.axiosRef.request({ method, url: '/properties' }));

      expect(await trickle(call, responses)).toBe(TIMEOUT_MS);

      const error = await call;
      expect(error).toMatchObject({ ...TIMEOUT, method, path: '/v1/properties', host: server.host });
      expect(error.message).toContain(`${TIMEOUT_MS} ms (timeoutMs)`);
      await until(() => server.sockets.size <= 1);
    });

    it('ends each page of paginate()', async () => {
      server.onApiRequest = (_request, response, count) => {
        if (count === 0) sendJson(response, { total: 4, limit: 2, skip: 0, data: [1, 2] });
        else {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.flushHeaders();
          responses.push(response);
        }
      };
      await start();
      const items: number[] = [];
      const call = errorOf(
        (async () => {
          for await (const item of client.http.paginate<number>('/properties')) items.push(item);
        })(),
      );
      await server.received(2);

      expect(await trickle(call, responses)).toBe(TIMEOUT_MS);

      expect(await call).toMatchObject(TIMEOUT);
      expect(items).toEqual([1, 2]);
    });

    it.each([
      ['before the headers', () => undefined],
      ['in the middle of the headers', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-type: te')],
      ['after the headers', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n')],
      [
        'in the middle of the body',
        (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
      ],
      ['after a status 103', (socket: Socket) => socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
    ])('ends an attempt that stalls %s', async (_where, answer) => {
      server.onApiRequest = ({ socket }) => answer(socket);
      await start();
      const call = errorOf(client.http.axiosRef.get('/properties'));
      await server.received(1);
      await settled();

      await client.clock.advance(TIMEOUT_MS - 1);
      expect(server.sockets.size).toBe(2);
      await client.clock.advance(1);

      expect(await call).toMatchObject(TIMEOUT);
      await until(() => server.sockets.size === 1);
    });

    it('ends an attempt that stalls after a status 100 that nobody has asked for, where that does not end it', async () => {
      server.onApiRequest = ({ socket }) => socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      await start();
      const call = errorOf(client.http.axiosRef.get('/properties'));
      await server.received(1);
      await settled();

      await client.clock.advance(TIMEOUT_MS);

      // Undici takes it for a broken connection.
      expect(await call).toMatchObject(transport === UNDICI ? { reason: 'reset' } : TIMEOUT);
      await until(() => server.sockets.size === 1);
    });

    it('is that of the request, if it has a timeout of its own', async () => {
      answerSlowly(200);
      await start({ timeoutMs: 60_000 });
      const call = errorOf(client.http.axiosRef.get('/properties', { timeout: 200 }));

      expect(await trickle(call, responses)).toBe(200);

      expect(await call).toMatchObject(TIMEOUT);
    });

    it('is none with a timeout of 0', async () => {
      answerSlowly(200);
      await start();
      const call = client.http.axiosRef.get('/properties', { timeout: 0 });
      await server.received(1);

      await client.clock.advance(24 * 3_600_000);
      responses[0]?.end('{"total":0}');

      expect((await call).data).toEqual({ total: 0 });
    });

    it('does not run while the request waits to be sent', async () => {
      answerSlowly(200);
      await start({ maxConcurrent: 1 });
      const first = client.http.axiosRef.get('/properties', { timeout: 0 });
      const second = client.http.axiosRef.get('/widgets');
      await server.received(1);

      await client.clock.advance(10 * TIMEOUT_MS);
      responses[0]?.end();
      await first;
      await server.received(2);
      responses[1]?.end();

      expect((await second).status).toBe(200);
    });

    it('covers the upload of a body', async () => {
      server.onApiRequest = () => undefined;
      await start();
      const body = new Readable({ read: () => undefined });
      body.push('a');
      const call = errorOf(client.http.axiosRef.post('/properties', body));
      await until(() => server.sockets.size === 2);

      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject(TIMEOUT);
      expect(body.destroyed).toBe(true);
    });

    it('lets an attempt be sent again where that is safe, with a deadline of its own', async () => {
      server.onApiRequest = (_request, response, count) => {
        if (count === 2) sendJson(response, { total: 0 });
      };
      await start({ retry: { maxAttempts: 3 } });
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      const call = client.http.axiosRef.get('/properties');
      for (const attempt of [1, 2]) {
        await server.received(attempt);
        await client.clock.advance(TIMEOUT_MS);
        // The back-off.
        await client.clock.advance(attempt * 250);
      }

      expect((await call).data).toEqual({ total: 0 });
      expect(server.requests).toHaveLength(3);
    });

    it('tells of the last attempt when none was answered', async () => {
      server.onApiRequest = () => undefined;
      await start({ retry: { maxAttempts: 2 } });
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      const call = errorOf(client.http.axiosRef.get('/properties'));
      await server.received(1);
      await client.clock.advance(TIMEOUT_MS);
      await client.clock.advance(250);
      await server.received(2);
      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject({ ...TIMEOUT, attempts: 2 });
    });

    it('of one attempt does not keep the caller from aborting the next', async () => {
      server.onApiRequest = () => undefined;
      await start({ retry: { maxAttempts: 2 } });
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      const controller = new AbortController();
      const call = errorOf(client.http.axiosRef.get('/properties', { signal: controller.signal }));
      await server.received(1);
      await client.clock.advance(TIMEOUT_MS);
      controller.abort();

      expect(await call).toMatchObject({ reason: 'aborted', attempts: 1 });
      await client.clock.advance(60_000);
      expect(server.requests).toHaveLength(1);
    });

    it.each(['POST', 'PATCH'])('sends no %s again', async (method) => {
      server.onApiRequest = () => undefined;
      await start({ retry: { maxAttempts: 3 } });
      const call = errorOf(client.http.axiosRef.request({ method, url: '/properties', data: {} }));
      await server.received(1);
      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject(TIMEOUT);
      await client.clock.advance(60_000);
      expect(server.requests).toHaveLength(1);
    });
  });
});

describe('the deadline of an attempt', () => {
  it('bounds the time to connect', async () => {
    const { port, stop } = await fullListener();
    const httpAgent = new Agent();
    const sockets: Socket[] = [];
    httpAgent.createConnection = () => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      return socket;
    };
    try {
      client = await networkClient(server, { timeoutMs: TIMEOUT_MS });
      const call = errorOf(client.http.axiosRef.get('/properties', { httpAgent }));
      await until(() => sockets.length === 1);
      await settled();
      expect(sockets[0]?.connecting).toBe(true);

      await client.clock.advance(TIMEOUT_MS);

      expect(await call).toMatchObject(TIMEOUT);
      expect(sockets[0]?.destroyed).toBe(true);
    } finally {
      await stop();
    }
  });
});
