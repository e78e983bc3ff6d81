import { describe, expect, it } from '@jest/globals';
import { acceptOnly, holdTokenRequest } from '../support/answers.js';
import { API_KEY, API_SECRET, createClient, type TestClient } from '../support/create-client.js';
import { jwt } from '../support/didomi-stub.js';
import { errorOf } from '../support/error-of.js';
import { findAllReachable } from '../support/find-reachable.js';
import { settled } from '../support/fake-clock.js';
import { MemoryStore, memoryLock } from '../support/memory-store.js';
import { Replicas } from '../support/replicas.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('a token store', () => {
  it('gives the access token of one replica to the others, without a token request', async () => {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    expect(await first.auth.getAccessToken()).toBe('token-1');
    expect(await second.auth.getAccessToken()).toBe('token-1');
    expect(replicas.tokenRequests).toBe(1);
    expect(second.auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 0, failed: 0 } });
    expect(replicas.log('debug')).toEqual(['Took over the access token of another replica, it expires in 3600 s']);
  });

  it('gives it with its expiry, and stores it for its remaining life', async () => {
    const replicas = new Replicas();
    const first = await replicas.start();
    await first.auth.getAccessToken();
    expect(replicas.store.sets).toMatchObject([{ ttlMs: HOUR }]);
    await replicas.clock.advance(10 * MINUTE);
    const second = await replicas.start();
    await second.auth.getAccessToken();
    expect(second.auth.status.expiresAt).toBe(first.auth.status.expiresAt);
  });

  it.each(['background', 'required'] as const)('is looked into by a %s warm-up', async (warmup) => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const second = await replicas.start({ warmup });
    await settled();
    expect(second.auth.status.phase).toBe('fresh');
    expect(replicas.tokenRequests).toBe(1);
  });

  it('is looked into again when a renewal is due: one replica renews for all', async () => {
    const replicas = new Replicas();
    const clients = await Promise.all(Array.from({ length: 3 }, () => replicas.start({ refresh: { cron: false } })));
    for (const { auth } of clients) await auth.getAccessToken();
    await replicas.clock.advance(34 * MINUTE);
    for (const { auth } of clients) {
      await auth.getAccessToken();
      await settled();
    }
    expect(await Promise.all(clients.map(({ auth }) => auth.getAccessToken()))).toEqual(Array(3).fill('token-2'));
    expect(replicas.tokenRequests).toBe(2);
  });

  it('serves a call with an access token that is due, which is renewed at once', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    await replicas.clock.advance(40 * MINUTE);
    const late = await replicas.start();
    expect(await late.auth.getAccessToken()).toBe('token-1');
    expect(replicas.tokenRequests).toBe(1);
    expect(await late.auth.getAccessToken()).toBe('token-1');
    await settled();
    expect(await late.auth.getAccessToken()).toBe('token-2');
    expect(replicas.tokenRequests).toBe(2);
  });

  it('is renewed by the cron job of a replica that has sent no token request itself', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const second = await replicas.start({ refresh: { windowMs: 30 * MINUTE } });
    await second.auth.getAccessToken();
    await replicas.clock.advance(31 * MINUTE);
    expect(second.auth.status.phase).toBe('fresh');
    await second.auth.getAccessToken();
    await settled();
    expect(replicas.tokenRequests).toBe(2);
  });

  it('is not looked into by refresh(), which stores what it brings', async () => {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    await first.auth.getAccessToken();
    expect(await second.auth.refresh()).toBe('token-2');
    expect(await (await replicas.start()).auth.getAccessToken()).toBe('token-2');
    expect(replicas.tokenRequests).toBe(2);
  });

  it('is not looked into by refresh() that joins calls of the same moment', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const { auth } = await replicas.start();
    expect(await Promise.all([auth.getAccessToken(), auth.refresh()])).toEqual(['token-2', 'token-2']);
    expect(replicas.tokenRequests).toBe(2);
  });

  it('may be shared by clients with different API keys, and by those of different base URLs', async () => {
    const replicas = new Replicas();
    const clients = [
      await replicas.start(),
      await replicas.start({ apiKey: 'another-key', apiSecret: API_SECRET }),
      await replicas.start({ baseURL: 'https://elsewhere.example/v1' }),
    ];
    const values = await Promise.all(clients.map(({ auth }) => auth.getAccessToken()));
    expect(values).toEqual(['token-1', 'token-2', 'token-3']);
    expect(replicas.store.values.size).toBe(3);
  });

  it('is looked into once a second while no token request may be sent, whoever calls', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start();
    replicas.stub.onTokenRequest = () => ({ status: 429, headers: { 'retry-after': '60' } });
    await errorOf(auth.getAccessToken());
    const looks = replicas.store.gets.length;
    await Promise.all(Array.from({ length: 10 }, () => errorOf(auth.getAccessToken())));
    await errorOf(auth.getAccessToken());
    expect(replicas.store.gets).toHaveLength(looks + 1);
    expect(auth.status.phase).toBe('backing-off');
    expect((await errorOf(auth.refresh())).message).toMatch(/throttles/);
    replicas.stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'other' } });
    await (await replicas.start()).auth.getAccessToken();
    expect((await errorOf(auth.refresh())).message).toMatch(/throttles/);
    await replicas.clock.advance(1_000);
    expect((await errorOf(auth.refresh())).message).toMatch(/throttles/);
    expect(await auth.getAccessToken()).toBe('other');
    expect(replicas.tokenRequests).toBe(2);
  });

  it('ends the back-off of a replica, and costs nothing of its budget', async () => {
    const replicas = new Replicas();
    const second = await replicas.start({ maxTokenRequestsPerMinute: 1 });
    replicas.stub.onTokenRequest = () => ({ status: 400 });
    await errorOf(second.auth.getAccessToken());
    expect(second.auth.status.phase).toBe('rejected');
    replicas.stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'other' } });
    await (await replicas.start()).auth.getAccessToken();
    await replicas.clock.advance(6 * MINUTE);
    expect(await second.auth.getAccessToken()).toBe('other');
    expect(second.auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 1, failed: 1 } });
  });
});

describe('a replica that may send no token request', () => {
  const throttled = { status: 429, headers: { 'retry-after': '60' } } as const;

  /** The first may send none, the second has sent one a while ago. */
  async function start(lead: (replicas: Replicas, first: TestClient) => unknown): Promise<[Replicas, TestClient]> {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    await first.auth.getAccessToken();
    await replicas.clock.advance(MINUTE);
    await lead(replicas, first);
    replicas.stub.onTokenRequest = () => throttled;
    await errorOf(first.auth.refresh());
    replicas.stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'other' } });
    await second.auth.refresh();
    await replicas.clock.advance(20_000);
    return [replicas, first];
  }

  it('goes on with the access token of another after a 401', async () => {
    const [replicas, { http }] = await start(({ stub }) => acceptOnly(stub, 'other'));
    await http.axiosRef.get('/a');
    expect(replicas.stub.bearers).toEqual(['token-1', 'other']);
    expect(replicas.tokenRequests).toBe(3);
  });

  it('goes on with it after invalidate(), although it may have been revoked as well', async () => {
    const [replicas, { auth }] = await start((_replicas, first) => first.auth.invalidate('token-1'));
    expect(await auth.getAccessToken()).toBe('other');
    expect(replicas.tokenRequests).toBe(3);
  });

  it('passes on the 401 if there is none, and looks once a second', async () => {
    const replicas = new Replicas();
    const { auth, http } = await replicas.start();
    await auth.getAccessToken();
    replicas.stub.onTokenRequest = () => throttled;
    await errorOf(auth.refresh());
    acceptOnly(replicas.stub, 'none');
    const looks = replicas.store.gets.length;
    const calls = Array.from({ length: 10 }, () => errorOf(http.axiosRef.get('/a')));
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'DIDOMI_API', status: 401 });
    expect(await errorOf(http.axiosRef.get('/a'))).toMatchObject({ status: 401 });
    expect(replicas.store.gets).toHaveLength(looks + 1);
    expect(replicas.tokenRequests).toBe(2);
  });
});

describe('an access token that Didomi has refused', () => {
  it('is not taken from the store again, and is replaced there for all', async () => {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    await first.auth.getAccessToken();
    await second.auth.getAccessToken();
    await replicas.clock.advance(MINUTE);
    acceptOnly(replicas.stub, 'token-2');
    await first.http.axiosRef.get('/a');
    await second.http.axiosRef.get('/b');
    expect(replicas.stub.bearers).toEqual(['token-1', 'token-2', 'token-1', 'token-2']);
    expect(replicas.tokenRequests).toBe(2);
  });

  it('is gone from the store while the token request for another one fails', async () => {
    const replicas = new Replicas();
    const first = await replicas.start({ exclusive: memoryLock() });
    await first.auth.getAccessToken();
    first.auth.invalidate('token-1');
    replicas.stub.onTokenRequest = () => ({ status: 400 });
    await errorOf(first.auth.getAccessToken());
    await errorOf((await replicas.start()).auth.getAccessToken());
    expect(replicas.tokenRequests).toBe(3);
  });

  it('by invalidate() is not taken from the store again', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start();
    auth.invalidate(await auth.getAccessToken());
    expect(await auth.getAccessToken()).toBe('token-2');
  });

  it('is replaced by one that another replica got since, but not by one that may have been revoked with it', async () => {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    await first.auth.getAccessToken();
    await second.auth.getAccessToken();
    await first.auth.refresh();
    await replicas.clock.advance(MINUTE);
    acceptOnly(replicas.stub, 'token-3');
    await second.http.axiosRef.get('/a');
    await first.http.axiosRef.get('/b');
    expect(replicas.stub.bearers).toEqual(['token-1', 'token-3', 'token-2', 'token-3']);
    expect(replicas.tokenRequests).toBe(3);
  });

  it('leads to no cool-down where the one of another replica was refused, too', async () => {
    const replicas = new Replicas();
    const [first, second] = [await replicas.start(), await replicas.start()];
    await first.auth.getAccessToken();
    await second.auth.getAccessToken();
    await replicas.clock.advance(MINUTE);
    await first.auth.refresh();
    acceptOnly(replicas.stub, 'token-3');
    await errorOf(second.http.axiosRef.get('/a'));
    const next = second.http.axiosRef.get('/b');
    await replicas.clock.advance(MINUTE);
    await next;
    expect(replicas.stub.bearers).toEqual(['token-1', 'token-2', 'token-2', 'token-3']);
  });
});

describe('what is in the store', () => {
  it('tells nothing to a reader without the API secret', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const [key, value] = replicas.store.entry;
    expect(key).toMatch(/^nestjs-didomi:access-token:[0-9a-f]{64}$/);
    expect(value).toEqual(expect.stringMatching(/^[\w-]{100,}$/));
    const decoded = Buffer.from(String(value), 'base64url').toString('latin1');
    for (const secret of [API_KEY, API_SECRET, 'token-1', 'api.didomi.io']) {
      expect(`${key} ${String(value)} ${decoded}`).not.toContain(secret);
    }
  });

  it('is nowhere to be printed', async () => {
    const tokenStore = Object.assign(new MemoryStore(), { url: 'redis://:password-canary@host' });
    const { auth, http } = await createClient({ tokenStore });
    expect(findAllReachable({ auth, http }, ['password-canary'])).toEqual([]);
  });

  it('of another API secret counts as nothing, and is replaced', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const rotated = await replicas.start({ apiKey: API_KEY, apiSecret: 'the-next-secret' });
    expect(await rotated.auth.getAccessToken()).toBe('token-2');
    expect(replicas.store.values.size).toBe(1);
  });

  const changed = (change: (bytes: Buffer) => Buffer) => (value: string) =>
    change(Buffer.from(value, 'base64url')).toString('base64url');
  it.each<[string, (value: string) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['an empty text', () => ''],
    ['a number', () => 42],
    ['an object', (value) => ({ value })],
    ['a list', (value) => [value]],
    ['bytes', (value) => Buffer.from(value, 'base64url')],
    ['a JWT', () => jwt({ exp: 2_000_000_000 })],
    ['JSON', () => JSON.stringify({ accessToken: 'forged', issuedAt: 1, expiresAt: 9e15 })],
    ['a cut off value', (value) => value.slice(0, -4)],
    ['only its beginning', (value) => value.slice(0, 20)],
    ['a very long text', (value) => value.repeat(10_000)],
    ['another version', changed((bytes) => Buffer.concat([Buffer.of(2), bytes.subarray(1)]))],
    ['a flipped bit', changed((bytes) => bytes.fill((bytes[40] ?? 0) ^ 1, 40, 41))],
    ['a shorter tag', changed((bytes) => Buffer.concat([bytes.subarray(0, 17), bytes.subarray(25)]))],
  ])('counts as nothing if it is %s', async (_title, garble) => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const [key, value] = replicas.store.entry;
    replicas.store.values.set(key, garble(String(value)));
    const { auth } = await replicas.start();
    expect(await auth.getAccessToken()).toBe('token-2');
    expect(replicas.log('warn', 'error')).toEqual([]);
  });

  it('counts as nothing under the key of another client', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const other = await replicas.start({ baseURL: 'https://elsewhere.example/v1' });
    await other.auth.getAccessToken();
    const [[, foreign], [key]] = [...replicas.store.values] as [[string, unknown], [string, unknown]];
    replicas.store.values.set(key, foreign);
    expect(await (await replicas.start({ baseURL: 'https://elsewhere.example/v1' })).auth.getAccessToken()).toBe(
      'token-3',
    );
  });

  it('counts as nothing once it has expired, or is about to', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    await replicas.clock.advance(HOUR - MINUTE + 1);
    expect(await (await replicas.start()).auth.getAccessToken()).toBe('token-2');
  });

  it('never takes the place of a newer access token', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start();
    await auth.getAccessToken();
    const [key, old] = replicas.store.entry;
    await replicas.clock.advance(31 * MINUTE);
    await auth.refresh();
    replicas.store.values.set(key, old);
    await replicas.clock.advance(35 * MINUTE);
    expect(await auth.getAccessToken()).toBe('token-2');
    await settled();
    expect(await auth.getAccessToken()).toBe('token-3');
  });

  it('is not stored without a remaining life', async () => {
    const replicas = new Replicas();
    const issue = holdTokenRequest(replicas.stub, jwt({ iat: 1, exp: 3 }));
    const { auth } = await replicas.start({ tokenRequestTimeoutMs: 10_000 });
    const call = auth.getAccessToken();
    await replicas.clock.advance(2_000);
    issue();
    await call;
    expect(replicas.store.sets).toEqual([]);
  });
});
