import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { DidomiModuleOptions } from '../../lib/index.js';
import { errorOf } from '../support/error-of.js';
import { LoopbackServer } from '../support/loopback-server.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TRANSPORTS } from '../support/transports.js';

const MEGABYTE = 1024 * 1024;
const BODY = { data: Array.from({ length: 500 }, (_, id) => ({ id, name: `property ${id * 7919}` })) };
const TEXT = JSON.stringify(BODY);

const ENCODINGS: [name: string, header: string, compressed: Buffer][] = [
  ['gzip', 'gzip', gzipSync(TEXT)],
  ['x-gzip', 'x-gzip', gzipSync(TEXT)],
  ['GZIP', 'GZIP', gzipSync(TEXT)],
  ['deflate', 'deflate', deflateSync(TEXT)],
  ['deflate without a header', 'deflate', deflateRawSync(TEXT)],
  ['br', 'br', brotliCompressSync(TEXT)],
];

let server: LoopbackServer;
let client: NetworkClient;

beforeAll(async () => {
  server = await LoopbackServer.start();
});

afterEach(async () => {
  await client.app.close();
});

afterAll(async () => {
  await server.stop();
});

describe.each(TRANSPORTS)('over $name', (transport) => {
  async function get(
    answer: (response: ServerResponse) => void,
    config: AxiosRequestConfig = {},
    options: Partial<DidomiModuleOptions> = {},
  ): Promise<{ status: number; data: unknown; headers: unknown }> {
    server.onApiRequest = (_request, response) => answer(response);
    client = await networkClient(server, options, transport);
    return await client.http.axiosRef.request({ url: '/properties', ...config });
  }

  function compressed(encoding: string, bytes: Buffer, status = 200): (response: ServerResponse) => void {
    return (response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': encoding });
      response.end(bytes);
    };
  }

  async function asBuffer(data: unknown): Promise<Buffer> {
    return await buffer(data as Readable);
  }

  describe.each(ENCODINGS)('an answer in %s', (_name, encoding, bytes) => {
    it('is read', async () => {
      const { data, headers } = await get(compressed(encoding, bytes));
      expect(data).toEqual(BODY);
      expect(headers).not.toHaveProperty('content-encoding');
    });

    it('is read as bytes, and as a stream', async () => {
      const { data } = await get(compressed(encoding, bytes), { responseType: 'arraybuffer' });
      expect(String(data)).toBe(TEXT);
      const stream = await client.http.axiosRef.get<unknown>('/properties', { responseType: 'stream' });
      expect(String(await asBuffer(stream.data))).toBe(TEXT);
    });

    it.each([1, 10, bytes.length >> 1, bytes.length - 1])('that ends after %i bytes is an error', async (length) => {
      const error = await errorOf(get(compressed(encoding, bytes.subarray(0, length))));
      expect(error).toMatchObject({ name: 'DidomiTransportError', attempts: 1 });
      expect(error.message).toContain('The body of the response cannot be decompressed');

      const { data } = await client.http.axiosRef.get<unknown>('/properties', { responseType: 'stream' });
      expect(await errorOf(asBuffer(data))).toMatchObject({ name: 'DidomiTransportError' });
    });

    it('that is something else is an error', async () => {
      expect(await errorOf(get(compressed(encoding, Buffer.from('{"total":0}'))))).toMatchObject({
        name: 'DidomiTransportError',
      });
    });

    it('of an error has its message', async () => {
      const body = Buffer.from(JSON.stringify({ message: 'No such property', code: 404 }));
      const error = await errorOf(get(compressed('gzip', gzipSync(body), 404)));
      expect(error).toMatchObject({ name: 'DidomiApiError', status: 404 });
      expect(error.message).toContain('No such property');
    });

    it.each([{}, { responseType: 'stream' as const }])('without a body is no error: %j', async (config) => {
      const none = (status: number) => (response: ServerResponse) => {
        response.writeHead(status, { 'content-encoding': encoding });
        response.end();
      };
      for (const [status, method] of [
        [204, 'GET'],
        [200, 'HEAD'],
        [200, 'GET'],
      ] as const) {
        const answer = await get(none(status), { method, ...config });
        expect(answer.status).toBe(status);
        const isStream = answer.data instanceof Readable;
        expect(isStream ? String(await asBuffer(answer.data)) : answer.data).toBe('');
        await client.app.close();
      }
    });
  });

  describe('an answer in an encoding that nobody asked for', () => {
    it('comes as it is, with the header that says so', async () => {
      const { data, headers } = await get(compressed('exotic', Buffer.from('xyz')), { responseType: 'arraybuffer' });
      expect(String(data)).toBe('xyz');
      expect(headers).toMatchObject({ 'content-encoding': 'exotic' });
    });

    it('is read if it says identity', async () => {
      expect((await get(compressed('identity', Buffer.from(TEXT)))).data).toEqual(BODY);
    });
  });

  it('decompress: false leaves an answer as it came', async () => {
    const { data, headers } = await get(compressed('gzip', gzipSync(TEXT)), {
      decompress: false,
      responseType: 'arraybuffer',
    });
    expect(data).toEqual(gzipSync(TEXT));
    expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
  });

  describe('the size of an answer', () => {
    const plain = (length: number) => (response: ServerResponse) => response.end(Buffer.alloc(length, ' '));

    it('is at most 50 MiB by default', async () => {
      const error = await errorOf(get(plain(50 * MEGABYTE + 1)));
      expect(error).toMatchObject({ name: 'DidomiTransportError', attempts: 1 });
      expect(error.message).toContain(`maxContentLength size of ${50 * MEGABYTE} exceeded`);
    });

    it.each(['gzip', 'br'])(
      'is measured after decompression, and a bomb in %s costs little memory',
      async (encoding) => {
        const zeros = Buffer.alloc(256 * MEGABYTE);
        const bomb =
          encoding === 'gzip'
            ? gzipSync(zeros)
            : brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });
        const before = process.memoryUsage().arrayBuffers;
        let highest = 0;
        const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().arrayBuffers)), 5);

        const error = await errorOf(get(compressed(encoding, bomb)));

        clearInterval(watch);
        expect(error.message).toContain(`maxContentLength size of ${50 * MEGABYTE} exceeded`);
        expect(highest - before).toBeLessThan(150 * MEGABYTE);
      },
    );

    it.each(ENCODINGS)('is that of axios.maxContentLength, in %s', async (_name, encoding, bytes) => {
      const options = { axios: { maxContentLength: TEXT.length - 1 } };
      const error = await errorOf(get(compressed(encoding, bytes), {}, options));
      expect(error.message).toContain(`maxContentLength size of ${TEXT.length - 1} exceeded`);
      expect(error).toMatchObject({ name: 'DidomiTransportError' });
    });

    it('may be exactly the limit', async () => {
      const options = { axios: { maxContentLength: TEXT.length } };
      expect((await get(compressed('gzip', gzipSync(TEXT)), {}, options)).data).toEqual(BODY);
    });

    it('is that of the request, if it has one', async () => {
      const options = { axios: { maxContentLength: 10 } };
      expect(
        (await get(compressed('gzip', gzipSync(TEXT)), { maxContentLength: 10 * MEGABYTE }, options)).data,
      ).toEqual(BODY);
      expect((await client.http.axiosRef.get('/properties', { maxContentLength: -1 })).data).toEqual(BODY);
      const error = await errorOf(client.http.axiosRef.get('/properties', { maxContentLength: 9 }));
      expect(error.message).toContain('maxContentLength size of 9 exceeded');
    });

    it('that it has for a stream may be passed before anybody reads it', async () => {
      const config = { responseType: 'stream' as const, maxContentLength: 9 };
      const plain = (response: ServerResponse): void => void response.end(TEXT);
      for (const answer of [plain, compressed('gzip', gzipSync(TEXT))]) {
        const { data } = await get(answer, config);
        const error = await errorOf(asBuffer(data));
        expect(error).toMatchObject({ name: 'DidomiTransportError', systemCode: 'ERR_BAD_RESPONSE' });
        expect(error.message).toContain('maxContentLength size of 9 exceeded');
      }
    });

    it('holds for the adapter for fetch, too', async () => {
      const error = await errorOf(get(compressed('gzip', gzipSync(Buffer.alloc(64 * MEGABYTE))), { adapter: 'fetch' }));
      expect(error.message).toContain(`maxContentLength size of ${50 * MEGABYTE} exceeded`);
    });

    it.each([{}, { adapter: 'fetch' as const }])('is not limited for a stream: %j', async (config) => {
      const options = { axios: { maxContentLength: 10 } };
      const { data } = await get(compressed('gzip', gzipSync(TEXT)), { responseType: 'stream', ...config }, options);
      const stream = data instanceof Readable ? data : Readable.fromWeb(data as never);
      expect(String(await asBuffer(stream))).toBe(TEXT);
    });

    it('is a matter of the error body, too, which is read no further than 64 kB of a stream', async () => {
      let written = 0;
      const endless = (response: ServerResponse): void => {
        response.writeHead(422);
        const chunk = Buffer.alloc(16_384, 'x');
        const write = (): void => {
          while (!response.destroyed && response.write(chunk)) written += chunk.length;
          if (!response.destroyed) response.once('drain', write);
        };
        write();
      };
      const error = await errorOf(get(endless, { responseType: 'stream' }));
      expect(error).toMatchObject({ name: 'DidomiApiError', status: 422 });
      expect(written).toBeLessThan(32 * MEGABYTE);
    });
  });
});
