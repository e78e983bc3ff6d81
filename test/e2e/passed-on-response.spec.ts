import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClassSerializerInterceptor, Controller, Get, Module, Query, type INestApplication } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import axios from 'axios';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { DidomiHttpService, DidomiModule, type DidomiRequestConfig } from '../../lib/index.js';
import { LoopbackServer, sendJson } from '../support/loopback-server.js';
import { TRANSPORTS } from '../support/transports.js';

const REQUESTS: Record<string, DidomiRequestConfig> = {
  plain: {},
  stream: { responseType: 'stream' },
  fetch: { adapter: 'fetch' },
  'fetch-stream': { adapter: 'fetch', responseType: 'stream' },
  'adapter-list': { adapter: ['fetch', 'http'] },
  signal: { signal: new AbortController().signal },
  token: { cancelToken: axios.CancelToken.source().token },
  own: { adapter: async (config) => ({ status: 200, statusText: '', data: {}, headers: {}, config }) },
};

let server: LoopbackServer;
let app: INestApplication;
let url: string;
const unhandled: unknown[] = [];
const listen = (reason: unknown): void => void unhandled.push(reason);

describe.each(TRANSPORTS)('over $name', (transport) => {
  beforeEach(async () => {
    unhandled.length = 0;
    process.on('unhandledRejection', listen);
    server = await LoopbackServer.start();
    server.onApiRequest = (_request, response) => sendJson(response, { total: 1 });

    @Controller()
    class PassingOnController {
      constructor(private readonly didomi: DidomiHttpService) {}

      @Get('observable')
      async observable(@Query('request') request: string): Promise<unknown> {
        return await firstValueFrom(this.didomi.get('/properties', REQUESTS[request]));
      }

      @Get('promise')
      async promise(@Query('request') request: string): Promise<unknown> {
        return await this.didomi.axiosRef.get('/properties', REQUESTS[request]);
      }

      @Get('error')
      async error(): Promise<unknown> {
        return await this.didomi.axiosRef.get('/properties').catch((error: unknown) => error);
      }

      @Get('service')
      service(): unknown {
        return { didomi: this.didomi, instance: this.didomi.axiosRef, defaults: this.didomi.axiosRef.defaults };
      }
    }
    @Module({
      imports: [
        DidomiModule.forRoot({
          apiKey: 'the-api-key-canary',
          apiSecret: 'the-api-secret-canary',
          baseURL: server.baseURL,
          warmup: 'lazy',
          shutdownGraceMs: 0,
          axios: transport.axios(),
        }),
      ],
      controllers: [PassingOnController],
    })
    class AppModule {}
    app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
    app.useLogger(false);
    app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector)));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await app.close();
    await server.stop();
    process.off('unhandledRejection', listen);
  });

  async function rejections(): Promise<unknown[]> {
    for (let count = 0; count < 20; count += 1) await turn();
    return unhandled;
  }

  /** Calls the application, and returns its answer and what was rejected without a handler meanwhile. */
  async function pass(path: string): Promise<{ body: string; unhandled: unknown[] }> {
    const answer = await fetch(url + path, { headers: { connection: 'close' } });
    const body = await answer.text();
    return { body, unhandled: await rejections() };
  }

  describe('a controller that returns the response as it is, under ClassSerializerInterceptor', () => {
    it.each(['observable', 'promise'].flatMap((way) => Object.keys(REQUESTS).map((request) => [way, request])))(
      'leaves the process alone: by %s, %s',
      async (way, request) => {
        const { body, unhandled: rejected } = await pass(`/${way}?request=${request}`);
        expect(rejected).toEqual([]);
        expect(body).not.toMatch(/canary/);
      },
    );

    it('or an error', async () => {
      server.onApiRequest = (_request, response) => sendJson(response, { message: 'none' }, 404);
      expect((await pass('/error')).unhandled).toEqual([]);
    });

    it('or the client itself', async () => {
      const { body, unhandled: rejected } = await pass('/service');
      expect(rejected).toEqual([]);
      expect(body).not.toMatch(/canary/);
    });
  });

  /** Everything that can be called on a value: own properties, hidden ones too, and the methods of its classes. */
  function* functionsOf(root: unknown): Generator<[path: string, call: (...args: unknown[]) => unknown]> {
    const seen = new Set<unknown>();
    const queue: [path: string, value: unknown, self: unknown][] = [['response', root, undefined]];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [path, value, self] = next;
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
      seen.add(value);
      if (typeof value === 'function') yield [path, (...args) => Reflect.apply(value, self, args) as unknown];
      for (let level: unknown = value; level !== null && level !== Object.prototype && level !== Function.prototype;) {
        for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
          if (key === 'constructor' || key === 'caller' || key === 'callee' || key === 'arguments') continue;
          queue.push([`${path}.${key}`, (Reflect.get(descriptor, 'get') as unknown) ?? descriptor.value, value]);
        }
        level = Object.getPrototypeOf(level);
      }
    }
  }

  describe('whatever is called on a response', () => {
    it.each([
      ['nothing', []],
      ['an empty object', [{}]],
      ['null', [null]],
      ['text', ['x', 'y']],
    ])('with %s, rejects nothing that nobody handles', async (_what, args) => {
      const { didomi } = { didomi: app.get(DidomiHttpService) };
      for (const response of [
        await firstValueFrom(didomi.get('/properties')),
        await didomi.axiosRef.get('/properties'),
        await didomi.axiosRef.get('/properties', { adapter: 'fetch' }),
      ]) {
        for (const [, call] of functionsOf(response)) {
          try {
            call(...args);
          } catch {
            // As it likes, but not later.
          }
        }
      }
      expect(await rejections()).toEqual([]);
    });
  });
});
