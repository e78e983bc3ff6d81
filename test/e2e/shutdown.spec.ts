import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { firstValueFrom } from 'rxjs';
import type { AddressInfo } from 'node:net';
import { DidomiClock, DidomiHttpService, DidomiModule } from '../../lib/index.js';
import { errorOf } from '../support/error-of.js';
import { FakeClock, settled } from '../support/fake-clock.js';
import { LoopbackServer, sendJson } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TRANSPORTS } from '../support/transports.js';
import { until } from '../support/until.js';

const CLOSED = { name: 'DidomiAuthenticationError', reason: 'closed' };
const GRACE_MS = 5_000;

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
  describe('once the shutdown has begun', () => {
    it('a request in flight may end within the grace', async () => {
      server.onApiRequest = () => undefined;
      client = await networkClient(server, {}, transport);
      let end = (): void => undefined;
      server.onApiRequest = (_request, response) => (end = () => sendJson(response, { total: 1 }));
      const call = client.http.axiosRef.get('/properties');
      await server.received(1);
      client.http.onModuleDestroy();
      await client.clock.advance(GRACE_MS - 1);

      end();

      expect((await call).data).toEqual({ total: 1 });
    });

    it.each([
      ['by default', undefined, GRACE_MS],
      ['as the options say', 200, 200],
      ['at once with 0', 0, 0],
    ])('a request in flight ends after it, %s', async (_name, shutdownGraceMs, graceMs) => {
      server.onApiRequest = () => undefined;
      client = await networkClient(server, shutdownGraceMs === undefined ? {} : { shutdownGraceMs }, transport);
      let isOver = false;
      const call = errorOf(client.http.axiosRef.get('/properties')).finally(() => (isOver = true));
      await server.received(1);
      client.http.onModuleDestroy();
      await client.clock.advance(Math.max(0, graceMs - 1));
      expect(isOver).toBe(graceMs === 0);

      await client.clock.advance(1);

      expect(await call).toMatchObject(CLOSED);
      expect(await errorOf(client.http.axiosRef.get('/properties'))).toMatchObject(CLOSED);
      expect(server.requests).toHaveLength(1);
    });

    it.each([
      ['answered 503', 503],
      ['answered 429', 429],
      ['lost', 0],
    ])('a request that is %s is not sent again', async (_how, status) => {
      client = await networkClient(server, { retry: {} }, transport);
      server.onApiRequest = ({ socket }, response) => {
        client.http.onModuleDestroy();
        if (status > 0) sendJson(response, { message: 'busy' }, status);
        else socket.destroy();
      };

      const error = await errorOf(client.http.axiosRef.get('/properties'));

      expect(error).toMatchObject(status > 0 ? { status, attempts: 1 } : { reason: 'reset', attempts: 1 });
      await client.clock.advance(60_000);
      expect(server.requests).toHaveLength(1);
    });

    it('a request whose deadline comes is not sent again', async () => {
      server.onApiRequest = () => undefined;
      client = await networkClient(server, { retry: {}, timeoutMs: 300 }, transport);
      const call = errorOf(client.http.axiosRef.get('/properties'));
      await server.received(1);
      client.http.onModuleDestroy();

      await client.clock.advance(300);

      expect(await call).toMatchObject({ reason: 'timeout', attempts: 1 });
    });

    it('a 401 is passed on, without a token request or a replay', async () => {
      client = await networkClient(server, {}, transport);
      server.onApiRequest = (_request, response) => {
        client.http.onModuleDestroy();
        sendJson(response, { message: 'expired' }, 401);
      };

      expect(await errorOf(client.http.axiosRef.get('/properties'))).toMatchObject({ status: 401, attempts: 1 });
      await client.clock.advance(60_000);
      expect(server.requests).toHaveLength(1);
    });

    it.each([
      ['to be sent again', 503],
      ['for its replay', 401],
    ])('a request that waits %s ends at once', async (_what, status) => {
      server.onApiRequest = (_request, response) => sendJson(response, { message: 'no' }, status);
      client = await networkClient(server, { retry: {} }, transport);
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      const call = errorOf(client.http.axiosRef.get('/properties'));
      await server.received(1);
      await until(() => client.clock.pending > 0);
      await settled();

      client.http.onModuleDestroy();

      expect(await call).toMatchObject(CLOSED);
      expect(server.requests).toHaveLength(1);
    });

    it('a request that waits for its turn ends at once, and none begins to wait', async () => {
      server.onApiRequest = () => undefined;
      client = await networkClient(server, { maxConcurrent: 1 }, transport);
      const [first, second] = ['/properties', '/widgets'].map((url) => errorOf(client.http.axiosRef.get(url)));
      await server.received(1);
      await settled();

      client.http.onModuleDestroy();

      expect(await second).toMatchObject(CLOSED);
      expect(await errorOf(client.http.axiosRef.get('/quotas'))).toMatchObject(CLOSED);
      await client.clock.advance(GRACE_MS);
      expect(await first).toMatchObject(CLOSED);
      expect(server.requests).toEqual(['GET /v1/properties']);
    });

    it('a new request of what the application is still answering is sent once', async () => {
      client = await networkClient(server, { retry: {} }, transport);
      client.http.onModuleDestroy();
      expect((await client.http.axiosRef.get('/properties')).status).toBe(200);

      server.onApiRequest = (_request, response) => sendJson(response, { message: 'busy' }, 503);
      expect(await errorOf(client.http.axiosRef.get('/properties'))).toMatchObject({ status: 503, attempts: 1 });
      expect(server.requests).toHaveLength(2);
    });

    it('no page of paginate() is asked for after the grace', async () => {
      server.onApiRequest = (_request, response) => sendJson(response, { total: 9, limit: 1, skip: 0, data: [1] });
      client = await networkClient(server, {}, transport);
      const pages = client.http.paginate('/properties')[Symbol.asyncIterator]();
      await pages.next();
      client.http.onModuleDestroy();
      await client.clock.advance(GRACE_MS);

      expect(await errorOf(pages.next())).toMatchObject(CLOSED);
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('app.close()', () => {
    let app: INestApplication;
    let clock: FakeClock;

    beforeEach(async () => {
      client = await networkClient(server, {}, transport);
      clock = new FakeClock();
      @Controller()
      class PropertiesController {
        constructor(private readonly didomi: DidomiHttpService) {}

        @Get('once')
        async once(): Promise<unknown> {
          return (await firstValueFrom(this.didomi.get('/properties'))).data;
        }

        @Get('twice')
        async twice(): Promise<unknown> {
          await firstValueFrom(this.didomi.get('/properties'));
          return (await firstValueFrom(this.didomi.get('/widgets'))).data;
        }
      }
      @Module({
        imports: [
          DidomiModule.forRoot({
            apiKey: 'the-api-key-canary',
            apiSecret: 'the-api-secret-canary',
            baseURL: server.baseURL,
            warmup: 'lazy',
            refresh: { cron: false },
            axios: transport.axios(),
          }),
        ],
        controllers: [PropertiesController],
      })
      class AppModule {}
      const module = await Test.createTestingModule({ imports: [AppModule] })
        .overrideProvider(DidomiClock)
        .useValue(clock)
        .compile();
      app = module.createNestApplication();
      app.useLogger(false);
      await app.listen(0, '127.0.0.1');
    });

    afterEach(async () => {
      await app.close();
    });

    function call(path: string): Promise<number> {
      const { port } = app.getHttpServer().address() as AddressInfo;
      return fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } }).then(
        ({ status }) => status,
      );
    }

    it('is held up by a Didomi that hangs for no longer than the grace', async () => {
      server.onApiRequest = () => undefined;
      const status = call('/once');
      await server.received(1);
      let isClosed = false;

      const closing = app.close().then(() => (isClosed = true));
      await settled();
      await clock.advance(GRACE_MS - 1);
      expect(isClosed).toBe(false);
      await clock.advance(1);

      expect(await status).toBe(500);
      await closing;
      expect(server.requests).toHaveLength(1);
    });

    it('lets a controller end what it has begun, further requests included', async () => {
      let end = (): void => undefined;
      server.onApiRequest = (_request, response, count) => {
        if (count === 0) end = () => sendJson(response, {});
        else sendJson(response, {});
      };
      const status = call('/twice');
      await server.received(1);

      const closing = app.close();
      await settled();
      end();

      expect(await status).toBe(200);
      await closing;
      expect(server.requests).toEqual(['GET /v1/properties', 'GET /v1/widgets']);
      await until(() => server.sockets.size === 0);
    });
  });
});
