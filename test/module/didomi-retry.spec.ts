import { describe, expect, it, jest } from '@jest/globals';
import axios, { CanceledError, isCancel, type AxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import {
  DidomiApiError,
  DidomiAuthenticationError,
  DidomiRequestError,
  DidomiTransportError,
  type DidomiModuleOptions,
  type DidomiRequestConfig,
} from '../../lib/index.js';
import { createClient as client, type TestClient } from '../support/create-client.js';
import { jwt, networkError, type DidomiStub, type StubAnswer } from '../support/didomi-stub.js';
import { settled, type FakeClock } from '../support/fake-clock.js';
import { errorOf } from '../support/error-of.js';

type Outcome = StubAnswer | Error;

const LONG_MS = 120_000;
const OK: StubAnswer = { status: 200, data: {} };
const METHODS = ['get', 'head', 'options', 'query', 'put', 'delete', 'post', 'patch'] as const;
const REPEATABLE = ['get', 'head', 'options', 'query', 'put', 'delete'] as const;
const OWN_ID = { id: 'b5a8e0b6', user: {} };

/** A client that has its access token, and nothing on record yet. */
async function warmClient(options: Partial<DidomiModuleOptions> = {}): Promise<TestClient> {
  const made = await client(options);
  await made.http.axiosRef.get('/warm');
  made.stub.apiRequests.length = 0;
  return made;
}

/** Answers one request after the other with these, and all further ones with the last. */
function answerWith(stub: DidomiStub, ...answers: readonly Outcome[]): void {
  let count = 0;
  stub.onApiRequest = () => answers[Math.min(count++, answers.length - 1)]!;
}

/** Has each random number be this one while something is done. Nest itself needs others when it starts. */
async function withRandom(random: number, run: () => Promise<void>): Promise<void> {
  const spy = jest.spyOn(Math, 'random').mockReturnValue(random);
  await run();
  spy.mockRestore();
}

/** The error of a call that needs some time. */
async function failureOf(promise: Promise<unknown>, clock: FakeClock): Promise<Error & { attempts?: number }> {
  const error = errorOf(promise);
  await clock.advance(LONG_MS);
  return await error;
}

/** A promise for the end of a call, and whether it has come. */
function watched(promise: Promise<unknown>): { isSettled: boolean; error: Promise<Error> } {
  const watch = { isSettled: false, error: errorOf(promise) };
  void watch.error.then(() => (watch.isSettled = true));
  return watch;
}

const throttled = (headers: Record<string, string> = { 'retry-after': '2' }): StubAnswer => ({ status: 429, headers });
const told = (limit: number, remaining: number, reset: number): Record<string, string> => ({
  ratelimit: `limit=${limit}, remaining=${remaining}, reset=${reset}`,
  'ratelimit-policy': `${limit};w=${reset}`,
});
const paths = ({ apiRequests }: DidomiStub): unknown[] => apiRequests.map(({ url }) => url);

describe('a request that was answered 429', () => {
  it.each(METHODS)('is sent again after Retry-After, with %s', async (method) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, throttled(), OK);
    const call = http.axiosRef.request({ method, url: '/x', data: method === 'post' ? { a: 1 } : undefined });
    await clock.advance(1_999);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(1);
    expect(stub.apiRequests).toHaveLength(2);
    expect((await call).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, (clock: FakeClock) => Record<string, string>, number]>([
    ['Retry-After as a date', (clock) => ({ 'retry-after': new Date(clock.now() + 3_000).toUTCString() }), 3_000],
    ['the reset of RateLimit', () => ({ ratelimit: 'limit=100, remaining=0, reset=4' }), 4_000],
    ['Retry-After before the reset', () => ({ 'retry-after': '6', ratelimit: 'limit=9, remaining=0, reset=4' }), 6_000],
  ])('waits for %s', async (_title, headers, ms) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, throttled(headers(clock)), OK);
    const call = http.axiosRef.post('/x', {});
    await clock.advance(ms - 1);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(1);
    expect((await call).status).toBe(200);
  });

  it.each([
    ['without a word of when', {}],
    ['with no wait', { 'retry-after': '0' }],
    ['with a date that is over', { 'retry-after': new Date(0).toUTCString() }],
    ['with a header that means nothing', { 'retry-after': 'soon' }],
  ])('%s waits for half a second and some more', async (_title, headers) => {
    for (const [random, ms] of [
      [0, 500],
      [0.998, 999],
    ] as const) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, throttled(headers), OK);
      await withRandom(random, async () => {
        const call = http.axiosRef.get('/x');
        await clock.advance(ms - 1);
        expect(stub.apiRequests).toHaveLength(1);
        await clock.advance(1);
        expect((await call).status).toBe(200);
      });
    }
  });

  it.each(['/consents/users', 'https://api.didomi.io/v1/consents/events'])(
    'is sent again at %s, too, where no limit is known',
    async (url) => {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, throttled(), OK);
      const call = http.axiosRef.post(url, {});
      await clock.advance(1_999);
      await http.axiosRef.get('/other');
      expect(paths(stub)).toEqual([url, '/other']);
      await clock.advance(1);
      expect((await call).status).toBe(200);
      expect(clock.pending).toBe(0);
    },
  );

  it('is sent again for a caller who accepts every status', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, throttled(), OK);
    const call = http.axiosRef.get('/x', { validateStatus: () => true });
    await clock.advance(2_000);
    expect((await call).status).toBe(200);
    answerWith(stub, throttled({ 'retry-after': '31' }));
    expect((await http.axiosRef.get('/x', { validateStatus: () => true })).status).toBe(429);
  });

  it('holds the others that count, and those that come meanwhile', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, throttled(), OK);
    const calls = [http.axiosRef.get('/a')];
    await settled();
    calls.push(http.axiosRef.get('/b'), http.axiosRef.post('/consents/events', {}));
    await clock.advance(1_999);
    expect(paths(stub)).toEqual(['/a', '/consents/events']);
    await clock.advance(1);
    await Promise.all(calls);
    expect(paths(stub)).toEqual(['/a', '/consents/events', '/a', '/b']);
  });

  it('keeps its place before those that were never sent', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 200, headers: told(2, 1, 3) });
    await http.axiosRef.get('/warm');
    let refuse: () => void = () => undefined;
    stub.onApiRequest = ({ url }) =>
      url === '/a' && stub.apiRequests.length === 2
        ? new Promise((resolve) => (refuse = () => resolve(throttled({ ...told(2, 0, 3), 'retry-after': '3' }))))
        : { status: 200, headers: told(2, 0, 3) };
    const calls = ['/a', '/b', '/c'].map((url) => http.axiosRef.get(url));
    await settled();
    refuse();
    await settled();
    expect(paths(stub)).toEqual(['/warm', '/a']);
    await clock.advance(LONG_MS);
    await Promise.all(calls);
    expect(paths(stub)).toEqual(['/warm', '/a', '/a', '/b', '/c']);
  });

  it('goes before exempt ones that were never sent when as many are in flight as may be', async () => {
    const { http, stub, clock } = await warmClient({ maxConcurrent: 1 });
    const held: (() => void)[] = [];
    stub.onApiRequest = (_config, count) =>
      count === 0 ? throttled() : new Promise((resolve) => held.push(() => resolve(OK)));
    const calls = ['/a', '/consents/events', '/consents/events'].map((url) => http.axiosRef.post(url, {}));
    await clock.advance(2_000);
    for (let call = 0; call < 3; call += 1) {
      held.shift()?.();
      await settled();
    }
    await Promise.all(calls);
    expect(paths(stub)).toEqual(['/a', '/consents/events', '/a', '/consents/events']);
  });
});

describe('a request that failed for a moment', () => {
  const MOMENTARY: [string, Outcome][] = [
    ...[502, 503, 504].map((status): [string, Outcome] => [String(status), { status }]),
    ...['ECONNABORTED', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].map(
      (code): [string, Outcome] => [code, networkError(code)],
    ),
  ];

  it.each(MOMENTARY)('with %s is sent again where that is safe', async (_title, outcome) => {
    for (const method of REPEATABLE) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, outcome, OK);
      const call = http.axiosRef.request({ method, url: '/x' });
      await clock.advance(LONG_MS);
      expect((await call).status).toBe(200);
      expect(stub.apiRequests).toHaveLength(2);
      expect(clock.pending).toBe(0);
    }
  });

  it.each(MOMENTARY)('with %s is not sent again where it could be done twice', async (_title, outcome) => {
    for (const method of ['post', 'patch'] as const) {
      for (const url of ['/x', '/consents/users', '/consents/events/1', '/consents/tokens']) {
        const { http, stub, clock } = await warmClient();
        answerWith(stub, outcome);
        await failureOf(http.axiosRef.request({ method, url, data: OWN_ID }), clock);
        expect(stub.apiRequests).toHaveLength(1);
      }
    }
  });

  it.each([
    '/consents/events',
    'consents/events',
    '/consents/events/',
    '/consents/events?organization_id=o',
    'https://api.didomi.io/v1/consents/events',
    '//api.didomi.io/v1/consents/events?organization_id=o',
  ])('is sent again as POST %s if each event has an id of its own', async (url) => {
    for (const body of [OWN_ID, [OWN_ID], [OWN_ID, { id: 'other' }], JSON.stringify([OWN_ID])]) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, { status: 503 }, networkError('ECONNRESET'), OK);
      const call = http.axiosRef.post(url, body, { headers: { 'Content-Type': 'application/json' } });
      await clock.advance(LONG_MS);
      expect((await call).status).toBe(200);
      const sent = stub.apiRequests.map(({ data }) => data as unknown);
      expect(sent).toEqual(Array(3).fill(typeof body === 'string' ? body : JSON.stringify(body)));
    }
  });

  it.each([
    ['/consents/events', {}],
    ['https://gateway.example/didomi/v1/consents/events', {}],
    ['https://gateway.example/didomi/consents/events', {}],
    ['/events', { baseURL: 'https://gateway.example/didomi/v1/consents' }],
  ])('is sent again as POST %s (%j) behind a gateway', async (url, config) => {
    const { http, stub, clock } = await warmClient({ baseURL: 'https://gateway.example/didomi/v1' });
    answerWith(stub, { status: 503 }, OK);
    const call = http.axiosRef.post(url, OWN_ID, config);
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
  });

  it('is sent again as POST /consents/events where the base URL has no /v1', async () => {
    const { http, stub, clock } = await warmClient({ baseURL: 'https://api.didomi.io' });
    answerWith(stub, { status: 503 }, OK);
    const calls = ['/v1/consents/events', '/consents/events'].map((url) => http.axiosRef.post(url, OWN_ID));
    await clock.advance(LONG_MS);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each<[string, unknown]>([
    ['no id', { user: {} }],
    ['an empty id', { id: '' }],
    ['an id that is a number', { id: 1 }],
    ['an id that is null', { id: null }],
    ['one event without an id', [OWN_ID, { user: {} }]],
    ['one event of null', [OWN_ID, null]],
    ['one event that is a list', [OWN_ID, [OWN_ID]]],
    ['no events', []],
    ['no body', undefined],
    ['text', 'id=1'],
    ['a form', new URLSearchParams({ id: '1' })],
  ])('is not sent again as POST /consents/events with %s', async (_title, body) => {
    for (const outcome of [{ status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, outcome);
      await failureOf(http.axiosRef.post('/consents/events', body), clock);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it.each(['patch', 'put'] as const)('is no POST to events with %s', async (method) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 503 }, OK);
    const call = errorOf(http.axiosRef[method]('/consents/events', OWN_ID));
    await clock.advance(LONG_MS);
    await call;
    expect(stub.apiRequests).toHaveLength(method === 'put' ? 2 : 1);
  });

  it.each<[string, Outcome]>([
    ...[400, 403, 404, 408, 409, 422, 500, 501, 505].map((status): [string, Outcome] => [String(status), { status }]),
    ...['CERT_HAS_EXPIRED', 'EPROTO', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SOMETHING_ELSE'].map(
      (code): [string, Outcome] => [code, networkError(code)],
    ),
    ['an error without a code', new Error('odd')],
  ])('is something else than %s', async (_title, outcome) => {
    for (const method of METHODS) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, outcome);
      await failureOf(http.axiosRef.request({ method, url: '/x' }), clock);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it.each([
    [1, 0.998, 499],
    [2, 0.998, 499 + 998],
    [2, 0.5, 250 + 500],
  ])('waits for a random share of a span that doubles: %d times, %d of it', async (retries, random, ms) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, ...Array<Outcome>(retries).fill({ status: 503 }), OK);
    await withRandom(random, async () => {
      const call = http.axiosRef.get('/x');
      await clock.advance(ms - 1);
      expect(stub.apiRequests).toHaveLength(retries);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    });
  });

  it('may have a share of nothing, and is sent again at once then', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 503 }, OK);
    await withRandom(0, async () => {
      expect((await http.axiosRef.get('/x')).status).toBe(200);
    });
  });

  it.each([
    [0, '7', 7_000],
    [0.5, '7', 7_250],
    [0.998, '30', 30_000],
  ])('waits for Retry-After and a random share on top (%d), but no longer than it may', async (random, asked, ms) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 503, headers: { 'Retry-After': asked } }, OK);
    await withRandom(random, async () => {
      const call = http.axiosRef.get('/x');
      await clock.advance(ms - 1);
      expect(stub.apiRequests).toHaveLength(1);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    });
  });

  it('waits no longer for the end of a window of the rate limit, of which its answer tells', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 503, headers: told(100, 60, 7) }, OK);
    const call = http.axiosRef.get('/x');
    await clock.advance(500);
    expect((await call).status).toBe(200);
  });

  it('with a stream for a body is never sent again, and says so', async () => {
    for (const outcome of [throttled(), { status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, outcome);
      const error = await failureOf(http.axiosRef.put('/x', Readable.from(['a'])), clock);
      expect(error.message).toMatch(/not sent again.*stream/);
      expect(error.attempts).toBe(1);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it('is sent again with its body and headers as they were, transformed once', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 503 }, throttled(), OK);
    let transforms = 0;
    const transformRequest = (data: unknown): string => {
      transforms += 1;
      return JSON.stringify(data);
    };
    const call = http.axiosRef.put('/x', { a: 'é' }, { transformRequest, headers: { 'X-Own': '1' } });
    await clock.advance(LONG_MS);
    await call;
    expect(transforms).toBe(1);
    const sent = stub.apiRequests.map(({ data, headers }) => [data as unknown, { ...headers.toJSON() }]);
    expect(sent).toEqual(Array(3).fill(sent[0]));
  });

  it.each([502, 503, 504])('with %d is sent again for a caller who accepts every status, too', async (status) => {
    const { http, stub, clock } = await warmClient();
    const config = { validateStatus: () => true };
    answerWith(stub, { status }, OK);
    const call = http.axiosRef.get('/x', config);
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
    answerWith(stub, { status });
    const last = http.axiosRef.get('/x', config);
    await clock.advance(LONG_MS);
    expect((await last).status).toBe(status);
    expect(stub.apiRequests).toHaveLength(2 + 3);
    expect((await http.axiosRef.post('/x', {}, config)).status).toBe(status);
  });

  it('lets go of the streams of answers that are not the last', async () => {
    const { http, stub, clock } = await warmClient();
    const bodies = [Readable.from(['a']), Readable.from(['b'])];
    answerWith(stub, { ...throttled(), data: bodies[0] }, { status: 503, data: bodies[1] }, { status: 200, data: 'c' });
    const call = http.axiosRef.get('/x', { responseType: 'stream' });
    await clock.advance(LONG_MS);
    await call;
    expect(bodies.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});

describe('the limits of retries', () => {
  it.each<[string, Outcome]>([
    ['429', throttled()],
    ['503', { status: 503 }],
    ['ECONNRESET', networkError('ECONNRESET')],
  ])('are three attempts with %s', async (_title, outcome) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, outcome);
    expect(await failureOf(http.axiosRef.get('/x'), clock)).toMatchObject({ attempts: 3 });
    expect(stub.apiRequests).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, Partial<DidomiModuleOptions>, DidomiRequestConfig['didomi'], number]>([
    ['off for the client', { retry: false }, undefined, 1],
    ['off for the request', {}, { retry: false }, 1],
    ['off for the client and on for the request', { retry: false }, { retry: { maxAttempts: 3 } }, 3],
    ['other ones of the client', { retry: { maxAttempts: 2 } }, undefined, 2],
    ['other ones of the request', {}, { retry: { maxAttempts: 5 } }, 5],
    ['those of the client beside another limit', { retry: { maxAttempts: 4 } }, { retry: { maxWaitMs: 9_000 } }, 4],
    ['those of the client beside other options', { retry: { maxAttempts: 2 } }, { replay: false }, 2],
  ])('can be %s', async (_title, options, didomi, attempts) => {
    for (const outcome of [throttled(), { status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await warmClient(options);
      answerWith(stub, outcome);
      const config: DidomiRequestConfig = { didomi };
      expect(await failureOf(firstValueFrom(http.get('/x', config)), clock)).toMatchObject({ attempts });
      expect(stub.apiRequests).toHaveLength(attempts);
    }
  });

  it.each([429, 503])(
    'are waits of 30 s after %i; a longer one is refused at once, and its length told',
    async (status) => {
      const { http, stub, clock } = await warmClient();
      answerWith(stub, { status, headers: { 'retry-after': '30' } }, { status, headers: { 'retry-after': '31' } });
      const call = watched(http.axiosRef.get('/x'));
      await clock.advance(29_999);
      expect(call.isSettled).toBe(false);
      await clock.advance(1);
      expect(call.isSettled).toBe(true);
      expect(await call.error).toMatchObject({ status, attempts: 2, retryAfterMs: 31_000 });
      expect(clock.pending).toBe(0);
    },
  );

  it.each<[string, Partial<DidomiModuleOptions>, DidomiRequestConfig['didomi']]>([
    ['the client', { retry: { maxWaitMs: 60_000 } }, undefined],
    ['the request', {}, { retry: { maxWaitMs: 60_000 } }],
  ])('are longer waits if %s allows them', async (_title, options, didomi) => {
    for (const status of [429, 503]) {
      const { http, stub, clock } = await warmClient(options);
      answerWith(stub, { status, headers: { 'retry-after': '60' } }, OK);
      const call = firstValueFrom(http.get('/x', { didomi }));
      await clock.advance(59_999);
      expect(stub.apiRequests).toHaveLength(1);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    }
  });

  it('are shorter waits if the request says so, for others as well as for itself', async () => {
    const { http, stub, clock } = await warmClient();
    const config: DidomiRequestConfig = { didomi: { retry: { maxWaitMs: 1_000 } } };
    answerWith(stub, throttled(), OK);
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({ status: 429, retryAfterMs: 2_000 });
    const patient = http.axiosRef.get('/patient');
    const error = await errorOf(http.axiosRef.get('/y', config));
    expect(error).toMatchObject({ code: 'DIDOMI_REQUEST', retryAfterMs: 2_000 });
    expect(paths(stub)).toEqual(['/x']);
    await clock.advance(2_000);
    expect((await patient).status).toBe(200);
  });

  it('refuse who waits already once the wait becomes too long for it, and nobody else', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 200, headers: told(2, 1, 3) });
    await http.axiosRef.get('/warm');
    let refuse: () => void = () => undefined;
    stub.onApiRequest = ({ url }, count) =>
      url === '/a' && count === 1
        ? new Promise((resolve) => (refuse = () => resolve(throttled({ 'retry-after': '20' }))))
        : OK;
    const calls = [http.axiosRef.get('/a'), http.axiosRef.get('/patient')];
    const config: DidomiRequestConfig = { didomi: { retry: { maxWaitMs: 5_000 } } };
    const hurried = watched(http.axiosRef.get('/hurried', config));
    await settled();
    expect(hurried.isSettled).toBe(false);
    refuse();
    expect(await hurried.error).toMatchObject({ code: 'DIDOMI_REQUEST', retryAfterMs: 20_000 });
    await clock.advance(LONG_MS);
    await Promise.all(calls);
    expect(paths(stub)).toEqual(['/warm', '/a', '/a', '/patient']);
  });

  it.each<[string, unknown, RegExp]>([
    ['a misspelt option', { retries: false }, /didomi\.retries is not an option: did you mean didomi\.retry\?/],
    [
      'a misspelt limit',
      { retry: { maxAttempt: 5 } },
      /didomi\.retry\.maxAttempt is not an option: did you mean didomi\.retry\.maxAttempts\?/,
    ],
    ['retry: true', { retry: true }, /didomi\.retry has to be an object, or false for no retry/],
    ['no attempts', { retry: { maxAttempts: 0 } }, /didomi\.retry\.maxAttempts has to be a whole number from 1/],
    ['half a wait', { retry: { maxWaitMs: 0.5 } }, /didomi\.retry\.maxWaitMs has to be a whole number from 0/],
    ['replay: 1', { replay: 1 }, /didomi\.replay has to be true or false/],
    ['an empty organization', { organizationId: '' }, /didomi\.organizationId is empty/],
    ['no object', 'x', /didomi has to be an object/],
  ])('are refused by name: %s', async (_title, didomi, message) => {
    const { http, stub } = await warmClient();
    for (const call of [
      http.axiosRef.get('/x', { didomi } as object),
      firstValueFrom(http.get('/x', { didomi } as object)),
    ]) {
      const error = await errorOf(call);
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(message);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });

  it('of the client are refused by name', async () => {
    const error = await errorOf(client({ retry: { maxAttempt: 5 } as object }));
    expect(error).toMatchObject({ code: 'DIDOMI_CONFIGURATION' });
    expect(error.message).toMatch(/retry\.maxAttempt is not an option: did you mean retry\.maxAttempts\?/);
  });
});

describe('the access token of each attempt', () => {
  /** Access tokens that live for 20 s. */
  async function shortLived(): Promise<TestClient> {
    const made = await client();
    made.stub.onTokenRequest = (_config, count) => ({
      status: 200,
      data: { access_token: jwt({ exp: made.clock.now() / 1_000 + 20, jti: count }) },
    });
    await made.http.axiosRef.get('/warm');
    return made;
  }

  const isUsable = (bearer: string | undefined, clock: FakeClock): boolean =>
    (JSON.parse(Buffer.from(bearer!.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp * 1_000 >
    clock.now();

  it.each<[string, Outcome]>([
    ['a 429', throttled({ 'retry-after': '25' })],
    ['a 503', { status: 503, headers: { 'retry-after': '25' } }],
  ])('is a new one when it expired in the wait after %s', async (_title, outcome) => {
    const { http, stub, clock } = await shortLived();
    answerWith(stub, outcome, OK);
    const call = http.axiosRef.get('/x');
    await clock.advance(25_500);
    expect((await call).status).toBe(200);
    const [, first, second] = stub.bearers;
    expect(second).not.toBe(first);
    expect(isUsable(second, clock)).toBe(true);
  });

  it('is a new one when it expired while the request waited for the rate limit', async () => {
    const { http, stub, clock } = await shortLived();
    answerWith(stub, { status: 200, headers: told(100, 0, 25) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.get('/x');
    await clock.advance(24_999);
    expect(paths(stub)).toEqual(['/warm', '/last']);
    await clock.advance(1);
    expect((await call).status).toBe(200);
    expect(isUsable(stub.bearers[2], clock)).toBe(true);
  });

  it('is the one that was renewed meanwhile', async () => {
    const { http, stub, auth, clock } = await warmClient();
    answerWith(stub, throttled(), OK);
    const call = http.axiosRef.get('/x');
    await settled();
    await auth.refresh();
    await clock.advance(2_000);
    await call;
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
  });

  it('that cannot be had ends the call, and its place is free again', async () => {
    const { http, stub, clock, auth } = await warmClient({ maxConcurrent: 1 });
    answerWith(stub, throttled(), OK);
    const call = errorOf(http.axiosRef.get('/x'));
    await settled();
    auth.invalidate(await auth.getAccessToken());
    stub.onTokenRequest = () => ({ status: 400 });
    await clock.advance(2_000);
    expect(await call).toMatchObject({ code: 'DIDOMI_AUTHENTICATION', reason: 'rejected' });
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'again' } });
    await clock.advance(3_600_000);
    expect((await http.axiosRef.get('/y')).status).toBe(200);
  });
});

describe('a 401 beside retries', () => {
  it.each<[string, readonly Outcome[], readonly string[]]>([
    ['after a 503', [{ status: 503 }, { status: 401 }, OK], ['token-1', 'token-1', 'token-2']],
    ['after a 429', [throttled(), { status: 401 }, OK], ['token-1', 'token-1', 'token-2']],
    ['before a 503', [{ status: 401 }, { status: 503 }, OK], ['token-1', 'token-2', 'token-2']],
    [
      'after the last retry',
      [{ status: 503 }, { status: 503 }, { status: 401 }, OK],
      ['token-1', 'token-1', 'token-1', 'token-2'],
    ],
    [
      'before as many retries as may be',
      [{ status: 401 }, { status: 503 }, networkError('ECONNRESET'), OK],
      ['token-1', 'token-2', 'token-2', 'token-2'],
    ],
  ])('is replayed once %s', async (_title, answers, bearers) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, ...answers);
    const call = http.axiosRef.get('/x');
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
    expect(stub.bearers).toEqual(bearers);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('does not count as an attempt, and stays the cause of the final error', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 401, data: { name: 'NotAuthenticated', message: 'expired' } }, { status: 503 });
    const error = await failureOf(http.axiosRef.get('/x'), clock);
    expect(error).toMatchObject({
      status: 503,
      attempts: 4,
      cause: { status: 401, attempts: 1, didomiName: 'NotAuthenticated', message: expect.stringContaining('expired') },
    });
    expect(error.cause).toBeInstanceOf(DidomiApiError);
  });

  it('is bounded however it alternates with failures of a moment', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 503 }, { status: 401 }, { status: 503 }, { status: 401, data: { message: 'no' } });
    const error = await failureOf(http.axiosRef.get('/x'), clock);
    expect(error).toMatchObject({ status: 401, attempts: 4, cause: { status: 401, attempts: 2 } });
    expect(error.message).toMatch(/with another access token, too/);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is the cause of the error of the token request that followed', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 401, data: { message: 'expired' } });
    stub.onTokenRequest = () => ({ status: 400 });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toBeInstanceOf(DidomiAuthenticationError);
    expect(error).toMatchObject({
      reason: 'rejected',
      cause: { status: 401, message: expect.stringContaining('expired') },
    });
  });

  it('is the cause where a later attempt gets no access token', async () => {
    const { http, stub, auth, clock } = await warmClient();
    answerWith(stub, { status: 401, data: { message: 'expired' } }, { status: 503, headers: { 'retry-after': '9' } });
    const call = errorOf(http.axiosRef.get('/x'));
    await settled();
    stub.onTokenRequest = () => ({ status: 400 });
    auth.invalidate(await auth.getAccessToken());
    await clock.advance(LONG_MS);
    expect(await call).toMatchObject({ reason: 'rejected', cause: { status: 401, attempts: 1 } });
  });

  it('is passed on at once with replay: false, and no token request is sent', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 401, data: { message: 'no' } });
    const error = await errorOf(firstValueFrom(http.get('/x', { didomi: { replay: false } })));
    expect(error).toMatchObject({ status: 401, attempts: 1 });
    expect(error.cause).toBeUndefined();
    expect(stub.tokenRequests).toHaveLength(1);
  });
});

describe('a caller who gives up during a wait', () => {
  const WAITS: [string, readonly Outcome[], number][] = [
    ['after a 429', [throttled()], 1],
    ['after a 429 of an exempt path', [throttled()], 1],
    ['after a 503', [{ status: 503, headers: { 'retry-after': '9' } }], 1],
    ['for the rate limit', [{ status: 200, headers: told(9, 0, 9) }], 1],
  ];

  async function waiting(title: string, answers: readonly Outcome[]): Promise<TestClient & { url: string }> {
    const made = await warmClient();
    answerWith(made.stub, ...answers);
    if (title === 'for the rate limit') await made.http.axiosRef.get('/last');
    return { ...made, url: title.includes('exempt') ? '/consents/events' : '/x' };
  }

  it.each(WAITS)('%s ends by its signal at once, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.put(url, {}, { signal: abort.signal }));
    await settled();
    expect(clock.pending).toBe(1);
    abort.abort();
    const error = await call;
    expect(isCancel(error)).toBe(true);
    const facts = { method: 'PUT', path: `/v1${url}`, attempts: title === 'for the rate limit' ? 0 : 1 };
    expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', reason: 'aborted', ...facts });
    expect(clock.pending).toBe(0);
    await clock.advance(LONG_MS);
    expect(stub.apiRequests).toHaveLength(sent);
  });

  it.each(WAITS)('%s ends by its cancel token at once, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const source = axios.CancelToken.source();
    const call = errorOf(http.axiosRef.get(url, { cancelToken: source.token }));
    await settled();
    source.cancel('enough');
    const error = await call;
    expect(isCancel(error)).toBe(true);
    expect(error).toMatchObject({ path: `/v1${url}`, attempts: title === 'for the rate limit' ? 0 : 1 });
    expect(clock.pending).toBe(0);
    expect(stub.apiRequests).toHaveLength(sent);
  });

  it.each(WAITS)('%s ends by unsubscribing at once, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const errors: unknown[] = [];
    const subscription = http.get(url).subscribe({ error: (error: unknown) => errors.push(error) });
    await settled();
    expect(clock.pending).toBe(1);
    subscription.unsubscribe();
    await settled();
    expect(clock.pending).toBe(0);
    await clock.advance(LONG_MS);
    expect(stub.apiRequests).toHaveLength(sent);
    expect(errors).toEqual([]);
  });

  it.each(WAITS)('%s is told that the client is closed when the application stops', async (title, answers, sent) => {
    const { http, stub, clock, app, url } = await waiting(title, answers);
    const call = errorOf(http.axiosRef.get(url));
    await settled();
    await app.close();
    expect(await call).toMatchObject({ code: 'DIDOMI_AUTHENTICATION', reason: 'closed' });
    expect(clock.pending).toBe(0);
    expect(stub.apiRequests).toHaveLength(sent);
    expect(await errorOf(http.axiosRef.get(url))).toMatchObject({ reason: 'closed' });
  });
});

describe('the error of a caller who gave up', () => {
  const GIVE_UP: [string, () => { config: AxiosRequestConfig; giveUp: () => void }][] = [
    [
      'by a signal',
      () => {
        const abort = new AbortController();
        return { config: { signal: abort.signal }, giveUp: () => abort.abort() };
      },
    ],
    [
      'by a cancel token',
      () => {
        const { token, cancel } = axios.CancelToken.source();
        return { config: { cancelToken: token }, giveUp: () => cancel() };
      },
    ],
  ];
  const aborted = (attempts: number): object => ({
    name: 'DidomiTransportError',
    reason: 'aborted',
    method: 'PUT',
    path: '/v1/x',
    attempts,
    message: 'PUT /v1/x was given up by its caller',
  });

  it.each(GIVE_UP)('%s before anything was sent says that nothing was', async (_title, by) => {
    const { http, stub } = await warmClient();
    const { config, giveUp } = by();
    giveUp();
    for (const ask of [http.axiosRef.put('/x', {}, config), firstValueFrom(http.put('/x', {}, config))]) {
      const error = await errorOf(ask);
      expect(error).toMatchObject(aborted(0));
      expect(isCancel(error)).toBe(true);
    }
    expect(stub.apiRequests).toHaveLength(0);
  });

  it.each(GIVE_UP)('%s while it waited for the access token says that nothing was sent', async (_title, by) => {
    const { http, stub } = await client();
    stub.onTokenRequest = () => new Promise(() => undefined);
    const { config, giveUp } = by();
    const call = errorOf(http.axiosRef.put('/x', {}, config));
    await settled();
    giveUp();
    expect(await call).toMatchObject(aborted(0));
  });

  it.each(GIVE_UP)('%s in the second attempt says so', async (_title, by) => {
    const { http, stub, clock } = await warmClient();
    stub.onApiRequest = (sent, count) => {
      if (count === 0) return { status: 503 };
      return new Promise((_, reject) => {
        sent.cancelToken?.subscribe((reason: Error) => reject(reason));
        sent.signal?.addEventListener?.('abort', () => reject(new CanceledError(undefined, sent)));
      });
    };
    const { config, giveUp } = by();
    const call = errorOf(http.axiosRef.put('/x', {}, config));
    await clock.advance(1_000);
    giveUp();
    expect(await call).toMatchObject(aborted(2));
  });

  it.each(GIVE_UP)('%s holds no access token through an instance made from ours either', async (_title, by) => {
    for (const outcome of [throttled(), { status: 503 }, { status: 401 }]) {
      const { http, stub } = await warmClient();
      answerWith(stub, outcome);
      stub.onTokenRequest = () => new Promise(() => undefined);
      const { config, giveUp } = by();
      await withRandom(0.5, async () => {
        const call = errorOf(http.axiosRef.create().put('/x', {}, config));
        await settled();
        giveUp();
        const error = await call;
        expect(error).toMatchObject(aborted(1));
        expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/token-1/);
      });
    }
  });
});

describe('a DidomiApiError', () => {
  it('has the facts of answer and request', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, {
      status: 422,
      headers: { 'content-type': 'application/json; charset=utf-8', ...told(100, 7, 9) },
      data: JSON.stringify({ code: 422, name: 'Unprocessable', message: 'Not so', errors: [{ path: 'a' }] }),
    });
    const error = await errorOf(http.axiosRef.post('/x/1?email=a@b.c', { secret: 1 }, { params: { token: 'p' } }));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(Object.fromEntries(Object.entries(error))).toEqual({
      name: 'DidomiApiError',
      code: 'DIDOMI_API',
      status: 422,
      method: 'POST',
      path: '/v1/x/1',
      attempts: 1,
      didomiName: 'Unprocessable',
      errors: [{ path: 'a' }],
      contentType: 'application/json',
      rateLimit: { limit: 100, remaining: 7, resetAt: clock.now() + 9_000 },
    });
    expect(error.message).toBe('POST /v1/x/1 was answered with 422: Not so');
  });

  it('has them whatever the case of the names of headers', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 429, headers: { 'Content-Type': 'text/plain', 'RETRY-AFTER': '40' } });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ retryAfterMs: 40_000, contentType: 'text/plain' });
  });

  it.each<[string, unknown, unknown]>([
    ['a list', [{ field: 'a' }], [{ field: 'a' }]],
    ['an object', { a: ['required'] }, { a: ['required'] }],
    ['null', null, undefined],
    ['absent', undefined, undefined],
  ])('has the errors of Didomi as they came: %s', async (_title, errors, expected) => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 400, data: JSON.stringify({ name: 'BadRequest', message: 'm', errors }) });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect((error as DidomiApiError).errors).toEqual(expected);
  });

  const ENVELOPE = JSON.stringify({ name: 'NotFound', message: 'No such thing' });
  it.each<[string, unknown, string | undefined, AxiosRequestConfig, RegExp]>([
    ['JSON', ENVELOPE, 'application/json', {}, /404: No such thing$/],
    ['parsed JSON', JSON.parse(ENVELOPE), 'application/json', {}, /404: No such thing$/],
    ['bytes', Buffer.from(ENVELOPE), 'application/json', { responseType: 'arraybuffer' }, /404: No such thing$/],
    ['a stream', Readable.from([ENVELOPE]), 'application/json', { responseType: 'stream' }, /404: No such thing$/],
    ['text', 'Too many requests', 'text/plain', {}, /404: Too many requests$/],
    ['HTML', '<html><body>Bad</body></html>', 'text/html', {}, /404: no message, text\/html$/],
    ['nothing', '', undefined, {}, /404: no message$/],
    ['nothing in bytes', Buffer.alloc(0), undefined, { responseType: 'arraybuffer' }, /404: no message$/],
    ['JSON without a message', '{}', 'application/json', {}, /404: no message, application\/json$/],
    ['a message in HTML', '{"message":"<b>no</b>"}', 'application/json', {}, /404: no message, application\/json$/],
    ['a message that is no text', '{"message":7}', 'application/json', {}, /404: no message, application\/json$/],
  ])('has a message for people whatever the body is: %s', async (_title, data, contentType, config, message) => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 404, data, headers: contentType === undefined ? {} : { 'content-type': contentType } });
    const error = await errorOf(http.axiosRef.get('/x', config));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error.message).toMatch(message);
    expect((error as DidomiApiError).contentType).toBe(contentType);
  });

  it.each<[string, (echo: string) => unknown]>([
    ['JSON', (echo) => JSON.stringify({ message: echo, name: echo, errors: [{ headers: { authorization: echo } }] })],
    ['text', (echo) => echo],
    ['bytes', (echo) => Buffer.from(echo)],
    ['a stream', (echo) => Readable.from([echo.slice(0, 9), echo.slice(9)])],
  ])('has no access token that the body echoes in %s', async (_title, body) => {
    const { http, stub } = await warmClient();
    stub.onApiRequest = ({ headers }) => ({
      status: 400,
      data: body(`you sent ${String(headers.get('Authorization'))}`),
    });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error.message + inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toMatch(
      /token-1/,
    );
    expect(error.message).toMatch(/you sent Bearer \[redacted\]/);
  });
});

describe('a DidomiTransportError', () => {
  it.each([
    ['ECONNABORTED', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'refused'],
    ['ENETUNREACH', 'refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EPROTO', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EWHATEVER', 'unknown'],
  ])('for %s has the reason %s', async (code, reason) => {
    const { http, stub } = await warmClient();
    answerWith(stub, networkError(code));
    const error = await errorOf(http.axiosRef.post('/x?email=a@b.c', {}));
    expect(error).toBeInstanceOf(DidomiTransportError);
    expect(error).toMatchObject({ reason, systemCode: code, method: 'POST', path: '/v1/x', attempts: 1 });
    expect(error.message).toBe(`POST /v1/x got no answer: ${reason} (${code})`);
    expect(isCancel(error)).toBe(false);
  });

  it('for an error without a code has none either', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, new Error('token-1'));
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toMatchObject({ reason: 'unknown', message: 'GET /v1/x got no answer: unknown' });
    expect((error as DidomiTransportError).systemCode).toBeUndefined();
  });

  it('is none for a request that cannot be sent as it is', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, networkError('ERR_BAD_OPTION'));
    expect(await errorOf(http.axiosRef.get('/x'))).toBeInstanceOf(DidomiRequestError);
  });

  it('for a caller who gave up is a cancellation to Axios, too', async () => {
    const { http, stub } = await warmClient();
    stub.onApiRequest = () => new Promise(() => undefined);
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.get('/x', { signal: abort.signal }));
    await settled();
    abort.abort();
    expect(axios.isCancel(await call)).toBe(true);
  });
});

describe.each([
  'get',
  'delete',
  'head',
  'options',
  'post',
  'put',
  'patch',
  'postForm',
  'putForm',
  'patchForm',
] as const)('a failed %s', (verb) => {
  it('fails alike through Observables and axiosRef', async () => {
    const { http, stub } = await warmClient();
    const withBody = verb.startsWith('p');
    const calls: Record<string, () => Promise<unknown>> = {
      axiosRef: () => (withBody ? http.axiosRef[verb as 'post']('/x', { a: '1' }) : http.axiosRef[verb as 'get']('/x')),
      // `HttpService` has no options().
      observable: () =>
        verb === 'options'
          ? firstValueFrom(http.request({ method: verb, url: '/x' }))
          : firstValueFrom(withBody ? http[verb as 'post']('/x', { a: '1' }) : http[verb as 'get']('/x')),
    };
    const method = verb.replace('Form', '').toUpperCase();
    for (const call of Object.values(calls)) {
      answerWith(stub, { status: 500, data: '{"message":"sorry"}' });
      const answered = await errorOf(call());
      expect(answered).toBeInstanceOf(DidomiApiError);
      expect(answered).toMatchObject({ status: 500, method, path: '/v1/x', message: expect.stringContaining('sorry') });
      answerWith(stub, networkError('EPROTO'));
      const unanswered = await errorOf(call());
      expect(unanswered).toBeInstanceOf(DidomiTransportError);
      expect(unanswered).toMatchObject({ reason: 'tls', method });
    }
  });
});

describe('an answer of 200 whose JSON cannot be read', () => {
  it('is text, as Axios has it', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 200, data: '{"a":' });
    expect((await http.axiosRef.get<unknown>('/x')).data).toBe('{"a":');
  });

  const NOTHING_BUT_JSON: AxiosRequestConfig = { responseType: 'json', transitional: { silentJSONParsing: false } };

  it('is a DidomiApiError for a caller who asked for nothing but JSON', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 200, data: '{"a":' });
    const error = await errorOf(http.axiosRef.get('/x', NOTHING_BUT_JSON));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(error).toMatchObject({ status: 200, path: '/v1/x' });
    expect(error.message).toMatch(/the answer cannot be read/);
  });

  it('has no access token that the body echoes', async () => {
    const { http, stub } = await warmClient();
    stub.onApiRequest = ({ headers }) => ({ status: 200, data: `{"a": ${String(headers.get('Authorization'))}` });
    const error = await errorOf(http.axiosRef.get('/x', NOTHING_BUT_JSON));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/token-1/);
  });
});

describe('the pace of requests', () => {
  it('follows the rate limit, which can be read', async () => {
    const { http, stub, clock } = await warmClient();
    expect(http.rateLimit).toBeUndefined();
    answerWith(stub, { status: 200, headers: told(100, 60, 7) });
    await http.axiosRef.get('/x');
    expect(http.rateLimit).toEqual({ limit: 100, remaining: 60, resetAt: clock.now() + 7_000 });
  });

  it.each<[string, string, DidomiRequestConfig]>([
    ['GET', '/properties', {}],
    ['POST', '/properties', {}],
    ['GET', '/consents', { baseURL: 'https://api.didomi.io/v1/other' }],
    ['GET', '/consentsomething', {}],
    ['GET', 'https://api.didomi.io/dsar/requests', {}],
    ['GET', '/consents/users', { params: { $include_full_tree: true } }],
    ['GET', '/consents/users/1', { params: { $include_full_tree: 'true' } }],
    ['GET', 'consents/users', { params: new URLSearchParams({ $include_full_tree: 'true' }) }],
    ['GET', '/consents/users?$include_full_tree=true', {}],
    ['GET', 'https://api.didomi.io/v1/consents/users?a=1&%24include_full_tree=true', {}],
  ])('has %s %s wait when nothing remains', async (method, url, config) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 200, headers: told(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.request({ ...config, method, url });
    await clock.advance(6_999);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(1);
    expect((await call).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, string, DidomiRequestConfig]>([
    ['GET', '/consents/users', {}],
    ['GET', '/consents/users', { params: { $include_full_tree: false } }],
    ['POST', '/consents/users', { params: { $include_full_tree: true } }],
    ['POST', '/consents/events', {}],
    ['GET', '/consents/events', { params: { $include_full_tree: true } }],
    ['GET', 'consents/proofs', {}],
    ['GET', 'https://api.didomi.io/v1/consents/users/1', {}],
  ])('has %s %s (%j) not wait', async (method, url, config) => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 200, headers: told(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    expect((await http.axiosRef.request({ ...config, method, url })).status).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, DidomiRequestConfig, boolean]>([
    ['/consents/events', {}, false],
    ['https://gateway.example/didomi/v1/consents/users', {}, false],
    ['/users', { baseURL: 'https://gateway.example/didomi/v1/consents' }, false],
    ['/properties', {}, true],
    ['/consents/users', { params: { $include_full_tree: true } }, true],
    ['https://gateway.example/consents/users', {}, true],
    ['https://gateway.example/didomiconsents/users', {}, true],
  ])('tells behind a gateway whether %s (%j) counts', async (url, config, counts) => {
    const { http, stub, clock } = await warmClient({ baseURL: 'https://gateway.example/didomi/v1' });
    answerWith(stub, { status: 200, headers: told(100, 0, 7) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.get(url, config);
    await settled();
    expect(stub.apiRequests).toHaveLength(counts ? 1 : 2);
    await clock.advance(7_000);
    expect((await call).status).toBe(200);
  });

  it('refuses a wait of more than 30 s at once, and says how long it is', async () => {
    const { http, stub } = await warmClient();
    answerWith(stub, { status: 200, headers: told(100, 0, 31) });
    await http.axiosRef.get('/last');
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error).toMatchObject({ retryAfterMs: 31_000, message: expect.stringContaining('it was not sent') });
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('lets as many through per window as the limit allows, in the order of arrival', async () => {
    const { http, stub, clock } = await warmClient();
    answerWith(stub, { status: 200, headers: told(3, 0, 5) });
    await http.axiosRef.get('/last');
    const urls = ['/1', '/2', '/3', '/4', '/5', '/6', '/7'];
    const calls = urls.map((url) => http.axiosRef.get(url));
    stub.onApiRequest = () => OK;
    for (const end of [3, 6, 7]) {
      await clock.advance(5_000);
      expect(paths(stub).slice(1)).toEqual(urls.slice(0, end));
    }
    await Promise.all(calls);
  });

  it('has no more in flight than maxConcurrent, in the order of arrival, and those exempt count, too', async () => {
    const { http, stub } = await warmClient({ maxConcurrent: 2 });
    const held: (() => void)[] = [];
    stub.onApiRequest = () => new Promise((resolve) => held.push(() => resolve(OK)));
    const urls = ['/1', '/consents/events', '/3', '/consents/users', '/5'];
    const calls = urls.map((url) => http.axiosRef.get(url));
    await settled();
    expect(paths(stub)).toEqual(urls.slice(0, 2));
    for (const end of [3, 4, 5]) {
      held.shift()?.();
      await settled();
      expect(paths(stub)).toEqual(urls.slice(0, end));
    }
    for (const answer of held) answer();
    await Promise.all(calls);
  });

  it('is refused behind 10,000 that wait for the rate limit, and told when to come back', async () => {
    const { http, stub, app } = await warmClient();
    answerWith(stub, { status: 200, headers: told(20_000, 0, 7) });
    await http.axiosRef.get('/last');
    const waiting = Array.from({ length: 10_000 }, () => http.axiosRef.get('/waits').catch(() => undefined));
    await settled();
    const error = await errorOf(http.axiosRef.get('/late'));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error).toMatchObject({ retryAfterMs: 7_000 });
    expect(waiting).toHaveLength(10_000);
    await app.close();
  });

  it.each<[string, Partial<DidomiModuleOptions>, number]>([
    ['as many in flight as there are connections', {}, 128],
    ['fewer, if maxConcurrent says so', { maxConcurrent: 5 }, 5],
    ['no more, if maxConcurrent says so', { maxConcurrent: 500 }, 128],
    ['as many as it may with agents of the application', { axios: { httpsAgent: {} } }, 300],
    ['as many with an agent of the application for another protocol', { axios: { httpAgent: {} } }, 128],
  ])('has %s', async (_title, options, expected) => {
    const { http, stub, app } = await warmClient(options);
    stub.onApiRequest = () => new Promise(() => undefined);
    for (let call = 0; call < 300; call += 1) http.axiosRef.get('/x').catch(() => undefined);
    await settled();
    expect(stub.apiRequests).toHaveLength(expected);
    await app.close();
  });

  it('lets 20,000 calls at once through, whether they count or not', async () => {
    const { http, stub } = await warmClient();
    let inFlight = 0;
    let most = 0;
    stub.onApiRequest = async () => {
      most = Math.max(most, (inFlight += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return OK;
    };
    const urls = Array.from({ length: 20_000 }, (_, call) => (call % 2 === 0 ? '/properties' : '/consents/events'));
    const responses = await Promise.all(urls.map((url) => http.axiosRef.get(url)));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(20_000);
    expect(most).toBe(128);
  });

  it('gives the place of a failed request to the next', async () => {
    const { http, stub, clock } = await warmClient({ maxConcurrent: 1, retry: false });
    answerWith(stub, networkError('ECONNRESET'), { status: 500 }, { status: 200 });
    const calls = Promise.allSettled(['/1', '/2', '/3'].map((url) => http.axiosRef.get(url)));
    await clock.advance(0);
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('has no request in flight while it waits to be sent again', async () => {
    const { http, stub, clock } = await warmClient({ maxConcurrent: 1 });
    answerWith(stub, { status: 503, headers: { 'retry-after': '9' } }, OK);
    const first = http.axiosRef.get('/1');
    await settled();
    expect((await http.axiosRef.get('/2')).status).toBe(200);
    await clock.advance(9_500);
    await first;
    expect(paths(stub)).toEqual(['/1', '/2', '/1']);
  });
});

describe('clients of several processes that share a rate limit', () => {
  const LIMIT = 50;
  const WINDOW_MS = 3_000;

  /** Answers as Didomi does: at most so many in each window, which begins with its first request, and some time later. */
  function limited(stub: DidomiStub, clock: FakeClock): { served: number; refused: number }[] {
    const windows: { served: number; refused: number }[] = [];
    let endsAt = 0;
    stub.onApiRequest = async (_config, count) => {
      const travel = (ms: number): Promise<void> => new Promise((resolve) => clock.schedule(resolve, ms));
      await travel(5 + ((count * 7) % 20));
      if (clock.now() >= endsAt) {
        endsAt = clock.now() + WINDOW_MS;
        windows.push({ served: 0, refused: 0 });
      }
      const window = windows.at(-1)!;
      const isServed = window.served < LIMIT;
      window[isServed ? 'served' : 'refused'] += 1;
      const reset = Math.ceil((endsAt - clock.now()) / 1_000);
      const headers = {
        ratelimit: `limit=${LIMIT}, remaining=${LIMIT - window.served}, reset=${reset}`,
        'ratelimit-policy': `${LIMIT};w=${WINDOW_MS / 1_000}`,
      };
      await travel(5 + ((count * 13) % 20));
      return isServed
        ? { status: 200, headers }
        : { status: 429, headers: { ...headers, 'retry-after': String(reset) } };
    };
    return windows;
  }

  async function put(clients: number, calls: number, delaysMs: readonly number[]) {
    const first = await warmClient();
    const { stub, clock } = first;
    const all = [first];
    while (all.length < clients) all.push(await client({}, { stub, clock }));
    for (const { auth } of all) await auth.getAccessToken();
    const windows = limited(stub, clock);
    const made = all.map(async ({ http }, index) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, delaysMs[index % delaysMs.length]!));
      return await Promise.allSettled(Array.from({ length: calls }, (_, call) => http.axiosRef.get(`/${call}`)));
    });
    await clock.advance(100_000);
    const outcomes = (await Promise.all(made)).flat();
    return { windows, failures: outcomes.filter(({ status }) => status === 'rejected'), pending: clock.pending };
  }

  it.each<[string, number, number, readonly number[]]>([
    ['five that begin together', 5, 40, [0]],
    ['five that begin one after the other', 5, 40, [0, 60, 120, 180, 240]],
    ['five of which one begins late', 5, 40, [0, 0, 0, 0, 4_000]],
    ['two', 2, 100, [0, 30]],
    ['three of which one is quick enough to have whole windows', 3, 150, [0, 100, 120]],
    ['ten', 10, 20, [0, 25, 50]],
  ])('get all their calls through in three attempts: %s', async (_title, clients, calls, delaysMs) => {
    const { windows, failures, pending } = await put(clients, calls, delaysMs);
    expect(failures).toEqual([]);
    expect(windows.length).toBeLessThanOrEqual(Math.ceil((clients * calls) / LIMIT) + 1);
    expect(pending).toBe(0);
  });

  it('draw few 429s once they know of each other', async () => {
    const { windows } = await put(5, 40, [0, 10]);
    const [first, ...later] = windows.map(({ refused }) => refused);
    expect(first).toBe(150);
    expect(later.reduce((total, refused) => total + refused, 0)).toBeLessThanOrEqual(25);
  });

  it('are not waited for by a client that is alone', async () => {
    const { windows, failures } = await put(1, 200, [0]);
    expect(failures).toEqual([]);
    // As many as there are connections are under way when the first answer tells the limit.
    expect(windows).toEqual([128 - LIMIT, 0, 0, 0].map((refused) => ({ served: LIMIT, refused })));
  });
});

describe('the query of a request', () => {
  const sentTo = ({ http, stub }: TestClient): URL => new URL(http.axiosRef.getUri(stub.apiRequests.at(-1)));
  const organizations = (made: TestClient): string[] => sentTo(made).searchParams.getAll('organization_id');

  it.each<[string, string, DidomiRequestConfig, string[]]>([
    ['is added where there is none', '/x', {}, ['own']],
    ['is added beside other parameters', '/x', { params: { $limit: 5 } }, ['own']],
    ['is added to URLSearchParams', '/x', { params: new URLSearchParams({ a: '1' }) }, ['own']],
    ['is added to a query in the url', '/x?a=1', {}, ['own']],
    ['is added where params has it undefined', '/x', { params: { organization_id: undefined } }, ['own']],
    ['is that of params', '/x', { params: { organization_id: 'given' } }, ['given']],
    ['is null where params says so', '/x', { params: { organization_id: null } }, ['null']],
    ['is that of URLSearchParams', '/x', { params: new URLSearchParams({ organization_id: 'given' }) }, ['given']],
    ['is that of the url', '/x?organization_id=given', {}, ['given']],
    ['is that of an absolute url', 'https://api.didomi.io/v1/x?a=1&organization_id=given', {}, ['given']],
    ['is a list of its own in params', '/x', { params: { organization_id: { $in: ['a', 'b'] } } }, []],
    ['is a list by name in params', '/x', { params: { 'organization_id[$in]': ['a', 'b'] } }, []],
    ['is a list in URLSearchParams', '/x', { params: new URLSearchParams([['organization_id[$in]', 'a']]) }, []],
    ['is a list in the url', '/x?organization_id[$in]=a', {}, []],
    ['is a list in the url, encoded', '/x?a=1&organization_id%5b$in%5d=a', {}, []],
    ['is added beside a name that only begins like it', '/x?organization_ids=a', {}, ['own']],
    ['is another one of the request', '/x', { didomi: { organizationId: 'other' } }, ['other']],
    ['is none where the request says false', '/x', { didomi: { organizationId: false } }, []],
    ['goes to other prefixes', 'https://api.didomi.io/dsar/requests', {}, ['own']],
    ['never goes to /sessions', 'https://api.didomi.io/v1/sessions', {}, []],
    ['never goes to sessions with a query', 'https://api.didomi.io/v1/sessions?a=1', { params: { b: 1 } }, []],
    ['goes to what only begins like it', '/sessions-report', {}, ['own']],
  ])("has the client's organization: it %s", async (_title, url, config, expected) => {
    const made = await warmClient({ organizationId: 'own' });
    const { http } = made;
    const given = {
      ...config,
      ...(config.params instanceof URLSearchParams ? {} : { params: config.params && { ...config.params } }),
    };
    const before = String(config.params instanceof URLSearchParams ? config.params : JSON.stringify(config.params));
    await http.axiosRef.get(url, given);
    expect(organizations(made)).toEqual(expected);
    await firstValueFrom(http.get(url, given));
    expect(organizations(made)).toEqual(expected);
    expect(String(given.params instanceof URLSearchParams ? given.params : JSON.stringify(given.params))).toBe(before);
    expect(made.stub.tokenRequests.map(({ params }) => params as unknown)).toEqual([undefined]);
  });

  it('has the filter that an object gives by its toJSON(), and the organization beside it', async () => {
    class Filter {
      readonly #status = 'confirmed';
      toJSON = (): object => ({ status: this.#status });
    }
    const made = await warmClient({ organizationId: 'own' });
    await made.http.axiosRef.delete('/consents/events', { params: new Filter() });
    expect(sentTo(made).search).toBe('?status=confirmed&organization_id=own');
  });

  it.each<[string, unknown]>([
    ['a Map', new Map([['status', 'confirmed']])],
    ['a list', [['status', 'confirmed']]],
    ['text', 'status=confirmed'],
    ['a Date', new Date(0)],
  ])('is no place for %s', async (_title, params) => {
    const { http, stub } = await warmClient({ organizationId: 'own' });
    const error = await errorOf(http.axiosRef.delete('/consents/events', { params }));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error.message).toMatch(/^params has to be/);
    expect(stub.apiRequests).toEqual([]);
    expect(() => http.axiosRef.getUri({ params })).toThrow(/params has to be/);
  });

  it('has the organization once however often the request is sent', async () => {
    const made = await warmClient({ organizationId: 'own' });
    const { http, stub, clock } = made;
    answerWith(stub, throttled(), { status: 401 }, { status: 503 }, OK);
    const params = new URLSearchParams({ a: '1' });
    const call = http.axiosRef.get('/x', { params });
    await clock.advance(LONG_MS);
    await call;
    expect(stub.apiRequests).toHaveLength(4);
    expect(organizations(made)).toEqual(['own']);
    expect(String(params)).toBe('a=1');
  });

  it('has no organization at /sessions behind a gateway either', async () => {
    const made = await warmClient({ organizationId: 'own', baseURL: 'https://gateway.example/didomi/v1' });
    for (const url of ['https://gateway.example/didomi/v1/sessions', 'https://gateway.example/didomi/sessions?a=1']) {
      await made.http.axiosRef.get(url);
      expect(organizations(made)).toEqual([]);
    }
  });

  it('has no organization where the client has none, but for the one of the request', async () => {
    const made = await warmClient();
    await made.http.axiosRef.get('/x');
    expect(organizations(made)).toEqual([]);
    await firstValueFrom(made.http.get('/x', { didomi: { organizationId: 'given' } }));
    expect(organizations(made)).toEqual(['given']);
  });

  it('has null as text, and leaves out undefined only', async () => {
    const made = await warmClient();
    await made.http.axiosRef.get('/x', { params: { deployed_at: null, gone: undefined, 'status[$in]': ['a', 'b'] } });
    expect(decodeURIComponent(sentTo(made).search)).toBe('?deployed_at=null&status[$in]=a&status[$in]=b');
  });

  it.each(['/consents/users', 'consents/users'])('follows upon a path with and without a slash: %s', async (url) => {
    const made = await warmClient({ organizationId: 'own' });
    await made.http.axiosRef.get(url);
    expect(sentTo(made).href).toBe('https://api.didomi.io/v1/consents/users?organization_id=own');
    answerWith(made.stub, { status: 404 });
    expect(await errorOf(made.http.axiosRef.get(url))).toMatchObject({ path: '/v1/consents/users' });
  });
});
