import { describe, expect, it } from '@jest/globals';
import { createClient } from '../support/create-client.js';
import { networkError } from '../support/didomi-stub.js';
import { settled } from '../support/fake-clock.js';
import { Replicas } from '../support/replicas.js';

const HOUR = 3_600_000;
const RATE_LIMIT = { ratelimit: 'limit=100, remaining=60, reset=7', 'ratelimit-policy': '100;w=15' };

describe('usable', () => {
  it('is false before the first access token, true while one serves, and false from its leeway on', async () => {
    const { auth, clock } = await createClient();
    expect(auth.status).toMatchObject({ phase: 'cold', usable: false });
    await auth.getAccessToken();
    expect(auth.status).toMatchObject({ phase: 'fresh', usable: true });
    await clock.advance(HOUR - 60_000);
    expect(auth.status).toMatchObject({ phase: 'expired', usable: false });
  });

  it('stays true while renewals fail', async () => {
    const { auth, clock, stub } = await createClient();
    await auth.getAccessToken();
    stub.onTokenRequest = () => networkError('ECONNREFUSED');
    await clock.advance(HOUR * 0.6);
    await auth.getAccessToken();
    await settled();
    expect(auth.status).toMatchObject({ phase: 'backing-off', usable: true, lastFailureReason: 'unavailable' });
  });

  it('is false while Didomi answers 401 to it and issues no other, and true again once Didomi accepts it', async () => {
    const { auth, clock, http, stub } = await createClient();
    await auth.getAccessToken();
    stub.onTokenRequest = () => ({ status: 503 });
    stub.onApiRequest = () => ({ status: 401 });
    const failing = http.axiosRef.get('/properties').catch(() => undefined);
    await clock.advance(5_000);
    await failing;
    expect(auth.status).toMatchObject({ usable: false, lastFailureReason: 'unavailable' });

    // The 401 may have been about that one route.
    stub.onApiRequest = () => ({ status: 200 });
    await http.axiosRef.get('/quotas');
    expect(auth.status.usable).toBe(true);
  });

  it('is false once the client is closed', async () => {
    const { app, auth } = await createClient();
    await auth.getAccessToken();
    await app.close();
    expect(auth.status).toMatchObject({ phase: 'closed', usable: false });
    expect(auth.status).not.toHaveProperty('nextAttempt');
  });
});

describe('nextAttempt', () => {
  it('is absent before the first call', async () => {
    const { auth } = await createClient();
    expect(auth.status).not.toHaveProperty('nextAttempt');
    expect(auth.status).not.toHaveProperty('lastRefresh');
  });

  it('is the renewal, when the access token in use will be due', async () => {
    const { auth, clock } = await createClient({ refresh: { cron: false, windowMs: 600_000 } });
    await auth.getAccessToken();
    expect(auth.status.nextAttempt).toEqual({ at: clock.now() + HOUR - 600_000, reason: 'renewal' });
    expect(auth.status).not.toHaveProperty('nextAttemptAt');
  });

  it('is absent while a token request is under way', async () => {
    const { auth, stub } = await createClient();
    stub.onTokenRequest = () => new Promise(() => undefined);
    auth.getAccessToken().catch(() => undefined);
    await settled();
    expect(auth.status).toMatchObject({ phase: 'refreshing', usable: false });
    expect(auth.status).not.toHaveProperty('nextAttempt');
  });

  it('is absent where the next call makes it', async () => {
    const { auth } = await createClient();
    auth.invalidate(await auth.getAccessToken());
    expect(auth.status.phase).toBe('expired');
    expect(auth.status).not.toHaveProperty('nextAttempt');
  });

  it.each([
    ['back-off', 503, {}],
    ['back-off', 429, {}],
    ['probe', 401, {}],
    ['credentials-check', 401, { credentials: () => ({ apiKey: 'key', apiSecret: 'secret' }) }],
  ] as const)('is: %s, after a %i of the token request', async (reason, status, options) => {
    const { auth, clock, stub } = await createClient(options);
    stub.onTokenRequest = () => ({ status });
    const failed = auth.getAccessToken().catch(() => undefined);
    await clock.advance(1_250);
    await failed;
    const { nextAttempt, nextAttemptAt } = auth.status;
    expect(nextAttempt).toEqual({ at: nextAttemptAt, reason });
    expect(nextAttemptAt).toBeGreaterThan(clock.now());
  });

  it('is: budget, when the token requests of a minute are used up', async () => {
    const { auth, clock } = await createClient({ maxTokenRequestsPerMinute: 2 });
    await auth.getAccessToken();
    auth.invalidate(await auth.refresh());
    expect(auth.status.nextAttempt).toEqual({ at: clock.now() + 60_000, reason: 'budget' });
    expect(auth.status.phase).toBe('backing-off');
  });
});

it('the phase of a client that has only used access tokens of other replicas is never cold', async () => {
  const replicas = new Replicas();
  await (await replicas.start()).auth.getAccessToken();
  const { auth } = await replicas.start({ refresh: {} });
  auth.invalidate(await auth.getAccessToken());
  expect(auth.status).toMatchObject({ phase: 'expired', tokenRequests: { sent: 0 } });
});

it('while no access token helps against 401s, the next attempt waits for the end of the cool-down', async () => {
  const { auth, clock, http, stub } = await createClient();
  stub.onApiRequest = () => ({ status: 401 });
  const call = http.axiosRef.get('/properties').catch(() => undefined);
  await clock.advance(500);
  await call;
  const at = clock.now() + 5_000;
  expect(auth.status).toMatchObject({ phase: 'backing-off', usable: false, nextAttempt: { at, reason: 'back-off' } });
  await clock.advance(5_000);
  expect(auth.status).toMatchObject({ phase: 'expired' });
  expect(auth.status).not.toHaveProperty('nextAttempt');
});

describe('clockOffsetMs', () => {
  it.each([
    ['ahead', 600_000],
    ['behind', -600_000],
    ['right', 0],
  ])("tells to a second that Didomi's clock is %s", async (_title, offsetMs) => {
    const { auth, clock, stub } = await createClient();
    stub.onTokenRequest = () => {
      const date = new Date(clock.now() + offsetMs).toUTCString();
      return { status: 200, data: { access_token: 'one' }, headers: { date } };
    };
    await auth.getAccessToken();
    expect(Math.abs((auth.status.clockOffsetMs ?? Infinity) - offsetMs)).toBeLessThanOrEqual(500);
  });

  it('is absent where no answer tells its date', async () => {
    const { auth } = await createClient();
    await auth.getAccessToken();
    expect(auth.status).not.toHaveProperty('clockOffsetMs');
  });
});

describe('API requests', () => {
  it('are counted while they are in flight, and while they wait', async () => {
    const { auth, http, stub } = await createClient({ maxConcurrent: 2 });
    await auth.getAccessToken();
    const answers: (() => void)[] = [];
    stub.onApiRequest = () => new Promise((resolve) => answers.push(() => resolve({ status: 200 })));
    const calls = [1, 2, 3].map((number) => http.axiosRef.get(`/${number}`));
    await settled();
    expect(auth.status.requests).toEqual({ inFlight: 2, waiting: 1 });
    answers[0]?.();
    await settled();
    expect(auth.status.requests).toEqual({ inFlight: 2, waiting: 0 });
    for (const answer of answers) answer();
    await Promise.all(calls);
    expect(auth.status.requests).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('have told the rate limit', async () => {
    const { auth, http, stub } = await createClient();
    expect(auth.status).not.toHaveProperty('rateLimit');
    stub.onApiRequest = () => ({ status: 200, headers: RATE_LIMIT });
    await http.axiosRef.get('/x');
    expect(auth.status.rateLimit).toMatchObject({ limit: 100, remaining: 60 });
    expect(auth.status.rateLimit).toEqual(http.rateLimit);
  });
});

it('the status costs no request, and can be printed', async () => {
  const { auth, stub } = await createClient();
  await auth.getAccessToken();
  expect(JSON.parse(JSON.stringify(auth.status))).toEqual(auth.status);
  expect(stub.tokenRequests).toHaveLength(1);
  expect(stub.apiRequests).toHaveLength(0);
});
