import { describe, expect, it } from '@jest/globals';
import { answerInOrder, OK, rateLimitHeaders, type Outcome } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { withRandom } from '../../support/with-random.js';

describe('the delay before a retry', () => {
  it.each([
    [1, 0.998, 499],
    [2, 0.998, 499 + 998],
    [2, 0.5, 250 + 500],
  ])('is a random share of a span that doubles: %d retries, share %d', async (retries, random, ms) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, ...Array<Outcome>(retries).fill({ status: 503 }), OK);
    await withRandom(random, async () => {
      const call = http.axiosRef.get('/x');
      await clock.advance(ms - 1);
      expect(stub.apiRequests).toHaveLength(retries);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    });
  });

  it('may be zero', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 503 }, OK);
    await withRandom(0, async () => {
      expect((await http.axiosRef.get('/x')).status).toBe(200);
    });
  });

  it.each([
    [0, '7', 7_000],
    [0.5, '7', 7_250],
    [0.998, '30', 30_000],
  ])('is Retry-After and a random share on top (%d), up to maxWaitMs', async (random, asked, ms) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 503, headers: { 'Retry-After': asked } }, OK);
    await withRandom(random, async () => {
      const call = http.axiosRef.get('/x');
      await clock.advance(ms - 1);
      expect(stub.apiRequests).toHaveLength(1);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    });
  });

  it('does not extend to the reset of the rate limit, which a 503 tells as well', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 503, headers: rateLimitHeaders(100, 60, 7) }, OK);
    const call = http.axiosRef.get('/x');
    await clock.advance(500);
    expect((await call).status).toBe(200);
  });
});
