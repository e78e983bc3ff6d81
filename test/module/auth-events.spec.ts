import { describe, expect, it, jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { config as rxjs } from 'rxjs';
import { inspect } from 'node:util';
import {
  DidomiAuthService,
  DidomiModule,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  type DidomiAuthEvent,
} from '../../lib/index.js';
import { API_KEY, API_SECRET, createClient, type TestClient } from '../support/create-client.js';
import { DidomiStub } from '../support/didomi-stub.js';
import { settled } from '../support/fake-clock.js';

const HOUR = 3_600_000;

function recorded({ auth }: { readonly auth: DidomiAuthService }): DidomiAuthEvent[] {
  const events: DidomiAuthEvent[] = [];
  auth.events$.subscribe((event) => events.push(event));
  return events;
}

/** A token request that takes a quarter of a second. */
function slow({ stub, clock }: TestClient): void {
  stub.onTokenRequest = async () => {
    await new Promise<void>((resolve) => clock.schedule(resolve, 250));
    return { status: 200, data: { access_token: 'slow' } };
  };
}

describe('events of the access token', () => {
  it('refreshed: why, which attempt, how long it took, and until when it lives', async () => {
    const client = await createClient();
    slow(client);
    const events = recorded(client);
    const call = client.auth.getAccessToken();
    const sentAt = client.clock.now();
    await client.clock.advance(250);
    await call;
    expect(events).toEqual([
      {
        type: 'refreshed',
        client: undefined,
        at: sentAt + 250,
        trigger: 'call',
        attempt: 1,
        durationMs: 250,
        expiresAt: sentAt + HOUR,
        lifetimeMs: HOUR,
      },
    ]);
  });

  it('refresh-failed: one for each attempt, with its reason, and in how many milliseconds the next may come', async () => {
    const client = await createClient();
    const { auth, clock, stub } = client;
    stub.onTokenRequest = () => ({ status: 503 });
    const events = recorded(client);
    const call = auth.getAccessToken().catch(() => undefined);
    await clock.advance(1_250);
    await call;
    expect(events).toMatchObject([
      { type: 'refresh-failed', trigger: 'call', attempt: 1, reason: 'unavailable', status: 503, durationMs: 0 },
      { type: 'refresh-failed', trigger: 'call', attempt: 2, reason: 'unavailable', status: 503, durationMs: 0 },
      { type: 'refresh-failed', trigger: 'call', attempt: 3, reason: 'unavailable', status: 503, durationMs: 0 },
    ]);
    const [first, second, last] = events.map((event) => (event.type === 'refresh-failed' ? event.retryInMs : -1));
    expect(first).toBeGreaterThanOrEqual(125);
    expect(first).toBeLessThanOrEqual(250);
    expect(second).toBeGreaterThanOrEqual(500);
    expect(second).toBeLessThanOrEqual(1_000);
    const { nextAttemptAt = 0 } = auth.status;
    expect(Math.abs(nextAttemptAt - (events[2]?.at ?? 0) - (last ?? 0))).toBeLessThanOrEqual(1);
  });

  it('refresh-failed: without a duration where nothing was sent', async () => {
    const client = await createClient({
      credentials: () => {
        throw new Error('the vault is sealed');
      },
    });
    const events = recorded(client);
    await client.auth.getAccessToken().catch(() => undefined);
    expect(events).toMatchObject([{ type: 'refresh-failed', reason: 'unavailable', attempt: 1 }]);
    expect(events[0]).not.toHaveProperty('durationMs');
    expect(events[0]).not.toHaveProperty('status');
  });

  it('refresh-failed: credentials that are read once more, if the others are sent', async () => {
    const secrets = ['old', 'new', 'old', 'old'];
    const client = await createClient({ credentials: () => ({ apiKey: 'key', apiSecret: secrets.shift()! }) });
    const { auth, stub } = client;
    stub.onTokenRequest = ({ data }) =>
      String(data).includes('new') ? { status: 200, data: { access_token: 'one' } } : { status: 401 };
    const events = recorded(client);
    await auth.getAccessToken();
    expect(events).toMatchObject([
      { type: 'refresh-failed', attempt: 1, reason: 'rejected', retryInMs: 0 },
      { type: 'refreshed', attempt: 2 },
    ]);
    await auth.refresh().catch(() => undefined);
    expect(events.slice(2)).toMatchObject([{ type: 'refresh-failed', attempt: 1, reason: 'rejected' }]);
    expect(secrets).toEqual([]);
  });

  it('refresh-failed: an access token that Didomi issues a second time', async () => {
    const client = await createClient();
    const { auth, clock, stub } = client;
    const claims = Buffer.from(JSON.stringify({ iat: clock.now() / 1_000, exp: clock.now() / 1_000 + 3_600 }));
    stub.onTokenRequest = () => ({ status: 200, data: { access_token: `e30.${claims.toString('base64url')}.c2ln` } });
    await auth.getAccessToken();
    const events = recorded(client);
    await auth.refresh();
    expect(events).toMatchObject([{ type: 'refresh-failed', trigger: 'refresh', reason: 'malformed' }]);
  });

  it.each<[DidomiAuthEvent['type'], string, (client: TestClient) => Promise<unknown>]>([
    ['refreshed', 'refresh', ({ auth }) => auth.refresh()],
    ['refreshed', 'rejected', rejectOnce],
    ['refreshed', 'renewal', renew],
  ])('%s because of: %s', async (type, trigger, cause) => {
    const client = await createClient();
    await client.auth.getAccessToken();
    const events = recorded(client);
    await cause(client);
    await settled();
    const event = events.find((one) => one.type === type);
    expect(event).toMatchObject({ type, trigger });
    expect(client.auth.status.lastRefresh).toEqual({ trigger, at: event?.at });
  });

  it('rejected: once for each access token that Didomi answers 401 to, however many calls get one', async () => {
    const client = await createClient();
    const { auth, http, stub } = client;
    const expiresAt = client.clock.now() + HOUR;
    await auth.getAccessToken();
    const events = recorded(client);
    stub.onApiRequest = ({ headers }) => ({ status: headers.get('Authorization') === 'Bearer token-1' ? 401 : 200 });
    const calls = Array.from({ length: 20 }, () => http.axiosRef.get('/x'));
    await client.clock.advance(500);
    await Promise.all(calls);
    expect(events.map(({ type }) => type)).toEqual(['rejected', 'refreshed']);
    expect(events[0]).toEqual({ type: 'rejected', client: undefined, at: events[0]?.at, expiresAt });
  });

  it('rejected: for the access token of the replay as well', async () => {
    const client = await createClient();
    const { clock, http, stub } = client;
    await client.auth.getAccessToken();
    const events = recorded(client);
    stub.onApiRequest = () => ({ status: 401 });
    const call = http.axiosRef.get('/x').catch(() => undefined);
    await clock.advance(500);
    await call;
    expect(events.map(({ type }) => type)).toEqual(['rejected', 'refreshed', 'rejected']);
  });

  it('adopted: an access token that another replica has stored', async () => {
    const stored = new Map<string, unknown>();
    const tokenStore = {
      get: (key: string) => stored.get(key),
      set: (key: string, value: unknown) => void stored.set(key, value),
    };
    const first = await createClient({ tokenStore });
    await first.auth.getAccessToken();
    const second = await createClient({ tokenStore });
    const events = recorded(second);
    expect(await second.auth.getAccessToken()).toBe('token-1');
    expect(events).toEqual([
      { type: 'adopted', client: undefined, at: second.clock.now(), trigger: 'call', expiresAt: expect.any(Number) },
    ]);
    expect(second.auth.status).toMatchObject({ usable: true, lastRefresh: { trigger: 'call' } });
    expect(second.stub.tokenRequests).toHaveLength(0);
  });

  it('invalidated: for the access token in use only', async () => {
    const client = await createClient();
    const { auth } = client;
    const value = await auth.getAccessToken();
    const events = recorded(client);
    auth.invalidate('another');
    auth.invalidate(value);
    auth.invalidate(value);
    expect(events).toMatchObject([{ type: 'invalidated', expiresAt: client.clock.now() + HOUR }]);
  });

  it.each(['background', 'required'] as const)('warmup %s is the trigger at the start', async (warmup) => {
    const client = await createClient({ warmup });
    await settled();
    expect(client.auth.status.lastRefresh?.trigger).toBe('warmup');
  });

  it('hold no secret', async () => {
    const client = await createClient();
    const events = recorded(client);
    const value = await client.auth.getAccessToken();
    await rejectOnce(client);
    client.auth.invalidate(await client.auth.getAccessToken());
    expect(events.map(({ type }) => type)).toEqual(['refreshed', 'rejected', 'refreshed', 'invalidated']);
    const printed = inspect([events, client.auth.events$, client.auth], { depth: null, showHidden: true });
    for (const secret of [value, 'token-2', API_KEY, API_SECRET]) expect(printed).not.toContain(secret);
  });

  it('name their client', async () => {
    const stub = new DidomiStub();
    const options = { apiKey: API_KEY, apiSecret: API_SECRET, warmup: 'lazy', refresh: { cron: false } } as const;
    const app = await Test.createTestingModule({
      imports: [DidomiModule.forRoot({ ...options, name: 'brand-b' })],
    })
      .overrideProvider(getDidomiHttpAdapterToken('brand-b'))
      .useValue(stub.adapter)
      .compile();
    const auth = app.get<DidomiAuthService>(getDidomiAuthServiceToken('brand-b'));
    const events = recorded({ auth });
    await auth.getAccessToken();
    expect(events).toMatchObject([{ type: 'refreshed', client: 'brand-b' }]);
    await app.close();
  });

  it('complete at the shutdown, for late subscribers as well', async () => {
    const { app, auth } = await createClient();
    const completed: string[] = [];
    auth.events$.subscribe({ complete: () => completed.push('early') });
    await app.close();
    auth.events$.subscribe({ complete: () => completed.push('late') });
    expect(completed).toEqual(['early', 'late']);
  });
});

describe('a subscriber', () => {
  it('that throws harms neither the client nor other subscribers', async () => {
    const reported = jest.fn();
    rxjs.onUnhandledError = reported;
    try {
      const client = await createClient();
      client.auth.events$.subscribe(() => {
        throw new Error('of the subscriber');
      });
      const events = recorded(client);
      expect(await client.auth.getAccessToken()).toBe('token-1');
      expect(events).toHaveLength(1);
      await new Promise((resolve) => setTimeout(resolve));
      expect(reported).toHaveBeenCalledWith(expect.objectContaining({ message: 'of the subscriber' }));
    } finally {
      rxjs.onUnhandledError = null;
    }
  });

  it('that throws harms no call where RxJS is set to throw at once', async () => {
    // The deprecated setting warns.
    jest.spyOn(console, 'warn').mockReturnValue();
    rxjs.useDeprecatedSynchronousErrorHandling = true;
    try {
      const client = await createClient();
      client.auth.events$.subscribe(() => {
        throw new Error('of the subscriber');
      });
      expect(await client.auth.getAccessToken()).toBe('token-1');
    } finally {
      rxjs.useDeprecatedSynchronousErrorHandling = false;
    }
  });

  it('that invalidates the access token which it is told of does not hold up who waits for it', async () => {
    const client = await createClient();
    client.auth.events$.subscribe(({ type }) => {
      if (type === 'refreshed') client.auth.invalidate('token-1');
    });
    expect(await client.auth.getAccessToken()).toBe('token-1');
    expect(await client.auth.getAccessToken()).toBe('token-2');
  });
});

async function rejectOnce({ clock, http, stub }: TestClient): Promise<void> {
  stub.onApiRequest = (_config, count) => ({ status: count === 0 ? 401 : 200 });
  const call = http.axiosRef.get('/x');
  await clock.advance(500);
  await call;
}

async function renew({ auth, clock }: TestClient): Promise<void> {
  await clock.advance(HOUR * 0.6);
  await auth.getAccessToken();
}
