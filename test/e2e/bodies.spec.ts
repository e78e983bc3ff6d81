import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { PassThrough, Readable, Stream } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DidomiAxiosOptions } from '../../lib/index.js';
import { undiciAdapter } from '../../lib/undici/index.js';
import { errorOf } from '../support/error-of.js';
import { networkClient, type NetworkClient } from '../support/network-client.js';
import { TEST_CERTIFICATE } from '../support/tls-certificate.js';
import { TlsEchoServer, type SentRequest } from '../support/tls-echo-server.js';

const connect = { ca: TEST_CERTIFICATE };
const agents: Agent[] = [];

const TRANSPORTS: { name: string; version: string; axios: () => DidomiAxiosOptions }[] = [
  {
    name: 'http',
    version: '1.1',
    axios: () => {
      const httpsAgent = new Agent(connect);
      agents.push(httpsAgent);
      return { httpsAgent };
    },
  },
  { name: 'undici', version: '1.1', axios: () => ({ adapter: undiciAdapter({ connect }) }) },
  { name: 'undici, HTTP/2', version: '2.0', axios: () => ({ adapter: undiciAdapter({ allowH2: true, connect }) }) },
];

/** A stream as packages have it that are older than the streams of today. */
function oldStream(...chunks: unknown[]): Stream {
  const stream = new Stream();
  setImmediate(() => {
    for (const chunk of chunks) stream.emit('data', chunk);
    stream.emit('end');
  });
  return stream;
}

function webForm(): FormData {
  const form = new FormData();
  form.append('text', 'line\nänd "more"');
  form.append('na"me', new File(['bytes\0'], 'fi"le.txt', { type: 'text/plain' }));
  form.append('blob', new Blob(['blob']));
  return form;
}

/** The values of a form by name, read as a server does. */
async function partsOf({ headers, body }: SentRequest): Promise<Record<string, string>> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': String(headers['content-type']) },
  }).formData();
  const entries = [...form.entries()].map(
    async ([name, value]) =>
      [name, typeof value === 'string' ? value : `${value.name}, ${value.type}: ${await value.text()}`] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

describe.each(TRANSPORTS)('over $name', ({ axios, version }) => {
  let server: TlsEchoServer;
  let client: NetworkClient;

  beforeAll(async () => {
    server = await TlsEchoServer.start();
    client = await networkClient(server, { axios: axios() });
  });

  beforeEach(() => {
    server.requests.length = 0;
    server.onApiRequest = (_request, response) => response.end('{}');
  });

  afterAll(async () => {
    await client.app.close();
    await server.stop();
    for (const agent of agents.splice(0)) agent.destroy();
  });

  async function sent(config: AxiosRequestConfig): Promise<SentRequest> {
    await client.http.axiosRef.request({ url: '/x', method: 'post', ...config });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.version).toBe(version);
    return server.requests[0]!;
  }

  const bytes = Buffer.from('hidden|s\0nt ü|hidden').subarray(7, -7);

  describe('a body', () => {
    it.each<[string, () => unknown, string | Buffer, string]>([
      ['an object', () => ({ a: 'ü' }), '{"a":"ü"}', 'application/json'],
      ['text', () => 'täxt', 'täxt', 'application/x-www-form-urlencoded'],
      [
        'parameters',
        () => new URLSearchParams({ a: 'b c' }),
        'a=b+c',
        'application/x-www-form-urlencoded;charset=utf-8',
      ],
      ['a Buffer', () => bytes, bytes, 'application/x-www-form-urlencoded'],
      ['an ArrayBuffer', () => new Uint8Array(bytes).buffer, bytes, 'application/x-www-form-urlencoded'],
      [
        'a view',
        () => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
        bytes,
        'application/x-www-form-urlencoded',
      ],
      ['a Blob', () => new Blob([new Uint8Array(bytes)], { type: 'text/csv' }), bytes, 'text/csv'],
      ['a File', () => new File([new Uint8Array(bytes)], 'a.bin'), bytes, 'application/octet-stream'],
    ])('that is %s arrives with its length and type', async (_title, make, expected, contentType) => {
      const { body, headers } = await sent({ data: make() });
      expect(body).toEqual(Buffer.from(expected));
      expect(headers).toMatchObject({ 'content-length': String(body.length), 'content-type': contentType });
    });

    it.each<[string, () => unknown, string]>([
      ['a stream', () => Readable.from([Buffer.from('one'), Buffer.from('two')]), 'onetwo'],
      ['a stream of text', () => Readable.from(['öne', 'two']), 'önetwo'],
      ['an old stream', () => oldStream('one', Buffer.from('two')), 'onetwo'],
      ['an empty stream', () => Readable.from([]), ''],
      ['a stream that has ended, but for its reading', () => new PassThrough().end('one'), 'one'],
      ['an empty stream that has ended', () => new PassThrough().end(), ''],
    ])('that is %s arrives', async (_title, make, expected) => {
      for (const maxBodyLength of [-1, 100]) {
        server.requests.length = 0;
        expect((await sent({ data: make(), maxBodyLength })).body).toEqual(Buffer.from(expected));
      }
    });

    it('that is a large stream arrives, with a length that its sender knows', async () => {
      const large = Buffer.alloc(4 * 1024 * 1024, 'x');
      const { body, headers } = await sent({
        data: Readable.from([large.subarray(0, 10), large.subarray(10)]),
        headers: { 'Content-Length': String(large.length), 'Content-Type': 'text/plain' },
      });
      expect(body.equals(large)).toBe(true);
      expect(headers).toMatchObject({ 'content-length': String(large.length), 'content-type': 'text/plain' });
    });

    it.each<[string, () => unknown]>([
      ['at once', () => Readable.from([{ no: 'text' }])],
      ['later', () => Readable.from(['text', 1])],
      ['in an old stream', () => oldStream('text', 1)],
      ['in a stream in a form', () => ({ text: 'text', file: Readable.from([{ no: 'text' }]) })],
    ])(
      'that is a stream with something else than text and bytes is an error, and ends no process: %s',
      async (where, make) => {
        const body = make();
        const { axiosRef } = client.http;
        const sent = where.endsWith('form') ? axiosRef.postForm('/x', body) : axiosRef.post('/x', body);
        expect(await errorOf(sent)).toMatchObject({
          name: 'DidomiTransportError',
          message:
            'POST /v1/x was not sent to its end: its body is a stream that failed (it holds something else than text and bytes)',
        });
        // Of the others there is no more to destroy.
        expect(body instanceof Readable ? body.destroyed : true).toBe(true);
      },
    );

    it('that is a form of the web platform arrives with its files, and its length', async () => {
      const request = await sent({ data: webForm() });
      expect(await partsOf(request)).toEqual({
        text: 'line\r\nänd "more"',
        'na"me': 'fi"le.txt, text/plain: bytes\0',
        blob: 'blob, application/octet-stream: blob',
      });
      expect(request.headers['content-length']).toBe(String(request.body.length));
    });

    it('that is a form of form-data arrives with its files, and its length', async () => {
      const file = createReadStream(import.meta.filename);
      await client.http.axiosRef.postForm('/x', { a: 'ü', bytes: Buffer.from('bytes'), file });
      const parts = await partsOf(server.requests[0]!);
      expect(parts).toMatchObject({ a: 'ü' });
      expect(parts['file']).toContain(await readFile(import.meta.filename, 'utf8'));
      expect(server.requests[0]?.headers['content-length']).toBe(String(server.requests[0]?.body.length));
    });

    it.each(['put', 'patch', 'delete'])('arrives with the method %s', async (method) => {
      const { body, headers, ...request } = await sent({
        method,
        data: { a: 1 },
        headers: { 'Content-Type': 'application/json' },
      });
      expect(request.method).toBe(method.toUpperCase());
      expect(String(body)).toBe('{"a":1}');
      // HTTP/2 needs none.
      expect(headers['content-length'] ?? '7').toBe('7');
    });

    it.each([undefined, null, ''])('that is none is none: %j', async (data) => {
      const { body, headers } = await sent({ data });
      expect(body).toHaveLength(0);
      expect(headers['content-length'] ?? '0').toBe('0');
      expect(headers['transfer-encoding']).toBeUndefined();
    });
  });

  describe('the request', () => {
    it('has the headers that Axios adds, and those of its caller in their place', async () => {
      const { headers } = await sent({ method: 'get' });
      expect(headers).toMatchObject({
        accept: 'application/json, text/plain, */*',
        'accept-encoding': 'gzip, compress, deflate, br',
        authorization: 'Bearer access-token-canary',
        'user-agent': expect.stringMatching(/^axios\/1\./),
      });
      expect(headers['content-length']).toBeUndefined();

      server.requests.length = 0;
      const own = {
        'user-agent': 'mine',
        'Accept-Encoding': 'br',
        'X-None': undefined,
        'X-No': false,
        'X-Two': ['a', 'b'],
      };
      const request = await sent({ method: 'get', headers: own });
      expect(request.headers).toMatchObject({ 'user-agent': 'mine', 'accept-encoding': 'br', 'x-two': 'a, b' });
      expect(Object.keys(request.headers)).not.toEqual(expect.arrayContaining(['x-none']));
      expect(request.headers).not.toHaveProperty('x-no');
    });

    it.each([
      ['/x/ü y', undefined, '/v1/x/%C3%BC%20y'],
      ['x?a=b#c', { d: ['e', 'f'] }, '/v1/x?a=b&d=e&d=f'],
      ['/a/../b', {}, '/v1/b'],
      ['/%2e%2e/x', undefined, '/x'],
      ['', { a: 1 }, '/v1?a=1'],
    ])('has the path that Axios gives it: %s', async (url, params, path) => {
      expect((await sent({ method: 'get', url, params })).path).toBe(path);
    });

    it('has the query that a paramsSerializer of its own writes, and that of Axios', async () => {
      expect((await sent({ method: 'get', params: { a: 1 }, paramsSerializer: () => 'own=1' })).path).toBe(
        '/v1/x?own=1',
      );
      server.requests.length = 0;
      const paramsSerializer = { indexes: null } as const;
      expect((await sent({ method: 'get', params: { a: ['b', 'c'] }, paramsSerializer })).path).toBe('/v1/x?a=b&a=c');
    });
  });

  describe('an answer', () => {
    const get = (config: AxiosRequestConfig = {}): Promise<AxiosResponse<unknown>> =>
      client.http.axiosRef.request<unknown>({ url: '/x', ...config });

    it('has its status, its headers and its text', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(203, { 'content-type': 'text/plain', 'x-one': 'a', 'set-cookie': ['a=1', 'b=2'] });
        response.end('\uFEFFtäxt');
      };
      const { data, headers, status } = await get();
      expect({ data, status }).toEqual({ data: 'täxt', status: 203 });
      expect(headers).toMatchObject({ 'content-type': 'text/plain', 'x-one': 'a', 'set-cookie': ['a=1', 'b=2'] });
    });

    it.each<[string, AxiosRequestConfig, unknown]>([
      ['JSON', {}, { a: 'ü' }],
      ['text', { responseType: 'text' }, '{"a":"ü"}'],
      ['text in another encoding', { responseType: 'text', responseEncoding: 'latin1' }, '{"a":"Ã¼"}'],
      ['bytes', { responseType: 'arraybuffer' }, Buffer.from('{"a":"ü"}')],
    ])('is read as %s', async (_title, config, expected) => {
      server.onApiRequest = (_request, response) => {
        response.write('{"a":');
        setImmediate(() => response.end('"ü"}'));
      };
      expect((await get(config)).data).toEqual(expected);
    });

    it('is read as a stream', async () => {
      const large = Buffer.alloc(4 * 1024 * 1024, 'x');
      server.onApiRequest = (_request, response) => response.end(large);
      const { data } = await get({ responseType: 'stream' });
      expect((await buffer(data as Readable)).equals(large)).toBe(true);
    });

    it.each<[string, AxiosRequestConfig, number]>([
      ['HEAD', { method: 'head' }, 200],
      ['204', {}, 204],
      ['304', { validateStatus: null }, 304],
      ['nothing', {}, 200],
    ])('without a body is empty: %s', async (_title, config, status) => {
      server.onApiRequest = (_request, response) => response.writeHead(status, { 'x-a': '1' }).end();
      expect(await get(config)).toMatchObject({ status, data: '', headers: { 'x-a': '1' } });
      const { data } = await get({ ...config, responseType: 'stream' });
      expect(await buffer(data as Readable)).toHaveLength(0);
      expect((await get({ ...config, responseType: 'arraybuffer' })).data).toEqual(Buffer.alloc(0));
    });

    it('may follow a 103, and have trailers', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeEarlyHints({ link: '</a>; rel=preload' });
        response.setHeader('trailer', 'x-after');
        response.write('{"a"');
        response.addTrailers({ 'x-after': '1' });
        response.end(':1}');
      };
      expect(await get()).toMatchObject({ status: 200, data: { a: 1 } });
      expect(await get()).toMatchObject({ status: 200, data: { a: 1 } });
    });

    it('that breaks off is a reset', async () => {
      server.onApiRequest = (_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345', () => response.stream?.session?.destroy() ?? response.socket.destroy());
      };
      await expect(get()).rejects.toMatchObject({ name: 'DidomiTransportError', reason: 'reset' });
      const { data } = await get({ responseType: 'stream' });
      await expect(buffer(data as Readable)).rejects.toMatchObject({ name: 'DidomiTransportError', reason: 'reset' });
    });
  });
});
