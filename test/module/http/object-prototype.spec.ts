import { beforeEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import type { DidomiHttpService } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import { Loopback, stubWithNetwork, type LoopbackRequest } from '../../support/loopback.js';
import { TRANSPORTS } from '../../support/transports.js';

/** What Axios and Node.js read from a configuration, and from what stands in it. */
const AXIOS = [
  'adapter allowAbsoluteUrls allowedSocketPaths auth baseURL beforeRedirect cancelToken common data decompress encode env',
  'family fetch fetchOptions formDataHeaderPolicy formSerializer headers http2Options httpAgent httpVersion httpsAgent',
  'insecureHTTPParser lookup maxBodyLength maxContentLength maxRate maxRedirects method onDownloadProgress Request',
  'onUploadProgress params paramsSerializer parseReviver password post protocol proxy redact responseEncoding responseType',
  'sensitiveHeaders serialize signal socketPath timeout timeoutErrorMessage transformRequest transformResponse transitional',
  'transport url username validateStatus withCredentials withXSRFToken xsrfCookieName xsrfHeaderName Response redirect',
  'forcedJSONParsing silentJSONParsing advertiseZstdAcceptEncoding clarifyTimeoutError dots indexes metaTokens visitor',
];
const NODE = ['agent createConnection host hostname localAddress path port setHost servername lookup dispatcher'];
const UNDICI = [
  'bodyTimeout expectContinue idempotent interceptors keepAlive origin pipelining query reset tls undici upgrade',
];
const OWN = [
  'didomi organizationId retry replay maxAttempts maxWaitMs maxConcurrent pageSize reason cause code response',
];
const HEADERS = ['Authorization authorization Host host Cookie content-type Content-Length accessToken access_token'];
const NAMES = [...AXIOS, ...NODE, ...UNDICI, ...OWN, ...HEADERS].flatMap((line) => line.split(' '));

let didomi: Loopback;
let elsewhere: Loopback;
let http: DidomiHttpService;

describe.each(TRANSPORTS)('over $name', (transport) => {
  beforeEach(async () => {
    didomi = await Loopback.start();
    elsewhere = await Loopback.start();
    ({ http } = await createClient(
      { baseURL: `${didomi.origin}/v1`, axios: transport.axios() },
      { stub: stubWithNetwork(transport) },
    ));
  });

  /** What a careless merge of foreign JSON can put there, and what it cannot. */
  function poisons(): unknown[] {
    const { origin, port } = elsewhere;
    const server = { host: '127.0.0.1', hostname: '127.0.0.1', port, protocol: 'http', username: 'u', password: 'p' };
    return [origin, server, () => server];
  }

  /** Plainest and fullest of each kind. */
  async function sendAll({ form = true, fetch = true } = {}): Promise<unknown[]> {
    const answers = await Promise.all([
      http.axiosRef.get('/a'),
      http.axiosRef.get('/b', { params: { a: 1, b: ['x', 'y'] }, didomi: {} }),
      http.axiosRef.post('/c', { a: { b: 1 } }, { headers: { 'X-Own': '1' }, didomi: { retry: {} } }),
      ...(form ? [http.axiosRef.postForm('/d', { a: 1 })] : []),
      firstValueFrom(http.get('/e')),
      firstValueFrom(http.put('/f', 'text', { params: new URLSearchParams('q=1') })),
      ...(fetch ? [http.axiosRef.get('/g', { adapter: 'fetch' })] : []),
    ]);
    return answers.map(({ status, data }: { status: number; data: unknown }) => ({ status, data }));
  }

  /** In an order of their own: they are sent at once. */
  const sent = (requests: readonly LoopbackRequest[]): string[] =>
    requests
      .map((request) => JSON.stringify(request).replaceAll(/-{10,}[\w-]+|axios-[\w.]+-boundary-[\w-]+/g, 'boundary'))
      .sort();

  async function polluted<T>(name: string, value: unknown, work: () => Promise<T>): Promise<T> {
    const before = Object.getOwnPropertyDescriptor(Object.prototype, name);
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
    try {
      return await work();
    } finally {
      if (before === undefined) Reflect.deleteProperty(Object.prototype, name);
      else Object.defineProperty(Object.prototype, name, before);
    }
  }

  describe('what others have put on Object.prototype', () => {
    it.each(NAMES)('changes no request: %s', async (name) => {
      // `form-data` takes a path for a file name, and the signals of Node.js take a signal for an option.
      const send = () => sendAll({ form: name !== 'path', fetch: name !== 'signal' });
      const expectedAnswers = await send();
      const expected = sent(didomi.requests.splice(0));
      for (const poison of poisons()) {
        const answers = await polluted(name, poison, send);
        const requests = sent(didomi.requests.splice(0));
        expect({ poison: String(poison), requests }).toEqual({ poison: String(poison), requests: expected });
        expect(answers).toEqual(expectedAnswers);
      }
      expect(elsewhere.requests).toEqual([]);
    });
  });
});
