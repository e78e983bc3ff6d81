import { beforeEach, describe, expect, it } from '@jest/globals';
import { AxiosHeaders, type AxiosRequestConfig } from 'axios';
import { createReadStream } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { DidomiRequestError, type DidomiHttpService, type DidomiRequestConfig } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { Loopback, stubWithNetwork } from '../../support/loopback.js';
import { HTTP, TRANSPORTS, UNDICI, type TestTransport } from '../../support/transports.js';

const CANARY = 'canary-of-the-caller';

let didomi: Loopback;
let axios: DidomiHttpService['axiosRef'];

describe.each(TRANSPORTS)('over $name', (transport) => {
  beforeEach(async () => {
    didomi = await Loopback.start();
    const { http } = await createClient(
      { baseURL: `${didomi.origin}/v1`, axios: transport.axios() },
      { stub: stubWithNetwork(transport) },
    );
    axios = http.axiosRef;
  });

  /** An object that is nested so deeply. */
  function nested(depth: number): object {
    let result: object = { value: CANARY };
    for (let level = 0; level < depth; level += 1) result = { a: result };
    return result;
  }

  function circular(): object {
    const result: Record<string, unknown> = { value: CANARY };
    result['itself'] = result;
    return result;
  }

  class Entity {
    itself = this;
  }

  /** What a caller without TypeScript may have written. */
  const config = (options: Record<string, unknown>): DidomiRequestConfig => options as DidomiRequestConfig;

  const fail = (): never => {
    throw new Error(CANARY);
  };

  /** The message of the refusal, which must quote nothing. Fails if there is none, or if something was sent. */
  async function refusalOf(sending: Promise<unknown>): Promise<string> {
    const error = await errorOf(sending);
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error.message).not.toContain(CANARY);
    expect(didomi.requests).toEqual([]);
    return error.message;
  }

  describe('a body that cannot be sent', () => {
    it.each<[string, unknown, RegExp]>([
      ['a number', 42, /string, an ArrayBuffer, a Buffer, or a Stream/],
      ['a boolean', true, /string, an ArrayBuffer/],
      ['a symbol', Symbol(CANARY), /string, an ArrayBuffer/],
      ['a function', () => CANARY, /string, an ArrayBuffer/],
      ['a BigInt', 10n, /string, an ArrayBuffer/],
      ['a web stream', new Blob([CANARY]).stream(), /string, an ArrayBuffer/],
      ['a Map', new Map([[CANARY, 1]]), /has no form in JSON/],
      ['a Set', new Set([CANARY]), /has no form in JSON/],
      ['a promise', Promise.resolve(CANARY), /has no form in JSON/],
      ['an Error', new Error(CANARY), /has no form in JSON/],
      ['an object with a BigInt', { value: 10n }, /holds a BigInt/],
      ['an object whose toJSON() fails', { toJSON: fail }, /toJSON\(\)/],
      ['an object whose toJSON() gives nothing', { toJSON: () => undefined }, /toJSON\(\)/],
      ['a circular object', circular(), /circular or nested too deeply/],
      ['a circular entity', new Entity(), /circular/],
      ['an object that is nested too deeply', nested(20_000), /nested too deeply/],
      ['a stream that was closed', createReadStream(import.meta.filename).destroy(), /was closed before it was sent/],
    ])('is refused if it is %s', async (_title, body, hint) => {
      expect(await refusalOf(axios.post('/x', body))).toMatch(hint);
    });

    it.each<[string, unknown, RegExp]>([
      ['is nested too deeply', nested(200), /nested too deeply/],
      ['is circular', circular(), /circular or nested too deeply/],
      ['holds a Blob', { file: new Blob([CANARY]) }, /Blob is not supported\. Use a Buffer instead\./],
      ['holds a symbol', { value: Symbol(CANARY) }, /a symbol/],
      ['is a number', 42, /string, an ArrayBuffer/],
    ])('is refused if it is a form that %s', async (_title, body, hint) => {
      expect(await refusalOf(axios.postForm('/x', body))).toMatch(hint);
    });

    it('is refused beyond maxBodyLength', async () => {
      expect(await refusalOf(axios.post('/x', { a: CANARY }, { maxBodyLength: 5 }))).toMatch(/maxBodyLength/);
    });

    it('says maxBodyLength where a stream exceeds it, and does not say that nothing was sent', async () => {
      const body = Readable.from([Buffer.from(CANARY)]);
      const error = await errorOf(axios.post('/x', body, { maxBodyLength: 5 }));
      expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', attempts: 1 });
      expect(error.message).toContain('larger than maxBodyLength');
      expect(body.destroyed).toBe(true);
    });

    it.each<[string, DidomiRequestConfig]>([
      ['its own options are wrong', config({ didomi: { retry: CANARY } })],
      ['another option is wrong', config({ timeout: CANARY })],
    ])('is closed if it is a stream and %s', async (_title, options) => {
      const body = createReadStream(import.meta.filename);
      expect(await refusalOf(axios.post('/x', body, options))).toMatch(/has to be/);
      expect(body.destroyed).toBe(true);
    });
  });

  describe('an option that cannot be followed', () => {
    it.each<[string, Record<string, unknown>, RegExp]>([
      ['the name of a header', { headers: { 'bad name': CANARY } }, /name of a header|cannot be sent as it is/],
      [
        'a colon in the name of a header',
        { headers: { 'bad:name': CANARY } },
        /name of a header|cannot be sent as it is/,
      ],
      ['the method', { method: 'GE T' }, /the method|cannot be sent as it is/],
      ['the method CONNECT', { method: 'connect' }, /not CONNECT: that opens a tunnel/],
      ['a url that is a number', { url: 42 }, /url and the baseURL .* strings/],
      ['a url that is an URL', { url: new URL('http://127.0.0.1') }, /url and the baseURL .* strings/],
      ['a url that is null', { url: null }, /url and the baseURL .* strings/],
      ['a url that no URL can be', { url: 'http://[/x' }, /another origin/],
      ['the port of the url', { url: 'http://127.0.0.1:99999/x' }, /another origin/],
      ['a user name in the url', { url: 'http://user:pw@127.0.0.1/x' }, /another origin/],
      ['a baseURL that is null', { baseURL: null }, /url and the baseURL .* strings/],
      ['responseEncoding', { responseEncoding: CANARY }, /responseEncoding of a request/],
      ['httpVersion 3', { httpVersion: 3 }, /httpVersion of a request has to be 1 or 2/],
      ['httpVersion', { httpVersion: CANARY }, /httpVersion of a request/],
      [
        'a proxy that is a URL',
        { proxy: `http://user:${CANARY}@127.0.0.1:9` },
        /proxy of a request has to be an object/,
      ],
      ['a proxy without a host', { proxy: {} }, /proxy of a request has to be an object/],
      ['paramsSerializer', { paramsSerializer: CANARY }, /was not sent/],
      ['a paramsSerializer that throws', { params: { a: 1 }, paramsSerializer: fail }, /paramsSerializer fails/],
      [
        'a serialize() that throws',
        { params: { a: 1 }, paramsSerializer: { serialize: fail } },
        /paramsSerializer fails/,
      ],
      ['an encode() that throws', { params: { a: 1 }, paramsSerializer: { encode: fail } }, /paramsSerializer fails/],
      [
        'params whose toJSON() throws',
        { params: { a: Object.create({ toJSON: fail }) as unknown } },
        /toJSON\(\) of theirs/,
      ],
      ['params that are circular', { params: circular() }, /was not sent: Circular reference detected in params/],
      ['params that are text', { params: CANARY }, /params has to be a plain object/],
      ['an unknown adapter', { adapter: CANARY }, /adapter of a request has to be/],
      ['a list of unknown adapters', { adapter: [CANARY, 'xhr'] }, /adapter of a request has to be/],
      ['an adapter that is an object', { adapter: {} }, /adapter of a request has to be/],
      ['onUploadProgress', { onUploadProgress: CANARY }, /onUploadProgress of a request has to be a function/],
      ['onDownloadProgress', { onDownloadProgress: CANARY }, /onDownloadProgress of a request has to be a function/],
      ['lookup', { lookup: {} }, /lookup of a request has to be a function/],
      ['family', { family: 5 }, /family of a request has to be 4 or 6/],
      ['maxRate', { maxRate: -1 }, /maxRate of a request/],
      ['maxContentLength', { maxContentLength: CANARY }, /maxContentLength of a request/],
      ['maxBodyLength', { maxBodyLength: Number.NaN }, /maxBodyLength of a request/],
      ['validateStatus', { validateStatus: CANARY }, /validateStatus of a request/],
      ['signal', { signal: CANARY }, /signal of a request has to be an AbortSignal/],
      ['cancelToken', { cancelToken: {} }, /cancelToken of a request/],
      ['timeout', { timeout: -1 }, /timeout of a request/],
      ['a timeout that is a symbol', { timeout: Symbol(CANARY) }, /timeout of a request/],
      ['transitional', { transitional: CANARY }, /was not sent/],
      ['transport', { transport: { request: () => undefined } }, /another server/],
      ['socketPath', { socketPath: 'any.sock' }, /another server/],
      [
        'the host of http2Options',
        { httpVersion: 2, http2Options: { host: 'evil.example' } },
        /http2Options\.host could send/,
      ],
      ['the port of http2Options', { httpVersion: 2, http2Options: { port: 1 } }, /http2Options\.port could send/],
      ['a signal that fails', { signal: { aborted: false, addEventListener: fail } }, /was not sent/],
      ['the header Host', { headers: { hOst: 'evil.example' } }, /header Host/],
    ])('is refused: %s, with the adapters http and fetch', async (_title, options, hint) => {
      expect(await refusalOf(axios.request(config({ url: '/x', ...options })))).toMatch(hint);
      if (options['adapter'] !== undefined) return;
      expect(await refusalOf(axios.request(config({ url: '/x', adapter: 'fetch', ...options })))).toMatch(hint);
    });

    const ofTransport = new Map<TestTransport, [title: string, options: Record<string, unknown>, hint: RegExp][]>([
      [
        HTTP,
        [
          ['the port of a proxy', { proxy: { host: '127.0.0.1', port: 99_999 } }, /port of its URL or proxy/],
          ['the protocol of an agent', { httpAgent: new HttpsAgent() }, /agent or proxy is for another protocol/],
          ['an agent', { httpAgent: CANARY }, /such as an agent/],
          ['a query with a line break', { paramsSerializer: () => 'a=\n', params: { a: 1 } }, /percent-encoded/],
          ['a trailer', { method: 'post', data: 'text', headers: { Trailer: CANARY } }, /header Trailer/],
        ],
      ],
      [
        UNDICI,
        [
          ['a proxy', { proxy: { host: '127.0.0.1', port: 9 } }, /^The option proxy .*: set axios\.proxy/],
          ['proxy: false', { proxy: false }, /^The option proxy of a request cannot be used with undiciAdapter/],
          ['an agent', { httpAgent: CANARY }, /^The option httpAgent .*: configure undiciAdapter/],
          ['an agent for https:', { httpsAgent: new HttpsAgent() }, /^The option httpsAgent /],
          ['HTTP/2', { httpVersion: 2 }, /^The option httpVersion .*: set allowH2/],
          ['options of HTTP/2', { http2Options: {} }, /^The option http2Options /],
          ['a lookup', { lookup: () => undefined }, /^The option lookup .*: set connect\.lookup/],
          ['a family', { family: 4 }, /^The option family .*: set connect\.family/],
          ['a rate', { maxRate: 1_000 }, /^The option maxRate /],
          ['progress of an upload', { onUploadProgress: () => undefined }, /^The option onUploadProgress .*: count/],
          [
            'progress of a download',
            { onDownloadProgress: () => undefined },
            /^The option onDownloadProgress .*: count/,
          ],
          ['a lenient parser', { insecureHTTPParser: true }, /^The option insecureHTTPParser /],
          ['a query with a line break', { paramsSerializer: () => 'a=\n', params: { a: 1 } }, /its URL or its method/],
          ['a header of the connection', { headers: { Upgrade: CANARY } }, /set by the transport itself/],
          ['an expectation', { headers: { Expect: '100-continue' } }, /does not support one of its headers/],
        ],
      ],
    ]);

    it.each(ofTransport.get(transport)!)('is refused: %s', async (_title, options, hint) => {
      expect(await refusalOf(axios.request(config({ url: '/x', ...options })))).toMatch(hint);
    });

    it.each<[string, Record<string, unknown>]>([
      ['a body with GET', { data: { a: 1 } }],
      ['a header that belongs to fetch', { headers: { Upgrade: 'x', Connection: 'upgrade' } }],
    ])('is refused: %s, with the adapter fetch', async (_title, options) => {
      expect(await refusalOf(axios.get('/x', config({ adapter: 'fetch', ...options })))).toMatch(
        /cannot be sent as it is/,
      );
    });

    it.each([undefined, null])('counts as absent if it is %s', async (value) => {
      const names = 'family lookup maxRate onDownloadProgress onUploadProgress proxy signal cancelToken timeout'.split(
        ' ',
      );
      const options = Object.fromEntries(names.map((name) => [name, value]));
      await axios.post('/x', 'text', config(options));
      expect(didomi.requests).toHaveLength(1);
    });

    it('says so where it could be noticed only after the request was sent', async () => {
      const error = await errorOf(axios.get('/x', { validateStatus: fail }));
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(/^The request was sent, and answered with 200, but its validateStatus/);
      expect(didomi.requests).toHaveLength(1);
    });
  });

  describe('a header', () => {
    it.each(['\r\nX-Smuggled: 1', '\n X-Smuggled: 1', '\0', '\u2028', '\u{1f600}'])(
      'brings no other one along in its value: %j',
      async (end) => {
        await errorOf(axios.get('/x', { headers: { 'X-Value': `a${end}` } }));
        for (const { headers } of didomi.requests) expect(headers['x-smuggled']).toBeUndefined();
      },
    );

    it.each(['1', '1000', 'many'])('cannot give a body of known length another one: %s', async (length) => {
      const options: AxiosRequestConfig = { headers: new AxiosHeaders({ 'Content-Length': length }) };
      await axios.post('/x', { a: 1 }, options);
      await axios.get('/x', options);
      expect(didomi.requests.map(({ body }) => body)).toEqual(['{"a":1}', '']);
      expect(didomi.requests[0]?.headers['content-length']).toBe('7');
    });
  });
});
