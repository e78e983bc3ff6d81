import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DidomiAuthService } from '../../lib/index.js';
import { API_SECRET, createClient, type TestClient } from '../support/create-client.js';
import { networkError, type DidomiStub, type StubAnswer } from '../support/didomi-stub.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';

const HOUR = 3_600_000;
/** The pauses before both retries, at their longest. */
const RETRIES_MS = 1_250;

const LOST: [string, StubAnswer | Error][] = [
  ['a reset', networkError('ECONNRESET')],
  ['a refused connection', networkError('ECONNREFUSED')],
  ['an unknown host', networkError('ENOTFOUND')],
  ['an error without a code', new Error('adapter')],
  ['a 500', { status: 500 }],
  ['a 502 page of a gateway', { status: 502, data: '<html>Bad Gateway</html>' }],
  ['a 503', { status: 503 }],
  ['a 503 that asks for no wait', { status: 503, headers: { 'Retry-After': '0' } }],
  ['a 408', { status: 408 }],
];

const LASTING: [string, StubAnswer | Error, string][] = [
  ['rejected credentials', { status: 400 }, 'rejected'],
  ['a page of a firewall', { status: 403, data: '<html>' }, 'misconfigured'],
  ['a redirect', { status: 307, headers: { Location: '/elsewhere' } }, 'misconfigured'],
  ['a 429', { status: 429 }, 'throttled'],
  ['a 200 without an access token', { status: 200, data: '<html>' }, 'malformed'],
  ['an expired certificate', networkError('CERT_HAS_EXPIRED'), 'unavailable'],
  ['a 503 that asks for a minute', { status: 503, headers: { 'Retry-After': '60' } }, 'unavailable'],
];

/** Loses these token requests of the stub, counted from now, and answers all others. */
function lose(stub: DidomiStub, count: number, how: StubAnswer | Error = networkError('ECONNRESET')): void {
  const already = stub.tokenRequests.length;
  stub.onTokenRequest = (_config, index) =>
    index - already < count ? how : { status: 200, data: { access_token: `token-${index + 1}` } };
}

/** What a call ends with once the time for all retries is over. */
async function outcome({ clock }: TestClient, call: Promise<unknown>): Promise<unknown> {
  const ended = call.catch((error: unknown) => error);
  await clock.advance(RETRIES_MS);
  return await ended;
}

describe('a lost token request', () => {
  it.each(LOST)('%s is retried while callers wait', async (_title, how) => {
    const client = await createClient();
    lose(client.stub, 2, how);
    const calls = Promise.all(Array.from({ length: 50 }, () => client.auth.getAccessToken()));
    expect(await outcome(client, calls)).toEqual(Array(50).fill('token-3'));
    expect(client.stub.tokenRequests).toHaveLength(3);
    expect(client.auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 3, failed: 2 } });
    expect(client.auth.status.lastFailureReason).toBeUndefined();
  });

  it.each(LOST)('%s is retried twice, and no more', async (_title, how) => {
    const client = await createClient();
    lose(client.stub, Infinity, how);
    expect(await outcome(client, client.auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
    expect(client.stub.tokenRequests).toHaveLength(3);
  });

  it.each(LASTING)('%s is not retried', async (_title, how, reason) => {
    const { auth, stub, clock } = await createClient();
    lose(stub, Infinity, how);
    expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason });
    await clock.advance(400);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('is retried after short random pauses', async () => {
    const { auth, stub, clock } = await createClient();
    const start = clock.now();
    const sentAt: number[] = [];
    stub.onTokenRequest = () => {
      sentAt.push(clock.now() - start);
      return { status: 503 };
    };
    void errorOf(auth.getAccessToken());
    await clock.advance(RETRIES_MS);
    const [first = 0, second = 0, third = 0] = sentAt;
    expect(first).toBe(0);
    expect(second).toBeGreaterThanOrEqual(125);
    expect(second).toBeLessThanOrEqual(250);
    expect(third - second).toBeGreaterThanOrEqual(500);
    expect(third - second).toBeLessThanOrEqual(1_000);
  });

  it('is answered to callers with the time until the next attempt', async () => {
    const client = await createClient();
    lose(client.stub, Infinity);
    const error = await outcome(client, client.auth.getAccessToken());
    const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
    // The third failure in a row.
    expect(retryAfterMs).toBeGreaterThanOrEqual(2_000);
    expect(retryAfterMs).toBeLessThanOrEqual(4_000);
  });

  it.each<[string, (client: TestClient) => Promise<unknown>]>([
    ['an API request', ({ http }) => http.axiosRef.get('/x').then(({ status }) => status)],
    ['refresh()', ({ auth }) => auth.refresh().then(() => 200)],
  ])('fails %s no more than getAccessToken()', async (_title, call) => {
    const client = await createClient();
    lose(client.stub, 2);
    expect(await outcome(client, call(client))).toBe(200);
  });

  it('after a revocation does not fail the requests that got a 401', async () => {
    const client = await createClient();
    const { http, stub } = client;
    await http.axiosRef.get('/warm');
    lose(stub, 2);
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    const calls = Promise.all(Array.from({ length: 20 }, () => http.axiosRef.get('/x')));
    await client.clock.advance(RETRIES_MS + 500);
    expect((await calls).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(stub.tokenRequests).toHaveLength(4);
  });

  it.each([
    ['leeway', HOUR - 30_000],
    ['time after expiry', 2 * HOUR],
  ])('in the %s is retried', async (_title, ms) => {
    const client = await createClient();
    await client.auth.getAccessToken();
    await client.clock.advance(ms);
    lose(client.stub, 1);
    expect(await outcome(client, client.auth.getAccessToken())).toBe('token-3');
  });

  it('in the background is not retried, since the access token still serves', async () => {
    const { auth, stub, clock } = await createClient();
    await auth.getAccessToken();
    await clock.advance(HOUR * 0.6);
    lose(stub, Infinity);
    expect(await auth.getAccessToken()).toBe('token-1');
    await clock.advance(400);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('in the background is retried as soon as a caller waits for it', async () => {
    const client = await createClient({ warmup: 'background' });
    const { auth, stub, clock } = client;
    let answer: (answer: StubAnswer) => void = () => undefined;
    auth.invalidate(await auth.getAccessToken());
    stub.onTokenRequest = () => new Promise((resolve) => (answer = resolve));
    const waiting = auth.getAccessToken();
    await settled();
    answer({ status: 503 });
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'good' } });
    await clock.advance(RETRIES_MS);
    expect(await waiting).toBe('good');
  });

  it('of a start in the background, that nobody waits for, is left to the back-off', async () => {
    const stub = (await createClient()).stub;
    lose(stub, Infinity);
    const { auth, clock } = await createClient({ warmup: 'background' }, { stub });
    await clock.advance(400);
    expect(stub.tokenRequests).toHaveLength(1);
    expect(auth.status.phase).toBe('backing-off');
  });

  it('reads the credentials again', async () => {
    const secrets = ['one', 'two', 'three'];
    const client = await createClient({ credentials: () => ({ apiKey: 'k', apiSecret: secrets.shift() ?? 'none' }) });
    lose(client.stub, 2);
    await outcome(client, client.auth.getAccessToken());
    const sent = client.stub.tokenRequests.map(({ data }) => (JSON.parse(String(data)) as { secret: string }).secret);
    expect(sent).toEqual(['one', 'two', 'three']);
  });

  it('is not retried for credentials() that fails', async () => {
    let reads = 0;
    const credentials = (): never => {
      reads += 1;
      throw new Error('vault');
    };
    const { auth, clock } = await createClient({ credentials });
    void errorOf(auth.getAccessToken());
    await clock.advance(400);
    expect(reads).toBe(1);
  });
});

describe('the retries of a token request', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [6, 3],
  ])('stay inside a budget of %i a minute', async (maxTokenRequestsPerMinute, sent) => {
    const client = await createClient({ maxTokenRequestsPerMinute });
    lose(client.stub, Infinity);
    expect(await outcome(client, client.auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
    expect(client.stub.tokenRequests).toHaveLength(sent);
  });

  it('leave enough of the budget that the end of an outage is noticed within half a minute', async () => {
    const { auth, stub, clock } = await createClient();
    lose(stub, Infinity);
    for (let second = 0; second < 12; second += 1) {
      void errorOf(auth.getAccessToken());
      await clock.advance(1_000);
    }
    lose(stub, 0);
    let seconds = 0;
    for (; auth.status.phase !== 'fresh'; seconds += 1) {
      void errorOf(auth.getAccessToken());
      await clock.advance(1_000);
    }
    expect(seconds).toBeLessThan(30);
  });

  it('end with the deadline of the token request', async () => {
    const { auth, stub, clock } = await createClient({ tokenRequestTimeoutMs: 400 });
    stub.onTokenRequest = (_config, count) =>
      count === 0 ? networkError('ECONNRESET') : new Promise<StubAnswer>(() => undefined);
    const waiting = errorOf(auth.getAccessToken());
    await clock.advance(400);
    expect(await waiting).toMatchObject({ reason: 'unavailable' });
    expect(stub.tokenRequests).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('do not begin where the deadline leaves no time', async () => {
    const { auth, stub, clock } = await createClient({ tokenRequestTimeoutMs: 100 });
    lose(stub, Infinity);
    expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
    expect(stub.tokenRequests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('are told at debug, without a secret', async () => {
    const lines: string[] = [];
    for (const level of ['debug', 'warn', 'error'] as const) {
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((text: unknown) => void lines.push(`${level}: ${String(text)}`));
    }
    const client = await createClient();
    lose(client.stub, Infinity, { status: 503, data: API_SECRET });
    await outcome(client, client.auth.getAccessToken());
    jest.restoreAllMocks();
    expect(lines).toEqual([
      expect.stringMatching(/^debug: Retrying the token request in \d+ ms \(retry 1\): api\.didomi\.io:443 .*503/),
      expect.stringMatching(/^debug: Retrying the token request in \d+ ms \(retry 2\): api\.didomi\.io:443 .*503/),
      expect.stringMatching(/^warn: No new access token \(unavailable\)/),
    ]);
    expect(lines.join()).not.toContain('canary');
  });

  it.each<[string, (auth: DidomiAuthService) => void]>([
    ['begins', (auth) => auth.onModuleDestroy()],
    ['is complete', (auth) => auth.onApplicationShutdown()],
  ])('end when the shutdown %s', async (_title, shutDown) => {
    const { auth, stub, clock } = await createClient();
    lose(stub, Infinity);
    const waiting = errorOf(auth.getAccessToken());
    await settled();
    expect(clock.pending).toBe(1);
    shutDown(auth);
    expect((await waiting).name).toBe('DidomiAuthenticationError');
    expect(stub.tokenRequests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('do not begin after the shutdown has begun, nor does a wait; a first token request still does', async () => {
    const { auth, stub, clock } = await createClient();
    auth.onModuleDestroy();
    lose(stub, 1);
    expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
    expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'unavailable' });
    expect(stub.tokenRequests).toHaveLength(1);
    expect(clock.pending).toBe(0);
    await clock.advance(1_000);
    expect(await auth.getAccessToken()).toBe('token-2');
  });
});
