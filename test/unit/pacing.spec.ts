import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, jest } from '@jest/globals';
import { PacingRefusal } from '../../lib/http/pacing/pacing-refusal.js';
import { readRateLimit, readWindowMs } from '../../lib/headers/rate-limit.js';
import { RequestPacer, type PacingOptions, type Permit } from '../../lib/http/pacing/request-pacer.js';
import { FakeClock, settled } from '../support/fake-clock.js';

const NOW = 1_800_000_000_000;
const LIMIT = 50;
const WINDOW_MS = 3_000;

type Headers = Record<string, unknown>;

const told = (remaining: number, resetSeconds: number, limit = LIMIT): Headers => ({
  ratelimit: `limit=${limit}, remaining=${remaining}, reset=${resetSeconds}`,
});

describe('what an answer tells about the rate limit', () => {
  const quoted = { 'ratelimit-policy': '"default";q=100;w=60' };
  const two = { 'ratelimit-policy': '"burst";q=10;w=2, "hour";q=1000;w=3600' };

  it.each<[string, Headers, number, number, number]>([
    ['one header', { ratelimit: 'limit=100, remaining=60, reset=7' }, 100, 60, 7],
    ['one header in another order', { ratelimit: 'reset=7,remaining=0,limit=100' }, 100, 0, 7],
    ['one header and a policy', { ratelimit: 'remaining=6, reset=7', 'ratelimit-policy': '100;w=15' }, 100, 6, 7],
    ['one header given twice', { ratelimit: ['limit=100, remaining=60, reset=7'] }, 100, 60, 7],
    ['three headers', { 'ratelimit-limit': '100', 'ratelimit-remaining': '60', 'ratelimit-reset': '7' }, 100, 60, 7],
    [
      'two headers and a policy',
      { 'ratelimit-remaining': '60', 'ratelimit-reset': '7', 'ratelimit-policy': '100;w=15' },
      100,
      60,
      7,
    ],
    ['three numbers', { 'ratelimit-limit': 100, 'ratelimit-remaining': 0, 'ratelimit-reset': 7 }, 100, 0, 7],
    [
      'three headers, one with its policy',
      { 'ratelimit-limit': '100, 100;w=15', 'ratelimit-remaining': '60', 'ratelimit-reset': '7' },
      100,
      60,
      7,
    ],
    ['the quoted form', { ratelimit: '"default";r=50;t=30', ...quoted }, 100, 50, 30],
    ['the quoted form with spaces', { ratelimit: '"default"; r=50; t=30; pk=:YQ==:', ...quoted }, 100, 50, 30],
    ['the form without quotes', { ratelimit: 'a;r=5;t=3', 'ratelimit-policy': 'a;q=10;w=60' }, 10, 5, 3],
    ['the tightest of several', { ratelimit: '"hour";r=900;t=99, "burst";r=5;t=2', ...two }, 10, 5, 2],
    ['any case', { 'RateLimit-Policy': '1;w=1', RateLimit: 'Limit=100, Remaining=60, Reset=7' }, 100, 60, 7],
    [
      'any case of three',
      { 'RATELIMIT-LIMIT': '100', 'RateLimit-Remaining': '60', 'RateLimit-Reset': '7' },
      100,
      60,
      7,
    ],
    ['a window that has ended', { ratelimit: 'limit=100, remaining=60, reset=0' }, 100, 60, 0],
  ])('is read from %s', (_title, headers, limit, remaining, resetSeconds) => {
    expect(readRateLimit(headers, NOW)).toEqual({ limit, remaining, resetAt: NOW + resetSeconds * 1_000 });
  });

  it.each<[Headers]>([
    [{}],
    [{ 'content-type': 'text/html', 'x-request': 'a', 'x-frame-options-sort': 'b' }],
    [{ ratelimit: '' }],
    [{ ratelimit: null }],
    [{ ratelimit: 'garbage' }],
    [{ ratelimit: '"unclosed;r=1;t=2' }],
    [{ ratelimit: 'limit=100, remaining=60' }],
    [{ ratelimit: 'remaining=60, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=-1, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=-7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=7.5' }],
    [{ ratelimit: 'limit=1e3, remaining=60, reset=7' }],
    [{ ratelimit: 'limit=0, remaining=0, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=101, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=1800000007' }],
    [{ ratelimit: `limit=${'9'.repeat(400)}, remaining=60, reset=7` }],
    [{ ratelimit: '"default";r=50;t=30' }],
    [{ ratelimit: '"other";r=50;t=30', ...quoted }],
    [{ ratelimit: '"default";r=-5;t=30', ...quoted }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '60' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-reset': '7' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': 'many', 'ratelimit-reset': '7' }],
  ])('is nothing with %j', (headers) => {
    expect(readRateLimit(headers, NOW)).toBeUndefined();
  });

  it.each<[Headers, number | undefined]>([
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=15' }, 15_000],
    [{ ratelimit: '"a";r=1', 'ratelimit-policy': '"b";q=5;w=1, "a";q=100;w=60' }, 60_000],
    [{ RateLimit: 'limit=100', 'RateLimit-Policy': '100;w=15' }, 15_000],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '50;w=15' }, undefined],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=0' }, undefined],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=99999999' }, undefined],
    [{ ratelimit: 'limit=100' }, undefined],
  ])('includes the length of the window: %j', (headers, ms) => {
    expect(readWindowMs(headers, 100)).toBe(ms);
  });
});

/** Counts in fixed windows that begin with their first request, as Didomi's limit seems to. */
class LimitedServer {
  readonly served: number[] = [];
  readonly refused: number[] = [];
  #endsAt = 0;
  #count = 0;

  constructor(private readonly clock: FakeClock) {}

  answer(): { ok: boolean; headers: Headers; resetMs: number } {
    const now = this.clock.now();
    if (now >= this.#endsAt) {
      this.#endsAt = now + WINDOW_MS;
      this.#count = 0;
      this.served.push(0);
      this.refused.push(0);
    }
    this.#count += 1;
    const ok = this.#count <= LIMIT;
    const counts = ok ? this.served : this.refused;
    counts[counts.length - 1]! += 1;
    const seconds = Math.ceil((this.#endsAt - now) / 1_000);
    return { ok, headers: told(Math.max(0, LIMIT - this.#count), seconds), resetMs: seconds * 1_000 };
  }
}

const PATIENT = { maxConcurrent: Infinity, maxQueued: 10_000, maxWaitMs: 3_600_000 };

function setUp(options: Partial<PacingOptions> = {}) {
  const clock = new FakeClock(NOW);
  const pacer = new RequestPacer(clock, { ...PATIENT, ...options });
  /** The numbers of the requests that were let pass, and what they got. */
  const passed: number[] = [];
  const permits: Permit[] = [];
  const refusals: PacingRefusal[] = [];
  const enter = (id: number, counts = true, signal?: AbortSignal): void => {
    const entered = pacer.enter(counts, signal);
    const pass = (permit: Permit): void => {
      passed.push(id);
      permits.push(permit);
    };
    if (entered instanceof Promise) entered.then(pass, (refusal: PacingRefusal) => refusals.push(refusal));
    else pass(entered);
  };
  /** One request that is answered at once. */
  const answered = (headers: Headers | undefined): void => (pacer.enter(true, undefined) as Permit).leave(headers);
  return { clock, pacer, passed, permits, refusals, enter, answered };
}

/** Sends one request again and again until it is served. A delay is the way to the server, or back. */
async function sendUntilServed(pacer: RequestPacer, server: LimitedServer, clock: FakeClock, delayMs?: () => number) {
  const travel = async () =>
    delayMs && (await new Promise<void>((resolve) => clock.schedule(resolve, Math.round(delayMs()))));
  for (;;) {
    const permit = await pacer.enter(true, undefined);
    await travel();
    const { ok, headers, resetMs } = server.answer();
    await travel();
    permit.leave(headers);
    if (ok) return clock.now();
    pacer.noteThrottled(resetMs);
  }
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** The same numbers in each run, from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

describe('the pacer in front of a server with a limit', () => {
  it('draws no 429 after the first window and loses no time', async () => {
    const { clock, pacer } = setUp();
    const server = new LimitedServer(clock);
    const ends = Promise.all(numbers(0, 200).map(() => sendUntilServed(pacer, server, clock)));
    await clock.advance(60_000);

    expect(Math.max(...(await ends))).toBe(NOW + 3 * WINDOW_MS);
    expect(server.served).toEqual([50, 50, 50, 50]);
    expect(server.refused).toEqual([150, 0, 0, 0]);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('draws none either when answers overtake each other (%i)', async (seed) => {
    const random = seeded(seed);
    const { clock, pacer } = setUp();
    const server = new LimitedServer(clock);
    const delayMs = () => (random() < 0.05 ? 900 : 60) * random();
    const ends = Promise.all(numbers(0, 200).map(() => sendUntilServed(pacer, server, clock, delayMs)));
    await clock.advance(60_000);

    expect(Math.max(...(await ends))).toBeLessThan(NOW + 5 * WINDOW_MS);
    expect(sum(server.served)).toBe(200);
    expect(sum(server.refused.slice(1))).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 2, 3])('draws none when requests come one by one (%i)', async (seed) => {
    const random = seeded(seed);
    const { clock, pacer } = setUp();
    const server = new LimitedServer(clock);
    const served = numbers(0, 300).map(async () => {
      await new Promise<void>((resolve) => clock.schedule(resolve, Math.round(random() * 12_000)));
      await sendUntilServed(pacer, server, clock, () => random() * 100);
    });
    await clock.advance(60_000);

    await Promise.all(served);
    expect(sum(server.served)).toBe(300);
    expect(sum(server.refused)).toBe(0);
  });

  it('gets everything through beside other processes', async () => {
    const { clock } = setUp();
    const server = new LimitedServer(clock);
    const ends = Promise.all(
      numbers(0, 5).flatMap(() => {
        const pacer = new RequestPacer(clock, PATIENT);
        return numbers(0, 60).map(() => sendUntilServed(pacer, server, clock));
      }),
    );
    await clock.advance(60_000);

    // Six windows are the least for 300 requests. Where others draw on the same limit, some room is left unused.
    expect(Math.max(...(await ends))).toBeLessThanOrEqual(NOW + 6.5 * WINDOW_MS);
    expect(sum(server.served)).toBe(300);
    expect(clock.pending).toBe(0);
  });
});

describe('a request', () => {
  it('passes synchronously while no limit is known and while there is room', () => {
    const { passed, enter, answered } = setUp();
    enter(1);
    answered(told(2, 3));
    enter(2);
    expect(passed).toEqual([1, 2]);
  });

  it('waits for the reset when nothing remains, in the order of arrival', async () => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(0, 3));
    for (const id of numbers(0, 5)) enter(id);
    await clock.advance(2_999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual([0, 1, 2, 3, 4]);
    expect(clock.pending).toBe(0);
  });

  it('waits for a window of its own when the next one is full, whatever the answers say', async () => {
    const { clock, passed, permits, enter, answered } = setUp();
    answered(told(0, 3));
    for (const id of numbers(0, 150)) enter(id);
    for (const end of [50, 100, 150]) {
      await clock.advance(WINDOW_MS);
      expect(passed).toEqual(numbers(0, end));
      for (const permit of permits) permit.leave({});
    }
  });

  it('waits behind those who wait already', async () => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(0, 3));
    enter(1);
    clock.set(NOW + 4_000); // Time has come, and the timer has not gone off yet.
    enter(2);
    await settled();
    expect(passed).toEqual([1, 2]);
    expect(clock.pending).toBe(0);
  });

  it('that counts against no limit waits for no window, and what its answer says is not looked at', () => {
    const { pacer, passed, permits, enter, answered } = setUp();
    answered(told(0, 3));
    pacer.noteThrottled(60_000);
    enter(1, false);
    expect(passed).toEqual([1]);
    permits[0]?.leave(told(50, 9));
    expect(pacer.rateLimit).toEqual({ limit: LIMIT, remaining: 0, resetAt: NOW + 60_000 });
  });

  it('waits for another to end when as many are in flight as may be', async () => {
    const { clock, passed, permits, enter } = setUp({ maxConcurrent: 2 });
    for (const id of numbers(1, 6)) enter(id, id % 2 === 0);
    expect(passed).toEqual([1, 2]);
    permits[0]?.leave(undefined);
    permits[0]?.leave(undefined); // Once is enough: this one has no effect.
    await settled();
    expect(passed).toEqual([1, 2, 3]);
    permits[1]?.leave({});
    permits[2]?.leave({});
    await settled();
    expect(passed).toEqual([1, 2, 3, 4, 5]);
    expect(clock.pending).toBe(0);
  });

  it('that waits for the window does not hold up one that only waits for another to end', async () => {
    const { clock, passed, permits, enter, answered } = setUp({ maxConcurrent: 1 });
    answered(told(0, 3));
    enter(1, false);
    enter(2);
    enter(3, false);
    permits[0]?.leave({});
    await settled();
    expect(passed).toEqual([1, 3]);
    await clock.advance(3_000);
    expect(passed).toEqual([1, 3]);
    permits[1]?.leave({});
    await settled();
    expect(passed).toEqual([1, 3, 2]);
  });
});

describe('a request is refused', () => {
  it('when it would wait too long, by its place among those who wait', async () => {
    const { refusals, passed, enter, answered, clock } = setUp({ maxWaitMs: 5_000 });
    answered({ ...told(0, 2), 'ratelimit-policy': `${LIMIT};w=4` });
    for (const id of numbers(0, LIMIT + 1)) enter(id);
    await clock.advance(2_000);
    expect(refusals).toMatchObject([{ reason: 'too-long', retryAfterMs: 6_000 }]);
    expect(refusals[0]).toBeInstanceOf(PacingRefusal);
    expect(passed).toHaveLength(LIMIT);
  });

  it('when what remains is taken by those who wait for others to end', async () => {
    const { refusals, enter, answered } = setUp({ maxWaitMs: 5_000, maxConcurrent: 1 });
    answered({ ...told(3, 2), 'ratelimit-policy': `${LIMIT};w=4` });
    for (const id of numbers(0, 3 + LIMIT + 1)) enter(id);
    await settled();
    expect(refusals).toMatchObject([{ reason: 'too-long', retryAfterMs: 6_000 }]);
  });

  it('when as many wait for the rate limit as may', async () => {
    const { refusals, enter, answered } = setUp({ maxQueued: 2, maxConcurrent: 1 });
    answered(told(0, 3, 1));
    for (const id of numbers(0, 3)) enter(id);
    for (const id of numbers(3, 6)) enter(id, false);
    enter(6);
    await settled();
    expect(refusals.map(({ reason, retryAfterMs }) => [reason, retryAfterMs])).toEqual([
      ['queue-full', 9_000],
      ['queue-full', 9_000],
    ]);
  });

  it('never while it only waits for others to end', async () => {
    const { refusals, passed, permits, enter, answered } = setUp({ maxQueued: 2, maxConcurrent: 1 });
    answered(told(50, 3));
    for (const id of numbers(0, 20)) enter(id, id % 2 === 0);
    await settled();
    expect(refusals).toEqual([]);
    for (const id of numbers(0, 20)) {
      permits[id]?.leave(undefined);
      await settled();
    }
    expect(passed).toEqual(numbers(0, 20));
  });

  it('when its caller gives up, and the next takes its place', async () => {
    const { clock, refusals, passed, enter, answered } = setUp();
    answered(told(0, 3, 1));
    const abort = new AbortController();
    enter(1, true, abort.signal);
    enter(2);
    abort.abort();
    await settled();
    expect(refusals).toMatchObject([{ reason: 'aborted' }]);
    await clock.advance(3_000);
    expect(passed).toEqual([2]);
    enter(3, true, abort.signal);
    await settled();
    expect(refusals).toMatchObject([{ reason: 'aborted' }, { reason: 'aborted' }]);
  });

  it('when the pacer is closed, before or while it waits', async () => {
    const { clock, pacer, refusals, permits, passed, enter, answered } = setUp({ maxConcurrent: 1 });
    answered(told(0, 3));
    enter(1, false);
    enter(2, false);
    enter(3);
    pacer.close();
    enter(4);
    permits[0]?.leave({});
    await settled();
    expect(refusals.map(({ reason }) => reason)).toEqual(['closed', 'closed', 'closed']);
    expect(passed).toEqual([1]);
    expect(clock.pending).toBe(0);
  });
});

describe('the pacer', () => {
  it('keeps nothing of requests that no longer wait', async () => {
    const { clock, pacer, answered } = setUp();
    answered(told(0, 3));
    const signals: WeakRef<AbortSignal>[] = [];
    const waitOnce = (isAborted: boolean): void => {
      const abort = new AbortController();
      signals.push(new WeakRef(abort.signal));
      const leave = async () => (await pacer.enter(true, abort.signal)).leave(undefined);
      leave().catch(() => undefined);
      if (isAborted) abort.abort();
    };
    for (const id of numbers(0, 20)) waitOnce(id % 2 === 0);
    await clock.advance(3_000);
    collectGarbage();

    expect(signals.filter((signal) => signal.deref() !== undefined)).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(pacer.enter(true, undefined)).not.toBeInstanceOf(Promise);
  });

  it('takes no listener of a signal along', async () => {
    const { clock, permits, enter, answered } = setUp();
    answered(told(0, 3));
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    for (const id of numbers(0, 10)) enter(id, true, signal);
    await clock.advance(3_000);

    expect(permits).toHaveLength(10);
    expect(added.mock.calls).toHaveLength(10);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });

  it('keeps the process alive only while somebody waits', async () => {
    const { clock, pacer, answered } = setUp();
    const schedule = jest.spyOn(clock, 'schedule');
    answered(told(0, 3));
    expect(schedule).not.toHaveBeenCalled();
    const abort = new AbortController();
    const waiting = pacer.enter(true, abort.signal);
    expect(schedule.mock.calls).toEqual([[expect.any(Function), 3_000, true]]);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'PacingRefusal', reason: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  it('sets one timer for all who wait for the same moment', () => {
    const { clock, enter, answered } = setUp();
    const schedule = jest.spyOn(clock, 'schedule');
    answered(told(0, 3));
    for (const id of numbers(0, 9)) enter(id);
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  it('looks at no clock while no limit is known', () => {
    const { clock, pacer, answered } = setUp();
    const now = jest.fn(() => NOW);
    Object.assign(clock, { now });
    answered({ 'content-type': 'application/json' });
    answered(undefined);
    expect(now).not.toHaveBeenCalled();
    expect(pacer.rateLimit).toBeUndefined();
  });
});

describe('the rate limit', () => {
  it('is readable as the answers told it last', async () => {
    const { clock, pacer, answered } = setUp();
    expect(pacer.rateLimit).toBeUndefined();
    answered(told(40, 3));
    const known = { limit: LIMIT, remaining: 40, resetAt: NOW + 3_000 };
    expect(pacer.rateLimit).toEqual(known);
    answered({});
    await clock.advance(10_000);
    answered(undefined);
    expect(pacer.rateLimit).toEqual(known);
    answered(told(49, 3));
    expect(pacer.rateLimit).toEqual({ limit: LIMIT, remaining: 49, resetAt: NOW + 13_000 });
  });

  it('is as low in a window as any of its answers tells', () => {
    const { pacer, passed, enter, permits, answered } = setUp();
    enter(1);
    enter(2);
    permits[1]?.leave(told(1, 3));
    permits[0]?.leave(told(30, 3));
    expect(pacer.rateLimit).toMatchObject({ remaining: 1 });
    answered(undefined);
    enter(3);
    expect(passed).toEqual([1, 2]);
  });

  it('ends when the most exact of its answers says, since seconds are rounded up', async () => {
    const { clock, pacer, enter, permits } = setUp();
    enter(1);
    enter(2);
    permits[0]?.leave(told(1, 3));
    await clock.advance(1_500);
    permits[1]?.leave(told(0, 2));
    expect(pacer.rateLimit).toMatchObject({ remaining: 0, resetAt: NOW + 3_000 });
  });

  it('counts what is in flight, and gives it back as the answers arrive', async () => {
    const { clock, passed, permits, enter, answered } = setUp();
    for (const id of numbers(0, 4)) enter(id);
    answered(told(5, 3)); // Didomi may or may not have counted the other four.
    enter(4);
    enter(5);
    expect(passed).toEqual([0, 1, 2, 3, 4]);
    permits[0]?.leave(told(8, 3)); // It had.
    await settled();
    expect(passed).toEqual([0, 1, 2, 3, 4, 5]);
    expect(clock.pending).toBe(0);
  });

  it('counts requests without an answer until a later one tells better', () => {
    const { passed, enter, answered } = setUp();
    answered(told(3, 3));
    answered(undefined);
    answered(undefined);
    answered(told(2, 3)); // So they never arrived.
    enter(1);
    enter(2);
    enter(3);
    expect(passed).toEqual([1, 2]);
  });

  it('begins anew with an answer whose window ends later', async () => {
    const { clock, pacer, passed, enter, permits, answered } = setUp();
    answered(told(49, 3));
    for (const id of [1, 2]) enter(id);
    permits[0]?.leave(told(0, 3));
    await clock.advance(2_500);
    enter(3, false);
    enter(4);
    permits[1]?.leave(told(45, 6)); // The clocks differ: Didomi's window was over earlier.
    await settled();
    expect(passed).toEqual([1, 2, 3, 4]);
    expect(pacer.rateLimit).toEqual({ limit: LIMIT, remaining: 45, resetAt: NOW + 8_500 });
    expect(clock.pending).toBe(0);
  });

  it('is not the one that a late answer of an earlier window tells', async () => {
    const { clock, pacer, passed, enter, permits } = setUp();
    for (const id of [1, 2]) enter(id);
    permits[0]?.leave(told(10, 3));
    await clock.advance(4_000);
    enter(3);
    permits[2]?.leave(told(49, 3));
    permits[1]?.leave(told(0, 1));
    enter(4);
    expect(passed).toEqual([1, 2, 3, 4]);
    expect(pacer.rateLimit).toMatchObject({ remaining: 49 });
  });

  it('counts what is sent just before the reset in the next window, too', async () => {
    const { clock, passed, permits, enter, answered } = setUp();
    answered(told(2, 3, 2));
    await clock.advance(2_900);
    enter(1);
    await clock.advance(100);
    enter(2);
    enter(3);
    expect(passed).toEqual([1, 2]);
    permits[0]?.leave(told(1, 1, 2)); // Didomi counted it in the window before.
    permits[1]?.leave(told(1, 3, 2));
    await settled();
    expect(passed).toEqual([1, 2, 3]);
    expect(clock.pending).toBe(0);
  });

  it('does not starve others of their turn for a request that never ends', async () => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(1, 3, 1));
    await clock.advance(2_900);
    enter(1);
    enter(2);
    await clock.advance(3_100);
    expect(passed).toEqual([1, 2]);
    expect(clock.pending).toBe(0);
  });

  it('lasts a second more when it resets in 0 s', async () => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(0, 0));
    enter(1);
    await clock.advance(999);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual([1]);
  });

  it('is forgotten when the answers of three windows tell none', async () => {
    const { clock, pacer, passed, enter, answered } = setUp();
    answered(told(0, 3, 1));
    for (const _ of numbers(0, 3)) {
      await clock.advance(3_000);
      expect(pacer.rateLimit).toBeDefined();
      answered({});
    }
    enter(1);
    enter(2);
    await clock.advance(3_000);
    expect(passed).toEqual([1, 2]);
    expect(pacer.rateLimit).toBeUndefined();
    answered(told(7, 3));
    expect(pacer.rateLimit).toMatchObject({ remaining: 7 });
  });

  it.each<[string, (Headers | undefined)[]]>([
    ['there are no answers', [undefined, undefined, undefined, undefined, undefined]],
    ['one answer tells none, and then there are no more', [{}, undefined, undefined, undefined, undefined]],
    ['an answer tells it again meanwhile', [{}, {}, told(0, 3, 1), {}, {}, undefined]],
  ])('is not forgotten when %s', async (_title, answers) => {
    const { clock, pacer, answered } = setUp();
    answered(told(0, 3, 1));
    for (const answer of answers) {
      await clock.advance(3_000);
      answered(answer);
    }
    expect(pacer.rateLimit).toBeDefined();
  });

  it('that comes back after it was forgotten counts what is in flight', async () => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(0, 3, 5));
    for (const _ of numbers(0, 3)) {
      await clock.advance(3_000);
      answered({});
    }
    await clock.advance(2_900);
    enter(1);
    await clock.advance(100);
    enter(2);
    enter(3);
    await clock.advance(10_000);
    answered(told(3, 3, 5));
    enter(4);
    expect(passed).toEqual([1, 2, 3]);
  });
});

describe('after a 429', () => {
  it('nothing is sent until the time it named, limit or no limit', async () => {
    const { clock, pacer, passed, enter } = setUp();
    pacer.noteThrottled(5_000);
    pacer.noteThrottled(1_000);
    enter(1);
    enter(2);
    await clock.advance(4_999);
    expect(passed).toEqual([]);
    expect(pacer.rateLimit).toBeUndefined();
    await clock.advance(1);
    expect(passed).toEqual([1, 2]);
    expect(clock.pending).toBe(0);
  });

  it('those who wait go on waiting, or are refused if that is too long', async () => {
    const { clock, pacer, passed, refusals, enter, answered } = setUp({ maxWaitMs: 10_000 });
    answered(told(0, 3));
    enter(1);
    pacer.noteThrottled(9_000);
    await clock.advance(8_999);
    expect(passed).toEqual([]);
    expect(pacer.rateLimit).toEqual({ limit: LIMIT, remaining: 0, resetAt: NOW + 9_000 });
    pacer.noteThrottled(10_001);
    await settled();
    expect(refusals).toMatchObject([{ reason: 'too-long', retryAfterMs: 10_001 }]);
    expect(clock.pending).toBe(0);
  });

  it.each([Infinity, 1e12])('an absurd time (%d ms) counts as an hour', async (ms) => {
    const { clock, pacer, passed, enter } = setUp();
    pacer.noteThrottled(ms);
    enter(1);
    await clock.advance(3_600_000);
    expect(passed).toEqual([1]);
  });

  it.each([0, -5, NaN])('no time (%d ms) is no wait', (ms) => {
    const { pacer, passed, enter } = setUp();
    pacer.noteThrottled(ms);
    enter(1);
    expect(passed).toEqual([1]);
  });
});

describe('when the clock is set back', () => {
  it.each([1, 3_600_000, 86_400_000])('by %d ms, nobody waits for more than a window longer', async (ms) => {
    const { clock, passed, enter, answered } = setUp();
    answered(told(0, 3));
    enter(1);
    clock.set(NOW - ms);
    enter(2);
    await clock.advance(3_000);
    expect(passed).toEqual([1, 2]);
    expect(clock.pending).toBe(0);
  });

  it('the answers are believed as before', async () => {
    const { clock, pacer, answered } = setUp();
    answered(told(0, 3));
    await clock.advance(4_000);
    answered(undefined);
    clock.set(NOW - 3_600_000);
    answered(told(40, 3));
    expect(pacer.rateLimit).toMatchObject({ remaining: 40 });
  });

  it('while somebody waits for a 429 to pass, the wait is no longer than it was', async () => {
    const { clock, pacer, passed, enter, answered } = setUp();
    pacer.noteThrottled(5_000);
    clock.set(NOW - 60_000);
    enter(1);
    await clock.advance(5_000);
    expect(passed).toEqual([1]);
    answered(told(3, 3));
    expect(pacer.rateLimit).toMatchObject({ remaining: 3 });
  });
});
