import { describe, expect, it } from '@jest/globals';
import { AxiosError, AxiosHeaders, type AxiosAdapter, type AxiosResponse } from 'axios';
import type { DidomiHttpService } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { Loopback, stubWithNetwork } from '../../support/loopback.js';

const CANARY = 'canary-of-the-adapter';

/** What adapters of applications resolve with, reject with and throw, whatever their type says. */
const adapter = (behave: () => unknown): AxiosAdapter => behave as AxiosAdapter;

async function client(): Promise<DidomiHttpService['axiosRef']> {
  const { http } = await createClient({ retry: false });
  return http.axiosRef;
}

describe("the answer of an application's adapter", () => {
  it.each<[string, unknown]>([
    ['without headers', { status: 200, data: '{"a":1}' }],
    ['with headers that are null', { status: 200, data: '{"a":1}', headers: null }],
    ['with a Headers of fetch', { status: 200, data: '{"a":1}', headers: new Headers({ etag: '1' }) }],
    ['with nothing but status and data', { status: 200, data: { a: 1 } }],
    [
      'that is frozen',
      Object.freeze({
        status: 200,
        data: Object.freeze({ a: 1 }),
        headers: Object.freeze(new AxiosHeaders({ 'set-cookie': ['a=1'], echo: 'Bearer token-1' })),
      }),
    ],
  ])('is good %s', async (_title, answer) => {
    const axios = await client();
    const response = await axios.get('/x', { adapter: adapter(() => Promise.resolve(answer)) });
    expect(response).toMatchObject({ status: 200, data: { a: 1 } });
    expect(response.headers).toBeInstanceOf(AxiosHeaders);
    expect(JSON.stringify(response.headers)).not.toContain('token-1');
  });

  it.each<[string, unknown]>([
    ['that is none of a promise', { status: 200, data: { a: 1 } }],
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    ['of a thenable', { then: (resolve: (value: unknown) => void) => resolve({ status: 200, data: { a: 1 } }) }],
  ])('is good %s', async (_title, answer) => {
    const axios = await client();
    expect(await axios.get('/x', { adapter: adapter(() => answer) })).toMatchObject({ data: { a: 1 } });
  });

  it.each<[string, unknown, string]>([
    ['without headers', { status: 404 }, 'GET /v1/x was answered with 404: no message'],
    ['without data', { status: 500, headers: {} }, 'GET /v1/x was answered with 500: no message'],
    ['with a body that toJSON() hides', { status: 400, data: { toJSON: () => undefined } }, ': no message'],
    ['with a body that cannot be written', { status: 400, data: { a: 1n } }, ': no message'],
    ['with a Blob', { status: 400, data: new Blob(['{"message":"in a blob"}']) }, ': in a blob'],
  ])('is an error %s, whether the adapter resolves or rejects', async (_title, answer, message) => {
    const axios = await client();
    for (const behave of [() => Promise.resolve(answer), () => Promise.reject({ response: answer })]) {
      const error = await errorOf(axios.get('/x', { adapter: adapter(behave) }));
      expect(error).toMatchObject({ code: 'DIDOMI_API', attempts: 1 });
      expect(error.message).toContain(message);
    }
  });

  it.each([undefined, null, 'text', 42, {}, { status: '200' }, { status: Number.NaN }, { status: 0 }, []])(
    'is none if it is %j',
    async (answer) => {
      const axios = await client();
      const error = await errorOf(axios.get('/x', { adapter: adapter(() => Promise.resolve(answer)) }));
      expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', reason: 'unknown', attempts: 1 });
      expect(error.message).toContain('The adapter answered without a status');
    },
  );

  it('keeps what others have put on it, but not the request', async () => {
    const axios = await client();
    const answer = { status: 200, data: {}, headers: {}, cached: true, id: 'key', stale: false, request: { CANARY } };
    const response = await axios.get('/x', { adapter: adapter(() => Promise.resolve(answer)) });
    expect(response).toMatchObject({ cached: true, id: 'key', stale: false });
    expect(response).not.toHaveProperty('request');
    // It may be the adapter's own, kept for the next request.
    expect(answer.request).toEqual({ CANARY });
  });
});

describe("the failure of an application's adapter", () => {
  const failures: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['text', CANARY],
    ['a number', 42],
    ['a symbol', Symbol(CANARY)],
    ['a function', () => CANARY],
    ['an Error', new Error(CANARY)],
    ['an object', { code: 42, message: CANARY, response: 42 }],
    ['a response of an accepted status', { response: { status: 200, data: CANARY } }],
    ['an AxiosError of its own', new AxiosError(CANARY, 'ECONNRESET')],
    ['an error that fails when it is looked at', Object.defineProperty(new Error(CANARY), 'response', { get: fail })],
  ];

  it.each(failures)('is an error of the library for %s, rejected or thrown', async (_title, failure) => {
    const axios = await client();
    const rejects = adapter(() => Promise.reject(failure));
    const throws = adapter(() => {
      throw failure;
    });
    for (const given of [rejects, throws]) {
      const error = await errorOf(axios.get('/x', { adapter: given }));
      expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', attempts: 1 });
      expect(error.message).not.toContain(CANARY);
    }
  });

  it('does not say that nothing was sent, if it is a fault in its code, and is not tried again', async () => {
    const { http } = await createClient();
    let sent = 0;
    const faulty = adapter(() => {
      sent += 1;
      throw new TypeError(CANARY);
    });
    const error = await errorOf(http.axiosRef.get('/x', { adapter: faulty }));
    expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', attempts: 1 });
    expect(error.message).toContain('(TypeError in the adapter)');
    expect(sent).toBe(1);
  });

  it('quotes no AxiosError that Axios did not make', async () => {
    const axios = await client();
    const given = adapter(() => Promise.reject(Object.assign(new AxiosError(CANARY), { message: CANARY })));
    expect((await errorOf(axios.get('/x', { adapter: given }))).message).not.toContain(CANARY);
  });
});

describe('the adapter for fetch', () => {
  const redirecting = async () => {
    const elsewhere = await Loopback.start();
    const didomi = await Loopback.start();
    return { didomi, elsewhere };
  };

  it.each([301, 302, 303, 307, 308])('follows no redirect with %d, whatever its caller asks for', async (status) => {
    const { didomi, elsewhere } = await redirecting();
    didomi.onRequest = (_request, response) => {
      response.writeHead(status, { Location: `${elsewhere.origin}/stolen` }).end();
    };
    const { http } = await createClient({ baseURL: `${didomi.origin}/v1`, retry: false }, { stub: stubWithNetwork() });
    const options = { maxRedirects: 5, fetchOptions: { redirect: 'follow' } };
    for (const given of ['fetch', ['fetch', 'http'], ['fetch']] as const) {
      const error = await errorOf(http.axiosRef.post('/x', { a: 1 }, { ...options, adapter: given as 'fetch' }));
      expect(error).toMatchObject({ code: 'DIDOMI_API', status });
      expect(error.message).toContain(`redirects are not followed, and this one points to ${elsewhere.origin}`);
      expect(error.message).not.toContain('stolen');
    }
    expect(didomi.requests).toHaveLength(3);
    expect(elsewhere.requests).toEqual([]);
  });

  it('gives back the answer to a redirect, if its caller accepts it', async () => {
    const { didomi, elsewhere } = await redirecting();
    didomi.onRequest = (_request, response) => response.writeHead(302, { Location: elsewhere.origin }).end('moved');
    const { http } = await createClient({ baseURL: `${didomi.origin}/v1` }, { stub: stubWithNetwork() });
    const response: AxiosResponse = await http.axiosRef.get('/x', { adapter: 'fetch', validateStatus: null });
    expect(response).toMatchObject({ status: 302, data: 'moved' });
    expect(elsewhere.requests).toEqual([]);
  });
});

function fail(): never {
  throw new Error(CANARY);
}
