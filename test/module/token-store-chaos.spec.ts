import { describe, expect, it } from '@jest/globals';
import { isDidomiError, type DidomiModuleOptions } from '../../lib/index.js';
import { jwt } from '../support/didomi-stub.js';
import { memoryLock } from '../support/memory-store.js';
import { Replicas } from '../support/replicas.js';

const MINUTE = 60_000;
const STEPS = 250;
const SEEDS = Array.from({ length: 8 }, (_, seed) => seed);

/** Store, lock, login and API of four replicas, which fail in every way at random moments. */
class Chaos {
  readonly replicas = new Replicas();
  store: 'works' | 'fails' | 'hangs' | 'flaps' = 'works';
  isLoginDown = false;
  /** What each replica has done, by its header. */
  readonly sent = new Map<string, number[]>();
  readonly used = new Map<string, string[]>();
  readonly #lock = memoryLock();
  #valid = new Set<string>();
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
    const { clock, stub } = this.replicas;
    stub.onTokenRequest = ({ headers }) => {
      listOf(this.sent, String(headers.get('X-Replica'))).push(clock.monotonic());
      if (this.isLoginDown) return { status: this.pick(503, 429, 400) };
      const iat = Math.floor(clock.now() / 1_000);
      const value = jwt({ iat, exp: iat + 3_600, jti: this.random() });
      this.#valid.add(value);
      const date = new Date(clock.now()).toUTCString();
      return { status: 200, data: { access_token: value }, headers: this.pick<Record<string, string>>({}, { date }) };
    };
    stub.onApiRequest = ({ headers }) => {
      const value = String(headers.get('Authorization')).slice('Bearer '.length);
      const used = listOf(this.used, String(headers.get('X-Replica')));
      if (used.at(-1) !== value) used.push(value);
      return { status: this.#valid.has(value) ? 200 : 401 };
    };
  }

  random(): number {
    this.#state = (this.#state * 1_664_525 + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  pick<T>(...values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  revoke(): void {
    this.#valid = new Set();
  }

  get options(): Partial<DidomiModuleOptions> {
    const { store } = this.replicas;
    const old: unknown[] = [];
    return {
      tokenStore: {
        get: (key) =>
          this.#misbehaves(() => {
            old.push(store.get(key));
            return this.random() < 0.2 ? this.pick('garbage', undefined, 7, ...old) : old.at(-1);
          }),
        set: (...entry) => this.#misbehaves(() => store.set(...entry)),
      },
      exclusive: ((work: () => Promise<unknown>) =>
        this.#misbehaves(
          this.pick(
            () => this.#lock(work),
            () => Promise.all([work(), work()]),
            () => work().then(() => Promise.reject(new Error('after it'))),
            async () => void work(),
          ),
        )) as NonNullable<DidomiModuleOptions['exclusive']>,
    };
  }

  #misbehaves(act: () => unknown): unknown {
    const how = this.store === 'flaps' ? this.pick('works', 'fails', 'hangs', 'throws', 'is late') : this.store;
    if (how === 'fails') return Promise.reject(new Error('down'));
    if (how === 'hangs') return new Promise(() => undefined);
    if (how === 'throws') throw new Error('down');
    if (how === 'works') return act();
    return new Promise((resolve) => this.replicas.clock.schedule(() => resolve(act()), this.random() * 1_500));
  }
}

describe('replicas whose store, lock, clocks and Didomi fail at random', () => {
  it.each(SEEDS)('keep to their bounds, and recover (seed %d)', async (seed) => {
    const chaos = new Chaos(seed);
    const { clock } = chaos.replicas;
    const clients = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const options = { ...chaos.options, refresh: {}, axios: { headers: { 'X-Replica': name } } };
      const ahead = chaos.pick(0, 0, 1, -1, 5, -5, 120, -120) * MINUTE;
      clients.push(await chaos.replicas.start(options, chaos.replicas.clockAhead(ahead)));
    }
    const foreign: unknown[] = [];
    const calls: Promise<unknown>[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const { auth, http } = chaos.pick(...clients);
      const call = (): Promise<unknown> => http.axiosRef.get('/properties');
      const dice = chaos.random();
      if (dice < 0.6) calls.push(act(call, foreign));
      else if (dice < 0.7) calls.push(act(() => auth.refresh(), foreign));
      else if (dice < 0.75) calls.push(act(async () => auth.invalidate(await auth.getAccessToken()), foreign));
      else if (dice < 0.8) chaos.revoke();
      else if (dice < 0.92) chaos.store = chaos.pick('works', 'fails', 'hangs', 'flaps', 'flaps');
      else chaos.isLoginDown = chaos.pick(true, false, false);
      // Many calls in short minutes, and long pauses between them.
      if (chaos.random() < 0.5) await clock.advance(chaos.pick(1, 50, 500, 2_000));
      else if (chaos.random() < 0.06) await clock.advance(chaos.pick(2, 30) * MINUTE);
    }
    chaos.store = 'works';
    chaos.isLoginDown = false;
    await clock.advance(10 * MINUTE);
    await Promise.all(calls);

    expect(foreign).toEqual([]);
    for (const moments of chaos.sent.values()) {
      // The seventh comes a minute after the first at the earliest.
      const spans = moments.slice(6).map((moment, index) => moment - moments[index]!);
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(MINUTE);
    }
    for (const used of chaos.used.values()) expect(used).toHaveLength(new Set(used).size);
    expect([...chaos.sent.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
    for (const { auth, http } of clients) {
      expect((await http.axiosRef.get('/properties')).status).toBe(200);
      expect(auth.status).toMatchObject({ usable: true, requests: { inFlight: 0, waiting: 0 } });
    }
    for (const { app } of clients) await app.close();
    expect(clock.pending).toBe(0);
  });
});

/** Every failure has to be one of the library's. */
async function act(what: () => Promise<unknown>, foreign: unknown[]): Promise<void> {
  await what().catch((error: unknown) => isDidomiError(error) || foreign.push(error));
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}
