import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DidomiAuthenticationError, type DidomiAuthService } from '../../lib/index.js';
import { API_KEY, API_SECRET, createClient as client, type TestClient } from '../support/create-client.js';
import { DidomiStub, jwt, networkError, type StubAnswer } from '../support/didomi-stub.js';
import { settled } from '../support/fake-clock.js';

const HOUR = 3_600_000;
/** A stub that issues JWTs of this lifetime, by a server clock that is off by `skewMs`. */
function issuing(lifetimeMs: number, { skewMs = 0 } = {}): (made: TestClient) => void {
  return ({ stub, clock }) => {
    stub.onTokenRequest = (_config, count) => {
      const iat = (clock.now() + skewMs) / 1_000;
      return { status: 200, data: { access_token: jwt({ iat, exp: iat + lifetimeMs / 1_000, jti: count }) } };
    };
  };
}

/** Answers that the test gives when it wants to. */
function deferred(stub: DidomiStub): ((answer: StubAnswer | Error) => void)[] {
  const answers: ((answer: StubAnswer | Error) => void)[] = [];
  stub.onTokenRequest = () => new Promise((resolve) => answers.push(resolve));
  return answers;
}

async function failureOf(promise: Promise<unknown>): Promise<DidomiAuthenticationError> {
  const error = await promise.then(
    () => new Error('resolved'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DidomiAuthenticationError);
  return error as DidomiAuthenticationError;
}

/** Long enough for the retries of a token request, in the time of the test. */
const RETRIES_MS = 1_250;

/** The failure of calls that wait for all retries of their token request. */
async function failureAfterRetries(
  promise: Promise<unknown>,
  { clock }: TestClient,
): Promise<DidomiAuthenticationError> {
  const failure = failureOf(promise);
  await clock.advance(RETRIES_MS);
  return await failure;
}

const accessToken = (value: string): StubAnswer => ({ status: 200, data: { access_token: value } });

describe('asking for an access token', () => {
  it('sends the API key and secret as Didomi documents it', async () => {
    const { auth, stub } = await client();
    await auth.getAccessToken();
    const [request] = stub.tokenRequests;
    expect(request).toMatchObject({ method: 'post', baseURL: 'https://api.didomi.io/v1', url: '/sessions' });
    expect(JSON.parse(String(request?.data))).toEqual({ type: 'api-key', key: API_KEY, secret: API_SECRET });
    expect(request?.headers.get('Content-Type')).toBe('application/json');
    expect(request?.headers.has('Authorization')).toBe(false);
  });

  it('reuses the access token until it is due', async () => {
    const { auth, stub, clock } = await client();
    const values = [await auth.getAccessToken()];
    await clock.advance(HOUR / 2 - 1);
    values.push(await auth.getAccessToken());
    expect(values).toEqual(['token-1', 'token-1']);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('shares one token request among 10,000 cold callers', async () => {
    const { auth, stub } = await client();
    const values = await Promise.all(Array.from({ length: 10_000 }, () => auth.getAccessToken()));
    expect(new Set(values)).toEqual(new Set(['token-1']));
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('rejects all who wait once, with an error of their own each, and asks afresh for the next caller', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = (_config, count) => (count < 3 ? { status: 503 } : accessToken('good'));
    const waiting = Promise.all(Array.from({ length: 100 }, () => failureOf(auth.getAccessToken())));
    await clock.advance(RETRIES_MS);
    const errors = await waiting;
    expect(new Set(errors).size).toBe(100);
    expect(errors[0]).toMatchObject({ reason: 'unavailable', status: 503, code: 'DIDOMI_AUTHENTICATION' });
    expect(stub.tokenRequests).toHaveLength(3);
    await clock.advance(4_000);
    expect(await auth.getAccessToken()).toBe('good');
    expect(stub.tokenRequests).toHaveLength(4);
  });

  it('serves the access token and renews it in the background inside the refresh window', async () => {
    const { auth, stub, clock } = await client();
    await auth.getAccessToken();
    const answers = deferred(stub);
    await clock.advance(HOUR * 0.6);
    expect(await Promise.all(Array.from({ length: 50 }, () => auth.getAccessToken()))).toEqual(
      Array(50).fill('token-1'),
    );
    await settled();
    expect(answers).toHaveLength(1);
    answers[0]?.(accessToken('token-2'));
    await settled();
    expect(await auth.getAccessToken()).toBe('token-2');
  });

  it('waits for the new access token inside the leeway', async () => {
    const { auth, stub, clock } = await client();
    await auth.getAccessToken();
    const answers = deferred(stub);
    await clock.advance(HOUR - 59_000);
    const waiting = Promise.all([auth.getAccessToken(), auth.getAccessToken()]);
    await settled();
    answers[0]?.(accessToken('token-2'));
    expect(await waiting).toEqual(['token-2', 'token-2']);
    expect(answers).toHaveLength(1);
  });
});

it('spreads the renewals of replicas: each process draws its own moment', async () => {
  const dueAfter = async (random: number): Promise<number> => {
    const draw = jest.spyOn(Math, 'random').mockReturnValue(random);
    const { auth, stub, clock } = await client();
    draw.mockRestore();
    await auth.getAccessToken();
    let minutes = 0;
    for (; stub.tokenRequests.length === 1; minutes += 1) {
      await clock.advance(60_000);
      await auth.getAccessToken();
      await settled();
    }
    return minutes;
  };
  expect(await dueAfter(0)).toBe(30);
  expect(await dueAfter(0.999)).toBe(33);
});

describe('lifetimes', () => {
  it.each([
    ['2 s', 2_000],
    ['3 s', 3_000],
    ['60 s', 60_000],
    ['1 h', HOUR],
    ['30 days', 30 * 24 * HOUR],
    ['60 days', 60 * 24 * HOUR],
  ])(
    'of %s: at most two token requests per lifetime under steady calls, and none that calls wait for',
    async (_t, ms) => {
      const made = await client();
      issuing(ms)(made);
      const { auth, stub, clock } = made;
      await auth.getAccessToken();
      const lifetimes = 10;
      let waited = 0;
      for (let step = 0; step < lifetimes * 100; step += 1) {
        await clock.advance(ms / 100);
        if (auth.status.phase === 'expired') waited += 1;
        await auth.getAccessToken();
      }
      await settled();
      expect(waited).toBe(0);
      expect(stub.tokenRequests.length).toBeGreaterThanOrEqual(lifetimes);
      expect(stub.tokenRequests.length).toBeLessThanOrEqual(2 * lifetimes);
    },
  );

  it.each([
    ['a millisecond', 1],
    ['half a second', 500],
    ['a second', 1_000],
    ['two seconds', 2_000],
  ])('of %s never cause a storm of token requests', async (_title, ms) => {
    const made = await client();
    issuing(ms)(made);
    const { auth, stub, clock } = made;
    for (let step = 0; step < 600; step += 1) {
      await auth.getAccessToken();
      await clock.advance(100);
    }
    expect(stub.tokenRequests.length).toBeLessThanOrEqual(ms < 1_000 ? 1 : 60);
  });

  it.each([
    ['10 minutes fast', 600_000],
    ['10 minutes slow', -600_000],
    ['a day fast', 24 * HOUR],
  ])('do not depend on a server clock that is %s', async (_title, skewMs) => {
    const made = await client();
    issuing(HOUR, { skewMs })(made);
    const { auth, stub, clock } = made;
    await auth.getAccessToken();
    expect(auth.status.expiresAt).toBe(clock.now() + HOUR);
    await clock.advance(HOUR * 0.49);
    await auth.getAccessToken();
    expect(stub.tokenRequests).toHaveLength(1);
    await clock.advance(HOUR * 0.1);
    await auth.getAccessToken();
    await settled();
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('count from the sending of the token request, not from its answer', async () => {
    const { auth, stub, clock } = await client();
    const answers = deferred(stub);
    const sentAt = clock.now();
    const waiting = auth.getAccessToken();
    await settled();
    await clock.advance(5_000);
    answers[0]?.(accessToken('token-1'));
    await waiting;
    expect(auth.status.expiresAt).toBe(sentAt + HOUR);
  });

  it('that cannot be read are the documented hour, with one warning', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { auth } = await client();
    await auth.getAccessToken();
    await auth.refresh();
    await auth.refresh();
    expect(warn.mock.calls.flat().filter((text) => String(text).includes('documented hour'))).toHaveLength(1);
  });

  it('shorter than the answer takes still serve the callers who waited', async () => {
    const made = await client();
    const { auth, stub, clock } = made;
    const answers = deferred(stub);
    const waiting = auth.getAccessToken();
    await settled();
    const iat = clock.now() / 1_000;
    await clock.advance(5_000);
    const value = jwt({ iat, exp: iat + 2 });
    answers[0]?.(accessToken(value));
    expect(await waiting).toBe(value);
    expect(auth.status.phase).toBe('expired');
  });

  it.each([
    ['back by a day', -24 * HOUR],
    ['forward by a day', 24 * HOUR],
    ['forward by ten minutes', 600_000],
  ])('do not change when somebody sets the clock of the machine %s', async (_title, ms) => {
    const made = await client();
    issuing(HOUR)(made);
    const { auth, stub, clock } = made;
    const first = await auth.getAccessToken();
    clock.set(clock.now() + ms);
    expect(auth.status).toMatchObject({ phase: 'fresh', expiresAt: clock.now() + HOUR });
    await clock.advance(HOUR * 0.49);
    expect(await auth.getAccessToken()).toBe(first);
    await settled();
    expect(stub.tokenRequests).toHaveLength(1);
    await clock.advance(HOUR * 0.06);
    await auth.getAccessToken();
    await settled();
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('with `exp` alone are measured by the Date of the answer, not by the local clock', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => {
      const serverTime = clock.now() - 50 * 60_000;
      return {
        status: 200,
        data: { access_token: jwt({ exp: serverTime / 1_000 + 3_600 }) },
        headers: { Date: new Date(serverTime).toUTCString() },
      };
    };
    await auth.getAccessToken();
    expect(auth.status.expiresAt).toBe(clock.now() + HOUR);
  });
});

describe('a renewal that fails', () => {
  it('changes nothing for callers while the access token is good, and backs off', async () => {
    const { auth, stub, clock } = await client();
    await auth.getAccessToken();
    await clock.advance(HOUR / 2);
    stub.onTokenRequest = () => networkError('ECONNRESET');
    for (let second = 0; second < 28 * 60; second += 1) {
      await clock.advance(1_000);
      expect(await auth.getAccessToken()).toBe('token-1');
    }
    // 28 minutes of an outage at 1, 2, 4 … 60 s, jittered down to half.
    expect(stub.tokenRequests.length - 1).toBeGreaterThan(28);
    expect(stub.tokenRequests.length - 1).toBeLessThan(70);
    stub.onTokenRequest = () => accessToken('token-new');
    await clock.advance(60_000);
    await auth.getAccessToken();
    await settled();
    expect(await auth.getAccessToken()).toBe('token-new');
    expect(auth.status).toMatchObject({ phase: 'fresh' });
    expect(auth.status.lastFailureReason).toBeUndefined();
  });

  it('keeps a good access token when refresh() was called, and rejects that call', async () => {
    const made = await client();
    const { auth, stub } = made;
    await auth.getAccessToken();
    stub.onTokenRequest = () => ({ status: 500 });
    expect(await failureAfterRetries(auth.refresh(), made)).toMatchObject({ reason: 'unavailable', status: 500 });
    expect(await auth.getAccessToken()).toBe('token-1');
    expect(auth.status).toMatchObject({ phase: 'backing-off', lastFailureReason: 'unavailable' });
  });

  it('makes callers wait for an attempt that is at most 2 s away, and rejects them at once otherwise', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 403, data: 'a page of a firewall' });
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'misconfigured' });

    stub.onTokenRequest = () => accessToken('good');
    const waiting = auth.getAccessToken();
    await settled();
    expect(stub.tokenRequests).toHaveLength(1);
    expect(auth.status.phase).toBe('backing-off');
    await clock.advance(1_000);
    expect(await waiting).toBe('good');

    auth.invalidate('good');
    stub.onTokenRequest = () => ({ status: 429, headers: { 'Retry-After': '7' } });
    await failureOf(auth.getAccessToken());
    const error = await failureOf(auth.getAccessToken());
    expect(error).toMatchObject({ reason: 'throttled', status: 429, retryAfterMs: 7_000 });
    expect(stub.tokenRequests).toHaveLength(3);
    await clock.advance(5_000);
    expect(auth.status).toMatchObject({ phase: 'backing-off', nextAttemptAt: clock.now() + 2_000 });
    stub.onTokenRequest = () => accessToken('better');
    const last = auth.getAccessToken();
    await clock.advance(2_000);
    expect(await last).toBe('better');
  });

  it('never sends more than the budget, however many ask', async () => {
    const { auth, stub, clock } = await client();
    const sentAt: number[] = [];
    stub.onTokenRequest = () => {
      sentAt.push(clock.now());
      return { status: 503 };
    };
    for (let tenth = 0; tenth < 6_000; tenth += 1) {
      void auth.getAccessToken().catch(() => undefined);
      if (tenth % 10 === 0) void auth.refresh().catch(() => undefined);
      await clock.advance(100);
    }
    const mostInAMinute = Math.max(
      ...sentAt.map((start) => sentAt.filter((at) => at >= start && at - start < 60_000).length),
    );
    expect(mostInAMinute).toBeLessThanOrEqual(6);
    expect(sentAt.length).toBeGreaterThan(10);
  });

  it.each([
    ['a day', 24 * HOUR],
    ['ten minutes', 600_000],
  ])('are not counted anew when somebody sets the clock to and fro by %s', async (_title, ms) => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 503 });
    for (let second = 0; second < 59; second += 1) {
      void auth.getAccessToken().catch(() => undefined);
      clock.set(clock.now() + (second % 2 === 0 ? ms : -ms));
      await clock.advance(1_000);
    }
    expect(stub.tokenRequests.length).toBeGreaterThan(3);
    expect(stub.tokenRequests.length).toBeLessThanOrEqual(6);
  });

  it('does not wait longer when somebody sets the clock back', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 429, headers: { 'Retry-After': '7' } });
    await failureOf(auth.getAccessToken());
    clock.set(clock.now() - 24 * HOUR);
    expect(auth.status.nextAttemptAt).toBe(clock.now() + 7_000);
    stub.onTokenRequest = () => accessToken('good');
    await clock.advance(7_000);
    expect(await auth.getAccessToken()).toBe('good');
  });

  it('waits a minute at the most, however long a 429 asks it to', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 429, headers: { 'Retry-After': '9'.repeat(400) } });
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'throttled', retryAfterMs: 60_000 });
    stub.onTokenRequest = () => accessToken('good');
    await clock.advance(60_000);
    expect(await auth.getAccessToken()).toBe('good');
  });

  it('measures a Retry-After date by the clock of the server', async () => {
    const { auth, stub, clock } = await client();
    const utc = (ms: number): string => new Date(clock.now() + ms).toUTCString();
    stub.onTokenRequest = () => ({ status: 429, headers: { 'Retry-After': utc(602_000), Date: utc(600_000) } });
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'throttled', retryAfterMs: 2_000 });
  });
});

describe('the failure table', () => {
  it.each([400, 401, 403, 422])(
    "takes %i in Didomi's error format for final, at once for every further call, until a slow probe",
    async (status) => {
      const reason = 'rejected';
      const { auth, stub, clock } = await client();
      stub.onTokenRequest = () => ({ status });
      expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason, status });
      for (let n = 0; n < 1_000; n += 1) {
        expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason, status });
      }
      expect(await failureOf(auth.refresh())).toMatchObject({ reason });
      expect(stub.tokenRequests).toHaveLength(1);
      expect(auth.status).toMatchObject({ phase: 'rejected', lastFailureReason: reason });
      expect(auth.status.tokenRequests).toEqual({ sent: 1, failed: 1 });
      stub.onTokenRequest = () => accessToken('enabled-again');
      await clock.advance(300_000);
      expect(await auth.getAccessToken()).toBe('enabled-again');
      expect(stub.tokenRequests).toHaveLength(2);
    },
  );

  it.each([
    ['a page of a firewall', { status: 403, data: '<html>Request blocked</html>' }],
    ['the 400 of a gateway', { status: 400, data: 'Bad Request' }],
    ['the 401 of a gateway', { status: 401, data: '' }],
    ['the 404 of a gateway', { status: 404, data: '<html>Not Found</html>' }],
    ['the JSON of a gateway', { status: 403, data: '{"message":"Forbidden"}' }],
    ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example/' } }],
    ['a proxy that asks for credentials', { status: 407, data: '' }],
  ])('takes %s for somebody in front, and tries again within seconds', async (_title, front) => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => front;
    const error = await failureOf(auth.getAccessToken());
    expect(error).toMatchObject({ reason: 'misconfigured', status: front.status });
    expect(error.retryAfterMs).toBeLessThanOrEqual(1_000);
    expect(error.message).toContain('api.didomi.io:443');
    expect(error.message).not.toContain('apiSecret');
    expect(auth.status.phase).toBe('backing-off');
    stub.onTokenRequest = () => accessToken('good');
    await clock.advance(1_000);
    expect(await auth.getAccessToken()).toBe('good');
  });

  it('backs off from somebody in front for longer and longer, within the budget', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 403, data: '<html>Request blocked</html>' });
    for (let second = 0; second < 600; second += 1) {
      void auth.getAccessToken().catch(() => undefined);
      await clock.advance(1_000);
    }
    expect(stub.tokenRequests.length).toBeGreaterThan(10);
    expect(stub.tokenRequests.length).toBeLessThan(30);
  });

  it('keeps serving an access token whose key was disabled, and says so once', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const { auth, stub, clock } = await client();
    await auth.getAccessToken();
    stub.onTokenRequest = () => ({ status: 400 });
    await clock.advance(HOUR * 0.6);
    for (let minute = 0; minute < 22; minute += 1) {
      expect(await auth.getAccessToken()).toBe('token-1');
      await clock.advance(60_000);
    }
    expect(auth.status.phase).toBe('rejected');
    expect(stub.tokenRequests.length).toBeLessThan(12);
    expect(error.mock.calls.flat().filter((text) => String(text).includes('Private API keys'))).toHaveLength(1);
    await clock.advance(3 * 60_000);
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'rejected' });
  });

  it.each([
    ['HTML', '<html>Sign in</html>'],
    ['no access_token', '{}'],
    ['nothing', ''],
  ])('takes a 200 with %s for malformed, and never sends Bearer undefined', async (_title, data) => {
    const { auth, http, stub, clock } = await client();
    stub.onTokenRequest = () => ({ status: 200, data });
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'malformed' });
    const call = failureOf(http.axiosRef.get('/properties'));
    await clock.advance(1_000);
    expect(await call).toMatchObject({ reason: 'malformed' });
    expect(stub.apiRequests).toHaveLength(0);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT'])('takes %s for unavailable', async (code) => {
    const made = await client();
    const { auth, stub } = made;
    stub.onTokenRequest = () => networkError(code);
    const error = await failureAfterRetries(auth.getAccessToken(), made);
    expect(error.message).toContain('api.didomi.io:443');
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toContain(code);
    expect(error.status).toBeUndefined();
  });

  it('repeats no error code that is none', async () => {
    const made = await client();
    const { auth, stub } = made;
    stub.onTokenRequest = () => networkError(`Bearer ${API_SECRET}`);
    const error = await failureAfterRetries(auth.getAccessToken(), made);
    expect(error.message).toBe('No answer from api.didomi.io:443 to the token request');
    expect(error.message).not.toContain(API_SECRET);
  });

  it('reads an answer as text, and no more than a megabyte of it', async () => {
    const { auth, stub } = await client();
    await auth.getAccessToken();
    expect(stub.tokenRequests[0]).toMatchObject({ responseType: 'text', maxContentLength: 1_048_576, maxRedirects: 0 });
  });

  it.each([[undefined], [null], [{ response: { status: 503 } }], [{ response: { status: 200, data: 'x' } }]])(
    'takes whatever an adapter rejects with: %j',
    async (reason) => {
      const made = await client();
      const { auth, stub } = made;
      stub.onTokenRequest = () => Promise.reject(reason);
      expect(['unavailable', 'malformed']).toContain((await failureAfterRetries(auth.getAccessToken(), made)).reason);
      expect(['unavailable', 'malformed']).toContain(auth.status.lastFailureReason);
    },
  );

  it('aborts a token request that is not answered in time', async () => {
    const { auth, stub, clock } = await client({ tokenRequestTimeoutMs: 3_000 });
    deferred(stub);
    const waiting = failureOf(auth.getAccessToken());
    await clock.advance(3_000);
    expect(await waiting).toMatchObject({ reason: 'unavailable' });
    expect((await waiting).message).toBe(
      'api.didomi.io:443 did not answer the token request within 3000 ms (tokenRequestTimeoutMs)',
    );
    expect(stub.tokenRequests).toHaveLength(1);
    expect(stub.tokenRequests[0]?.signal?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('ignores the answer of a token request that was aborted', async () => {
    const { auth, stub, clock } = await client({ tokenRequestTimeoutMs: 3_000 });
    const answers = deferred(stub);
    const first = failureOf(auth.getAccessToken());
    await clock.advance(3_000);
    await first;
    await clock.advance(1_000);
    const second = auth.getAccessToken();
    await settled();
    answers[1]?.(accessToken('newer'));
    expect(await second).toBe('newer');
    answers[0]?.(accessToken('older'));
    await settled();
    expect(await auth.getAccessToken()).toBe('newer');
  });
});

describe('refresh()', () => {
  it('is a token request that begins after the call, shared by all who ask meanwhile', async () => {
    const { auth, stub } = await client();
    const answers = deferred(stub);
    const first = auth.getAccessToken();
    await settled();
    const refreshed = [auth.refresh(), auth.refresh(), auth.refresh()];
    answers[0]?.(accessToken('before'));
    expect(await first).toBe('before');
    await settled();
    expect(answers).toHaveLength(2);
    answers[1]?.(accessToken('after'));
    expect(await Promise.all(refreshed)).toEqual(['after', 'after', 'after']);
    expect(answers).toHaveLength(2);
  });

  it('makes its token request although the one before it failed', async () => {
    const { auth, stub, clock } = await client();
    const answers = deferred(stub);
    const first = failureOf(auth.getAccessToken());
    await settled();
    const refreshed = auth.refresh();
    answers[0]?.({ status: 403, data: 'a page of a firewall' });
    await first;
    await clock.advance(1_000);
    answers[1]?.(accessToken('after'));
    expect(await refreshed).toBe('after');
  });

  it('serves callers who ask later from what it brought', async () => {
    const { auth, stub } = await client();
    await auth.getAccessToken();
    expect(await auth.refresh()).toBe('token-2');
    expect(await auth.getAccessToken()).toBe('token-2');
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is refused with the time to wait once the budget is used up', async () => {
    const { auth } = await client({ maxTokenRequestsPerMinute: 2 });
    await auth.refresh();
    await auth.refresh();
    expect(await failureOf(auth.refresh())).toMatchObject({ reason: 'throttled', retryAfterMs: 60_000 });
    expect(await auth.getAccessToken()).toBe('token-2');
  });
});

describe('invalidate()', () => {
  it('makes the next call request another access token', async () => {
    const { auth } = await client();
    auth.invalidate(await auth.getAccessToken());
    expect(auth.status).toMatchObject({ phase: 'expired' });
    expect(auth.status.expiresAt).toBeUndefined();
    expect(await auth.getAccessToken()).toBe('token-2');
  });

  it('is ignored for an access token that is not the current one', async () => {
    const { auth, stub } = await client();
    const old = await auth.getAccessToken();
    await auth.refresh();
    auth.invalidate(old);
    auth.invalidate('never seen');
    expect(await auth.getAccessToken()).toBe('token-2');
    expect(stub.tokenRequests).toHaveLength(2);
  });
});

describe('an issuer that hands out the same access token again', () => {
  it('gains no lifetime by it, and is asked no more often than failures are', async () => {
    const { auth, stub, clock } = await client();
    const iat = clock.now() / 1_000;
    const same = jwt({ iat, exp: iat + 3_600 });
    stub.onTokenRequest = () => accessToken(same);
    await auth.getAccessToken();
    const expiresAt = auth.status.expiresAt;
    await clock.advance(HOUR / 2);
    for (let second = 0; second < 1_600; second += 1) {
      await clock.advance(1_000);
      expect(await auth.getAccessToken()).toBe(same);
    }
    expect(auth.status.expiresAt).toBe(expiresAt);
    expect(stub.tokenRequests.length).toBeLessThan(70);
    await clock.advance(200_000);
    expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'malformed' });
  });

  it('is believed when the access token says nothing of its expiry', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = () => accessToken('opaque');
    await auth.getAccessToken();
    await clock.advance(2 * HOUR);
    expect(await auth.getAccessToken()).toBe('opaque');
    expect(auth.status).toMatchObject({ phase: 'fresh', expiresAt: clock.now() + HOUR });
  });

  it('is believed after an invalidation while that access token lives', async () => {
    const made = await client();
    const { auth, stub, clock } = made;
    const iat = clock.now() / 1_000;
    const same = jwt({ iat, exp: iat + 3_600 });
    stub.onTokenRequest = () => accessToken(same);
    auth.invalidate(await auth.getAccessToken());
    expect(await auth.getAccessToken()).toBe(same);
    expect(auth.status.expiresAt).toBe(clock.now() + HOUR);
  });
});

describe('credentials from a function', () => {
  it('are read again for each token request, so that a rotated secret needs no restart', async () => {
    let apiSecret = 'old';
    const { auth, stub } = await client({ credentials: async () => ({ apiKey: 'k', apiSecret }) });
    await auth.getAccessToken();
    apiSecret = 'new';
    await auth.refresh();
    expect(stub.tokenRequests.map(({ data }) => (JSON.parse(String(data)) as { secret: string }).secret)).toEqual([
      'old',
      'new',
    ]);
  });

  it('end a rejection within seconds once they change, without a token request before', async () => {
    let apiSecret = 'old';
    const { auth, stub, clock } = await client({ credentials: () => ({ apiKey: 'k', apiSecret }) });
    stub.onTokenRequest = ({ data }) => (String(data).includes('new') ? accessToken('good') : { status: 400 });
    await failureOf(auth.getAccessToken());
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'rejected' });
    }
    expect(stub.tokenRequests).toHaveLength(1);
    apiSecret = 'new';
    await clock.advance(10_000);
    expect(await auth.getAccessToken()).toBe('good');
  });

  describe('that Didomi rejects', () => {
    /** A function that returns these secrets, one for each time it is called, and the last one from then on. */
    function secrets(...values: string[]): { read: () => { apiKey: string; apiSecret: string }; reads: number } {
      const source = {
        reads: 0,
        read: () => ({ apiKey: 'k', apiSecret: values[Math.min((source.reads += 1), values.length) - 1]! }),
      };
      return source;
    }
    const onlyNew = ({ stub }: TestClient): void => {
      stub.onTokenRequest = ({ data }) => (String(data).includes('new') ? accessToken('good') : { status: 400 });
    };

    it('are read once more at once, so that a call in the middle of a rotation succeeds', async () => {
      const source = secrets('old', 'new');
      const made = await client({ credentials: source.read });
      onlyNew(made);
      expect(await made.auth.getAccessToken()).toBe('good');
      expect(made.stub.tokenRequests).toHaveLength(2);
      expect(made.auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 2, failed: 1 } });
    });

    it('are read once more by a renewal in the background, too', async () => {
      const source = secrets('new', 'old', 'new');
      const made = await client({ credentials: source.read });
      onlyNew(made);
      await made.auth.getAccessToken();
      made.auth.invalidate('good');
      made.stub.onTokenRequest = ({ data }) => (String(data).includes('new') ? accessToken('better') : { status: 400 });
      await made.auth.getAccessToken();
      expect(made.stub.tokenRequests).toHaveLength(3);
    });

    it('are not sent again if they are the same', async () => {
      const source = secrets('old');
      const made = await client({ credentials: source.read });
      onlyNew(made);
      expect(await failureOf(made.auth.getAccessToken())).toMatchObject({ reason: 'rejected', status: 400 });
      expect(made.stub.tokenRequests).toHaveLength(1);
      expect(source.reads).toBe(2);
      expect(made.auth.status).toMatchObject({ phase: 'rejected', tokenRequests: { sent: 1, failed: 1 } });
    });

    it('are rejected for good if the others are, too: nothing is read a third time', async () => {
      const source = secrets('old', 'older', 'new');
      const made = await client({ credentials: source.read });
      onlyNew(made);
      expect(await failureOf(made.auth.getAccessToken())).toMatchObject({ reason: 'rejected' });
      expect(made.stub.tokenRequests).toHaveLength(2);
      expect(source.reads).toBe(2);
    });

    it('stay rejected if reading them again fails', async () => {
      let reads = 0;
      const credentials = (): { apiKey: string; apiSecret: string } => {
        if ((reads += 1) > 1) throw new Error('vault is busy');
        return { apiKey: 'k', apiSecret: 'old' };
      };
      const made = await client({ credentials });
      onlyNew(made);
      expect(await failureOf(made.auth.getAccessToken())).toMatchObject({ reason: 'rejected' });
      expect(made.auth.status).toMatchObject({ phase: 'rejected', lastFailureReason: 'rejected' });
    });

    it('are not what a call fails with once others were sent, and were not answered', async () => {
      const source = secrets('old', 'new');
      const credentials = () => {
        if (source.reads === 2) throw new Error('vault is busy');
        return source.read();
      };
      const made = await client({ credentials });
      made.stub.onTokenRequest = ({ data }) => ({ status: String(data).includes('new') ? 503 : 401 });
      const failure = failureOf(made.auth.getAccessToken());
      await made.clock.advance(5_000);
      expect(await failure).toMatchObject({ reason: 'unavailable' });
      expect(made.stub.tokenRequests).toHaveLength(2);
    });

    it('that do not come the second time stay rejected', async () => {
      const source = secrets('old');
      const credentials = () => (source.reads === 0 ? source.read() : new Promise<never>(() => undefined));
      const made = await client({ credentials });
      onlyNew(made);
      const failure = failureOf(made.auth.getAccessToken());
      await made.clock.advance(10_000);
      expect(await failure).toMatchObject({ reason: 'rejected' });
      expect(made.stub.tokenRequests).toHaveLength(1);
    });

    it('are not read again without room in the budget', async () => {
      const source = secrets('old', 'new');
      const made = await client({ credentials: source.read, maxTokenRequestsPerMinute: 1 });
      onlyNew(made);
      expect(await failureOf(made.auth.getAccessToken())).toMatchObject({ reason: 'rejected' });
      expect(made.stub.tokenRequests).toHaveLength(1);
    });

    it('are not read again where they cannot change', async () => {
      const made = await client();
      made.stub.onTokenRequest = () => ({ status: 400 });
      await failureOf(made.auth.getAccessToken());
      expect(made.stub.tokenRequests).toHaveLength(1);
    });
  });

  const refusal = new Error(`vault refused ${API_SECRET}`);

  it.each([
    ['are refused', () => Promise.reject(refusal)],
    [
      'are refused at once',
      () => {
        throw refusal;
      },
    ],
    [
      'cannot be read',
      () => ({
        apiKey: 'k',
        get apiSecret(): string {
          throw refusal;
        },
      }),
    ],
  ])('that %s make the client unavailable, and their error is not repeated', async (_title, credentials) => {
    const { auth, stub } = await client({ credentials });
    const error = await failureOf(auth.getAccessToken());
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toContain('credentials()');
    expect(error.message + error.stack).not.toContain(API_SECRET);
    expect(stub.tokenRequests).toHaveLength(0);
    expect(auth.status.tokenRequests).toEqual({ sent: 0, failed: 0 });
  });

  it('that are rejected are not sent again while reading them fails now and then', async () => {
    let reads = 0;
    const credentials = (): { apiKey: string; apiSecret: string } => {
      reads += 1;
      if (reads % 2 === 0) throw new Error('vault is busy');
      return { apiKey: 'k', apiSecret: 's' };
    };
    const { auth, stub, clock } = await client({ credentials });
    stub.onTokenRequest = () => ({ status: 400 });
    for (let second = 0; second < 140; second += 1) {
      void auth.getAccessToken().catch(() => undefined);
      await clock.advance(1_000);
    }
    expect(reads).toBeGreaterThan(4);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it.each([[undefined], [null], [{}], [{ apiKey: 'k', apiSecret: '' }], [{ apiKey: 5, apiSecret: 's' }]])(
    'that are %j are named as a mistake of the function',
    async (value) => {
      const { auth, stub } = await client({ credentials: (() => value) as never });
      expect(await failureOf(auth.getAccessToken())).toMatchObject({ reason: 'misconfigured' });
      expect(stub.tokenRequests).toHaveLength(0);
    },
  );

  it('that lose their shape the second time fail that token request alone', async () => {
    let reads = 0;
    const credentials = () => ((reads += 1) === 2 ? 'apiKey:apiSecret' : { apiKey: 'k', apiSecret: 's' });
    const { auth, stub, clock } = await client({ credentials: credentials as never });
    await auth.getAccessToken();
    expect(await failureOf(auth.refresh())).toMatchObject({ reason: 'misconfigured' });
    expect(auth.status).toMatchObject({ phase: 'backing-off', tokenRequests: { sent: 1, failed: 0 } });
    expect(await auth.getAccessToken()).toBe('token-1');
    await clock.advance(1_000);
    expect(await auth.refresh()).toBe('token-2');
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('that come after the shutdown are not sent', async () => {
    let give: (value: { apiKey: string; apiSecret: string }) => void = () => undefined;
    const { auth, stub, app, clock } = await client({ credentials: () => new Promise((resolve) => (give = resolve)) });
    const waiting = failureOf(auth.getAccessToken());
    await settled();
    await app.close();
    expect(await waiting).toMatchObject({ reason: 'closed' });
    give({ apiKey: 'k', apiSecret: 's' });
    await settled();
    expect(stub.tokenRequests).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it('that never come end in time, and are not sent when they come late', async () => {
    let give: (value: { apiKey: string; apiSecret: string }) => void = () => undefined;
    const credentials = (): Promise<{ apiKey: string; apiSecret: string }> =>
      new Promise((resolve) => (give = resolve));
    const { auth, stub, clock } = await client({ credentials });
    const waiting = failureOf(auth.getAccessToken());
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('credentials() did not return within 10000 ms'),
    });
    give({ apiKey: 'k', apiSecret: 's' });
    await settled();
    expect(stub.tokenRequests).toHaveLength(0);
  });
});

describe('a logger that throws', () => {
  it('costs nobody the access token', async () => {
    const { auth, stub, clock } = await client();
    const spies = (['log', 'warn', 'error', 'debug'] as const).map((level) =>
      jest.spyOn(Logger.prototype, level).mockImplementation(() => {
        throw new Error('disk full');
      }),
    );
    stub.onTokenRequest = (_config, count) => (count < 3 ? { status: 503 } : accessToken('good'));
    const failure = failureOf(auth.getAccessToken());
    await clock.advance(RETRIES_MS);
    expect(await failure).toMatchObject({ reason: 'unavailable', status: 503 });
    await clock.advance(4_000);
    expect(await auth.getAccessToken()).toBe('good');
    for (const spy of spies) spy.mockRestore();
  });
});

describe('status', () => {
  it('tells the phases apart', async () => {
    const { auth, stub, clock, app } = await client();
    const phases = [auth.status.phase];
    const answers = deferred(stub);
    const waiting = auth.getAccessToken();
    await settled();
    phases.push(auth.status.phase);
    answers[0]?.(accessToken('x'));
    await waiting;
    phases.push(auth.status.phase);
    await clock.advance(HOUR);
    phases.push(auth.status.phase);
    await app.close();
    phases.push(auth.status.phase);
    expect(phases).toEqual(['cold', 'refreshing', 'fresh', 'expired', 'closed']);
  });

  it('counts token requests and holds no access token', async () => {
    const { auth, stub, clock } = await client();
    stub.onTokenRequest = (_config, count) => (count === 0 ? { status: 503 } : accessToken('canary'));
    const waiting = auth.getAccessToken();
    await clock.advance(RETRIES_MS);
    await waiting;
    expect(auth.status.tokenRequests).toEqual({ sent: 2, failed: 1 });
    expect(JSON.stringify(auth.status)).not.toContain('canary');
  });
});

describe('shutdown', () => {
  it.each<[string, (auth: DidomiAuthService) => Promise<string>]>([
    ['getAccessToken()', (auth) => auth.getAccessToken()],
    ['refresh()', (auth) => auth.refresh()],
  ])('aborts a token request in flight, and %s is refused from then on', async (_title, ask) => {
    const { auth, stub, app, clock } = await client();
    deferred(stub);
    const waiting = [failureOf(ask(auth)), failureOf(auth.getAccessToken()), failureOf(auth.refresh())];
    await settled();
    await app.close();
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ reason: 'closed' });
    expect(stub.tokenRequests).toHaveLength(1);
    expect(stub.tokenRequests[0]?.signal?.aborted).toBe(true);
    expect(await failureOf(ask(auth))).toMatchObject({ reason: 'closed' });
    expect(stub.tokenRequests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('ends the wait of callers for the next attempt', async () => {
    const { auth, stub, app, clock } = await client();
    stub.onTokenRequest = () => ({ status: 403, data: 'a page of a firewall' });
    await failureOf(auth.getAccessToken());
    const waiting = failureOf(auth.getAccessToken());
    await settled();
    await app.close();
    expect(await waiting).toMatchObject({ reason: 'closed' });
    expect(clock.pending).toBe(0);
  });
});

describe('the log', () => {
  it('tells the first access token, each renewal for debugging, each kind of failure once, and no secret', async () => {
    const lines: string[] = [];
    for (const level of ['log', 'debug', 'warn', 'error'] as const) {
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((text: unknown) => void lines.push(`${level}: ${String(text)}`));
    }
    const made = await client();
    const { auth, stub, clock } = made;
    issuing(HOUR)(made);
    await auth.getAccessToken();
    await auth.refresh();
    stub.onTokenRequest = () => ({ status: 503, data: API_SECRET });
    for (let minute = 0; minute < 5; minute += 1) {
      void auth.refresh().catch(() => undefined);
      await clock.advance(60_000);
    }
    // Longer than any back-off.
    await clock.advance(60_000);
    issuing(HOUR)(made);
    await auth.refresh();
    stub.onTokenRequest = () => ({ status: 503, data: API_SECRET });
    await failureAfterRetries(auth.refresh(), made);
    const life = lines.filter((line) => /access token/.test(line) && !line.includes('etry'));
    expect(life).toEqual([
      'log: Got the first access token, it expires in 3600 s',
      'debug: Renewed the access token (1), it expires in 3600 s',
      'warn: No new access token (unavailable): api.didomi.io:443 is unavailable (status 503)',
      'log: Got an access token again, it expires in 3600 s',
      'warn: No new access token (unavailable): api.didomi.io:443 is unavailable (status 503)',
    ]);
    expect(lines.join()).not.toMatch(/canary|token-1|eyJ/);
  });
});
