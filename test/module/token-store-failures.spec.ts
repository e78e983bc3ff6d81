import { describe, expect, it } from '@jest/globals';
import type { DidomiModuleOptions, DidomiTokenStore } from '../../lib/index.js';
import { holdTokenRequest } from '../support/answers.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';
import { memoryLock, MemoryStore } from '../support/memory-store.js';
import { Replicas } from '../support/replicas.js';

const MINUTE = 60_000;
const never = (): Promise<never> => new Promise(() => undefined);
const SECRET = 'password-canary';

/** As of a library that has taken its objects back. */
function unreadable(): Error {
  const { proxy, revoke } = Proxy.revocable(new Error(), {});
  revoke();
  return proxy;
}

/** How a store or a lock fails, and what the log says of it. */
const FAILURES: [string, () => unknown, string][] = [
  ['hangs', never, 'did not answer within 1000 ms'],
  [
    'throws',
    () => {
      throw new Error(SECRET);
    },
    'failed',
  ],
  [
    'rejects',
    () => Promise.reject(Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' })),
    'failed (ECONNREFUSED)',
  ],
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors
  ['rejects with nothing', () => Promise.reject(undefined), 'failed'],
  ['rejects with a secret for a code', () => Promise.reject(Object.assign(new Error(), { code: SECRET })), 'failed'],
  ['rejects with what throws when it is read', () => Promise.reject(unreadable()), 'failed'],
];

const UNTIL = '. Until it works again, token requests are sent without it';

describe('a token store that does not work', () => {
  it.each(FAILURES)('costs a second at most and one line of the log if get() %s', async (_title, get, how) => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get, set: () => undefined }, exclusive: memoryLock() });
    const call = auth.getAccessToken();
    await replicas.clock.advance(1_000);
    expect(await call).toBe('token-1');
    expect(replicas.log('warn', 'error')).toEqual([`tokenStore.get() ${how}${UNTIL}`]);
    auth.invalidate('token-1');
    const again = auth.getAccessToken();
    await replicas.clock.advance(100);
    expect(await again).toBe('token-2');
    expect(replicas.log('warn', 'error')).toHaveLength(1);
    expect(replicas.log('warn', 'error').join()).not.toContain(SECRET);
  });

  it.each(FAILURES)('costs nothing but a line of the log if set() %s', async (_title, set, how) => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get: () => undefined, set }, exclusive: memoryLock() });
    expect(await auth.getAccessToken()).toBe('token-1');
    await replicas.clock.advance(1_000);
    expect(replicas.log('warn', 'error')).toEqual([`tokenStore.set() ${how}${UNTIL}`]);
  });

  it('costs a tenth of a second once it is known not to answer', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get: never, set: never } });
    const first = auth.getAccessToken();
    await replicas.clock.advance(999);
    expect(replicas.tokenRequests).toBe(0);
    await replicas.clock.advance(1);
    await first;
    auth.invalidate('token-1');
    const second = auth.getAccessToken();
    await replicas.clock.advance(100);
    expect(await second).toBe('token-2');
  });

  it('leaves most of a short deadline to the token request', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get: never, set: never }, tokenRequestTimeoutMs: 400 });
    const call = auth.getAccessToken();
    await replicas.clock.advance(100);
    expect(await call).toBe('token-1');
  });

  it('is used again once it answers, and the log says so', async () => {
    const replicas = new Replicas();
    const store = { isDown: true };
    const tokenStore: DidomiTokenStore = {
      get: (key) => (store.isDown ? never() : replicas.store.get(key)),
      set: (...entry) => (store.isDown ? never() : replicas.store.set(...entry)),
    };
    const { auth } = await replicas.start({ tokenStore });
    const call = auth.getAccessToken();
    await replicas.clock.advance(2_000);
    await call;
    store.isDown = false;
    auth.invalidate('token-1');
    await auth.getAccessToken();
    expect(replicas.log('warn', 'log')).toEqual([
      expect.stringMatching(/^tokenStore\.get\(\) did not answer/),
      expect.stringMatching(/^Got the first access token/),
      'tokenStore works again',
    ]);
    expect(await (await replicas.start()).auth.getAccessToken()).toBe('token-2');
  });

  it('works again once it can be read, for a replica that finds what others have written', async () => {
    const replicas = new Replicas();
    const broken = (): never => {
      throw new Error('down');
    };
    const tokenStore: { get: DidomiTokenStore['get']; set: DidomiTokenStore['set'] } = { get: broken, set: broken };
    const { auth } = await replicas.start({ tokenStore });
    auth.invalidate(await auth.getAccessToken());
    await replicas.clock.advance(1);
    await (await replicas.start()).auth.getAccessToken();
    tokenStore.get = (key) => replicas.store.get(key);
    expect(await auth.getAccessToken()).toBe('token-2');
    expect(replicas.log('log')).toContain('tokenStore works again');
  });

  it('does not fill the log if it can be read and not be written to', async () => {
    const replicas = new Replicas();
    const set = (): never => {
      throw new Error('read only');
    };
    const { auth } = await replicas.start({ tokenStore: { get: () => undefined, set } });
    for (let renewal = 0; renewal < 3; renewal += 1) auth.invalidate(await auth.getAccessToken());
    expect(replicas.log('warn')).toEqual([`tokenStore.set() failed${UNTIL}`]);
    expect(replicas.log('log')).not.toContain('tokenStore works again');
  });

  it('costs no call anything while it hangs and the access token lives', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get: never, set: never } });
    const first = auth.getAccessToken();
    await replicas.clock.advance(1_000);
    await first;
    await replicas.clock.advance(34 * MINUTE);
    expect(await auth.getAccessToken()).toBe('token-1');
  });

  it('may answer late, with anything', async () => {
    const replicas = new Replicas();
    const late: ((value: unknown) => void)[] = [];
    const waiting = (): Promise<unknown> => new Promise((resolve) => late.push(resolve));
    const { auth } = await replicas.start({ tokenStore: { get: waiting, set: waiting } });
    const call = auth.getAccessToken();
    await replicas.clock.advance(2_000);
    await call;
    for (const answer of late) answer(Promise.reject(new Error(SECRET)));
    await settled();
    expect(await auth.getAccessToken()).toBe('token-1');
  });

  it('is not waited for once the client is closed', async () => {
    const replicas = new Replicas();
    const { app, auth } = await replicas.start({ tokenStore: { get: never, set: never } });
    const failure = errorOf(auth.getAccessToken());
    await settled();
    await app.close();
    expect(await failure).toMatchObject({ reason: 'closed' });
    await replicas.clock.advance(MINUTE);
    expect(replicas.tokenRequests).toBe(0);
    expect(replicas.log('warn', 'error')).toEqual([]);
  });

  it('keeps no process alive', async () => {
    const replicas = new Replicas();
    const { auth } = await replicas.start({ tokenStore: { get: never, set: never }, warmup: 'background' });
    await settled();
    expect(auth.status.phase).toBe('refreshing');
    expect(replicas.clock.pending).toBe(0);
  });
});

type Exclusive = NonNullable<DidomiModuleOptions['exclusive']>;

describe('a lock around token requests', () => {
  it('lets 20 replicas that start at one moment send one token request, which would be 20 without', async () => {
    const counts = [];
    for (const exclusive of [memoryLock(), undefined]) {
      const replicas = new Replicas();
      const clients = await Promise.all(Array.from({ length: 20 }, () => replicas.start({ exclusive })));
      const values = await Promise.all(clients.map(({ auth }) => auth.getAccessToken()));
      counts.push([replicas.tokenRequests, new Set(values).size]);
    }
    expect(counts).toEqual([
      [1, 1],
      [20, 20],
    ]);
  });

  it('has a name of its own for each API key, which tells nothing of it', async () => {
    const replicas = new Replicas();
    const keys: string[] = [];
    const exclusive: Exclusive = (work, key) => {
      keys.push(key);
      return work();
    };
    for (const apiKey of ['first-key', 'second-key', 'first-key']) {
      const { auth } = await replicas.start({ exclusive, apiKey, apiSecret: `secret ${keys.length}` });
      await auth.getAccessToken();
    }
    expect(keys[0]).toBe(keys[2]);
    expect(new Set(keys).size).toBe(2);
    expect(keys.join()).not.toMatch(/first|second/);
    // A lock may live in the same database as the store.
    for (const key of keys) expect(replicas.store.values.has(key)).toBe(false);
  });

  it('is not taken for an access token that is in the store', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const exclusive: Exclusive = () => {
      throw new Error('taken');
    };
    expect(await (await replicas.start({ exclusive })).auth.getAccessToken()).toBe('token-1');
    expect(replicas.log('warn')).toEqual([]);
  });

  it('is not waited for if the store does not work: then it is of no use', async () => {
    const replicas = new Replicas();
    let locks = 0;
    const exclusive: Exclusive = (work) => {
      locks += 1;
      return work();
    };
    const tokenStore = { get: () => Promise.reject(new Error()), set: () => undefined };
    expect(await (await replicas.start({ tokenStore, exclusive })).auth.getAccessToken()).toBe('token-1');
    expect(locks).toBe(0);
  });

  it('is held until the store has the access token, for which no call waits', async () => {
    const replicas = new Replicas();
    const events: string[] = [];
    let store: () => void = () => undefined;
    const tokenStore = { get: () => undefined, set: () => new Promise<void>((resolve) => (store = resolve)) };
    const exclusive: Exclusive = async (work) => {
      const result = await work();
      events.push('released');
      return result;
    };
    const { auth } = await replicas.start({ tokenStore, exclusive });
    await auth.getAccessToken();
    await settled();
    expect(events).toEqual([]);
    store();
    await settled();
    expect(events).toEqual(['released']);
  });

  const failures: [string, (work: () => Promise<unknown>) => unknown, string | undefined][] = [
    ['hangs', never, 'did not call the function it got in time'],
    [
      'throws',
      () => {
        throw new Error(SECRET);
      },
      'failed',
    ],
    ['rejects', () => Promise.reject(Object.assign(new Error(SECRET), { code: 'ECONNRESET' })), 'failed (ECONNRESET)'],
    ['rejects with what throws when it is read', () => Promise.reject(unreadable()), 'failed'],
    ['returns at once', () => undefined, 'did not call the function it got in time'],
    ['calls the function twice', (work) => Promise.all([work(), work()]), undefined],
    ['calls the function and does not wait for it', (work) => void work(), undefined],
    ['calls the function and resolves with something else', async (work) => [await work()], undefined],
    [
      'calls the function and throws',
      (work) => {
        void work();
        throw new Error(SECRET);
      },
      undefined,
    ],
    [
      'calls the function and rejects',
      async (work) => Promise.reject(await work().then(() => new Error(SECRET))),
      undefined,
    ],
    ['calls the function and never ends', (work) => work().then(never), undefined],
  ];

  it.each(failures)('that %s leads to one token request', async (_title, misbehave, how) => {
    const replicas = new Replicas();
    const exclusive = misbehave as Exclusive;
    const { auth } = await replicas.start({ exclusive });
    const call = auth.getAccessToken();
    await replicas.clock.advance(900);
    expect(await call).toBe('token-1');
    await replicas.clock.advance(MINUTE);
    expect(replicas.tokenRequests).toBe(1);
    expect(replicas.log('warn', 'error')).toEqual(how === undefined ? [] : [`exclusive() ${how}${UNTIL}`]);
  });

  it('that comes late leads to no second token request', async () => {
    const replicas = new Replicas();
    let enter: () => Promise<unknown> = never;
    const exclusive = ((work: () => Promise<unknown>) => {
      enter = work;
      return never();
    }) as Exclusive;
    const { auth } = await replicas.start({ exclusive });
    const call = auth.getAccessToken();
    await replicas.clock.advance(900);
    await call;
    await enter();
    expect(replicas.tokenRequests).toBe(1);
  });

  it('and a store share one second', async () => {
    const replicas = new Replicas();
    const tokenStore = {
      get: () => new Promise((resolve) => replicas.clock.schedule(() => resolve(''), 800)),
      set: never,
    };
    const { auth } = await replicas.start({ tokenStore, exclusive: never });
    const call = auth.getAccessToken();
    await replicas.clock.advance(1_000);
    expect(await call).toBe('token-1');
  });

  it('is not blamed for the time that the store took, nor is the store for that of the lock', async () => {
    const replicas = new Replicas();
    const tokenStore = {
      get: () => new Promise((resolve) => replicas.clock.schedule(() => resolve(''), 950)),
      set: () => undefined,
    };
    const { auth } = await replicas.start({ tokenStore, exclusive: memoryLock() });
    const call = auth.getAccessToken();
    await replicas.clock.advance(1_000);
    expect(await call).toBe('token-1');
    expect(replicas.log('warn')).toEqual([]);
  });

  it('that another replica holds for long is not waited for', async () => {
    const replicas = new Replicas();
    const exclusive = memoryLock();
    const [first, second] = [await replicas.start({ exclusive }), await replicas.start({ exclusive })];
    holdTokenRequest(replicas.stub, 'slow');
    const slow = first.auth.getAccessToken();
    await settled();
    replicas.stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'quick' } });
    const quick = second.auth.getAccessToken();
    await replicas.clock.advance(1_000);
    expect(await quick).toBe('quick');
    void errorOf(slow);
  });

  it('works again once it calls the function in time, and the log says so', async () => {
    const replicas = new Replicas();
    let exclusive: (work: () => Promise<unknown>) => Promise<unknown> = never;
    const { auth } = await replicas.start({ exclusive: ((work) => exclusive(work)) as Exclusive });
    const call = auth.getAccessToken();
    await replicas.clock.advance(1_000);
    exclusive = (work) => work();
    auth.invalidate(await call);
    await auth.getAccessToken();
    expect(replicas.log('log')).toContain('exclusive works again');
    expect(replicas.log('warn')).toHaveLength(1);
  });
});

describe('replicas whose clocks differ', () => {
  const date = (moment: number): Record<string, string> => ({ date: new Date(moment).toUTCString() });

  it.each([-10, -2, 2, 10])(
    'share an access token although one is %d minutes ahead, if Didomi tells the time',
    async (ahead) => {
      const replicas = new Replicas();
      replicas.stub.onTokenRequest = (_config, count) => ({
        status: 200,
        data: { access_token: `token-${count + 1}` },
        headers: date(replicas.clock.now()),
      });
      const wrong = await replicas.start({}, replicas.clockAhead(ahead * MINUTE));
      const right = await replicas.start();
      await wrong.auth.getAccessToken();
      expect(await right.auth.getAccessToken()).toBe('token-1');
      await replicas.clock.advance(34 * MINUTE);
      await right.auth.refresh();
      await wrong.auth.getAccessToken();
      await settled();
      expect(await wrong.auth.getAccessToken()).toBe('token-2');
      expect(replicas.tokenRequests).toBe(2);
    },
  );

  it('learn the time by a token request of their own where an access token seems to come from the future', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const behind = await replicas.start({}, replicas.clockAhead(-2 * MINUTE));
    expect(await behind.auth.getAccessToken()).toBe('token-2');
  });

  it('never use an access token for longer than it lives, whatever their clocks say', async () => {
    const replicas = new Replicas();
    await (await replicas.start()).auth.getAccessToken();
    const behind = await replicas.start({}, replicas.clockAhead(-50_000));
    await behind.auth.getAccessToken();
    await replicas.clock.advance(59 * MINUTE);
    expect(behind.auth.status.phase).toBe('expired');
  });
});

describe('a shutdown while a store, a lock, credentials and Didomi do not answer', () => {
  const HANGING: [string, Partial<DidomiModuleOptions>][] = [
    ['get()', { tokenStore: { get: never, set: never } }],
    ['set()', { tokenStore: { get: () => undefined, set: never }, exclusive: memoryLock() }],
    ['the lock', { exclusive: never }],
    ['the lock, after the work', { exclusive: async (work) => (await work(), await never()) }],
    ['credentials()', { credentials: never }],
  ];
  const MOMENTS = [0, 1, 100, 899, 900, 999, 1_000, 2_000];
  const cases = HANGING.flatMap(([what, options]) => MOMENTS.map((at) => [what, at, options] as const));

  it.each(cases)('ends every call as closed, and leaves no wait: %s, after %i ms', async (_title, at, options) => {
    const replicas = new Replicas();
    const { app, auth, http } = await replicas.start(options);
    replicas.stub.onTokenRequest = never;
    const calls: Promise<unknown>[] = [auth.getAccessToken(), auth.refresh(), http.axiosRef.get('/x')];
    const ends = calls.map(errorOf);
    await replicas.clock.advance(at);
    await app.close();
    for (const error of await Promise.all(ends)) expect(error).toMatchObject({ reason: 'closed' });
    expect(replicas.clock.pending).toBe(0);
    const lines = replicas.log('warn', 'error');
    expect(lines.length).toBeLessThanOrEqual(1);
    await replicas.clock.advance(MINUTE);
    expect(replicas.log('warn', 'error')).toEqual(lines);
  });
});

it('a required warm-up succeeds without the store that is down', async () => {
  const replicas = new Replicas();
  const starting = replicas.start({ warmup: 'required', tokenStore: { get: never, set: never }, exclusive: never });
  await replicas.clock.advance(1_000);
  const { auth } = await starting;
  expect(auth.status).toMatchObject({ phase: 'fresh', usable: true });
});

it('a store of a class works with its own methods', async () => {
  class Store extends MemoryStore {
    readonly #entries = new Map<string, unknown>();
    override get(key: string): unknown {
      return this.#entries.get(key);
    }
    override set(key: string, value: string): void {
      this.#entries.set(key, value);
    }
  }
  const replicas = new Replicas();
  const tokenStore = new Store();
  await (await replicas.start({ tokenStore })).auth.getAccessToken();
  expect(await (await replicas.start({ tokenStore })).auth.getAccessToken()).toBe('token-1');
});
