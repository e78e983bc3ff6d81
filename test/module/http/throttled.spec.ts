import { describe, expect, it } from '@jest/globals';
import { answerInOrder, OK, rateLimitHeaders, throttled } from '../../support/answers.js';
import { LONG_MS } from '../../support/calls.js';
import { createWarmClient } from '../../support/create-client.js';
import { settled, type FakeClock } from '../../support/fake-clock.js';
import { withRandom } from '../../support/with-random.js';

const METHODS = ['get', 'head', 'options', 'query', 'put', 'delete', 'post', 'patch'] as const;

describe('a request that was answered 429', () => {
  it.each(METHODS)('is sent again after Retry-After, with %s', async (method) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, throttled(), OK);
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
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, throttled(headers(clock)), OK);
    const call = http.axiosRef.post('/x', {});
    await clock.advance(ms - 1);
    expect(stub.apiRequests).toHaveLength(1);
    await clock.advance(1);
    expect((await call).status).toBe(200);
  });

  it.each([
    ['without a header', {}],
    ['with a Retry-After of 0', { 'retry-after': '0' }],
    ['with a date in the past', { 'retry-after': new Date(0).toUTCString() }],
    ['with a meaningless header', { 'retry-after': 'soon' }],
  ])('%s waits for half a second to a second', async (_title, headers) => {
    for (const [random, ms] of [
      [0, 500],
      [0.998, 999],
    ] as const) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, throttled(headers), OK);
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
    'is sent again with jitter at %s, which is exempt from the rate limit',
    async (url) => {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, throttled(), OK);
      // Of up to half a second: nothing else keeps such requests from coming back at the same moment.
      await withRandom(0.5, async () => {
        const call = http.axiosRef.post(url, {});
        await clock.advance(2_249);
        await http.axiosRef.get('/other');
        expect(stub.urls).toEqual([url, '/other']);
        await clock.advance(1);
        expect((await call).status).toBe(200);
        expect(clock.pending).toBe(0);
      });
    },
  );

  it('is sent again when validateStatus accepts it, too', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, throttled(), OK);
    const call = http.axiosRef.get('/x', { validateStatus: () => true });
    await clock.advance(2_000);
    expect((await call).status).toBe(200);
    answerInOrder(stub, throttled({ 'retry-after': '31' }));
    expect((await http.axiosRef.get('/x', { validateStatus: () => true })).status).toBe(429);
  });

  it('holds back other requests that count against the rate limit', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, throttled(), OK);
    const calls = [http.axiosRef.get('/a')];
    await settled();
    calls.push(http.axiosRef.get('/b'), http.axiosRef.post('/consents/events', {}));
    await clock.advance(1_999);
    expect(stub.urls).toEqual(['/a', '/consents/events']);
    await clock.advance(1);
    await Promise.all(calls);
    expect(stub.urls).toEqual(['/a', '/consents/events', '/a', '/b']);
  });

  it('is sent again in the order of arrival, behind those that wait already', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(2, 1, 3) });
    await http.axiosRef.get('/warm');
    let refuse: () => void = () => undefined;
    stub.onApiRequest = ({ url }) =>
      url === '/a' && stub.apiRequests.length === 2
        ? new Promise(
            (resolve) => (refuse = () => resolve(throttled({ ...rateLimitHeaders(2, 0, 3), 'retry-after': '3' }))),
          )
        : { status: 200, headers: rateLimitHeaders(2, 0, 3) };
    const calls = ['/a', '/b', '/c'].map((url) => http.axiosRef.get(url));
    await settled();
    refuse();
    await settled();
    expect(stub.urls).toEqual(['/warm', '/a']);
    await clock.advance(LONG_MS);
    await Promise.all(calls);
    expect(stub.urls).toEqual(['/warm', '/a', '/b', '/c', '/a']);
  });

  it('is sent again behind exempt ones that wait already, at the limit of maxConcurrent', async () => {
    const { http, stub, clock } = await createWarmClient({ maxConcurrent: 1 });
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
    expect(stub.urls).toEqual(['/a', '/consents/events', '/consents/events', '/a']);
  });
});
