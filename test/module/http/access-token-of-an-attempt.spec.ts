import { describe, expect, it } from '@jest/globals';
import { answerInOrder, OK, rateLimitHeaders, throttled, type Outcome } from '../../support/answers.js';
import { createClient, createWarmClient, type TestClient } from '../../support/create-client.js';
import { jwt } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled, type FakeClock } from '../../support/fake-clock.js';

describe('the access token of an attempt', () => {
  /** Access tokens that live for 20 s. */
  async function shortLived(): Promise<TestClient> {
    const made = await createClient();
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
  ])('is a new one if the old one expired during the wait after %s', async (_title, outcome) => {
    const { http, stub, clock } = await shortLived();
    answerInOrder(stub, outcome, OK);
    const call = http.axiosRef.get('/x');
    await clock.advance(25_500);
    expect((await call).status).toBe(200);
    const [, first, second] = stub.bearers;
    expect(second).not.toBe(first);
    expect(isUsable(second, clock)).toBe(true);
  });

  it('is a new one if the old one expired while the request waited for the rate limit', async () => {
    const { http, stub, clock } = await shortLived();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(100, 0, 25) }, OK);
    await http.axiosRef.get('/last');
    const call = http.axiosRef.get('/x');
    await clock.advance(24_999);
    expect(stub.urls).toEqual(['/warm', '/last']);
    await clock.advance(1);
    expect((await call).status).toBe(200);
    expect(isUsable(stub.bearers[2], clock)).toBe(true);
  });

  it('is a new one if it was refreshed during the wait', async () => {
    const { http, stub, auth, clock } = await createWarmClient();
    answerInOrder(stub, throttled(), OK);
    const call = http.axiosRef.get('/x');
    await settled();
    await auth.refresh();
    await clock.advance(2_000);
    await call;
    expect(stub.bearers).toEqual(['token-1', 'token-2']);
  });

  it('that is not available ends the call, and frees its place for the next request', async () => {
    const { http, stub, clock, auth } = await createWarmClient({ maxConcurrent: 1 });
    answerInOrder(stub, throttled(), OK);
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
