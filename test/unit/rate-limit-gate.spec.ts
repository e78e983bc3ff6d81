import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, jest } from '@jest/globals';
import { DidomiRequestError } from '../../lib/errors/didomi-request.error.js';
import { settled } from '../support/fake-clock.js';
import {
  answer,
  GateTest,
  LIMIT,
  NOW,
  numbers,
  PATIENT_MS,
  TestAbort,
  told,
  WINDOW_MS,
} from '../support/request-gate.js';

const TOO_LONG = expect.stringContaining('longer than retry.maxWaitMs');
const TOO_MANY = expect.stringContaining('too many others wait');

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('a request', () => {
  it('passes synchronously while no limit is known and while there is room', () => {
    const test = new GateTest();
    test.enter(1);
    test.answered(told(2, 3));
    test.enter(2);
    expect(test.passed).toEqual([1, 2]);
  });

  it('waits for the reset when nothing remains, in the order of arrival', async () => {
    const test = new GateTest();
    test.answered(told(0, 3));
    for (const id of numbers(0, 5)) test.enter(id);
    await test.clock.advance(2_999);
    expect(test.passed).toEqual([]);
    await test.clock.advance(1);
    expect(test.passed).toEqual([0, 1, 2, 3, 4]);
    expect(test.clock.pending).toBe(0);
  });

  it('waits for a window of its own when the next one is full', async () => {
    const test = new GateTest();
    test.answered(told(0, 3));
    for (const id of numbers(0, 150)) test.enter(id);
    for (const end of [50, 100, 150]) {
      await test.clock.advance(WINDOW_MS);
      expect(test.passed).toEqual(numbers(0, end));
      for (const [index, permit] of test.permits.splice(0).entries()) answer(permit, told(49 - index, 3));
    }
  });

  it('waits behind those that wait already', async () => {
    const test = new GateTest();
    // It comes when the time has come, but before the timer of the gate.
    test.clock.schedule(() => test.enter(2), 3_000);
    test.answered(told(0, 3));
    test.enter(1);
    await test.clock.advance(3_000);
    expect(test.passed).toEqual([1, 2]);
    expect(test.clock.pending).toBe(0);
  });

  it('that does not count never waits for the rate limit, and what its answer says is not read', () => {
    const test = new GateTest();
    test.answered(told(0, 30), 429);
    test.enter(1, { isCounted: false });
    expect(test.passed).toEqual([1]);
    answer(test.permits[0], told(50, 9));
    test.enter(2, { isCounted: false });
    answer(test.permits[1], { 'retry-after': '50' }, 429);
    expect(test.gate.rateLimit).toEqual({ limit: LIMIT, remaining: 0, resetAt: NOW + 30_000 });
    expect(test.gate.heldMs).toBe(12_000);
  });

  it('waits until another is over when as many are in flight as may be', async () => {
    const test = new GateTest({ maxConcurrent: 2 });
    for (const id of numbers(1, 6)) test.enter(id, { isCounted: id % 2 === 0 });
    expect(test.passed).toEqual([1, 2]);
    test.permits[0]?.release();
    await settled();
    expect(test.passed).toEqual([1, 2, 3]);
    test.permits[1]?.release();
    test.permits[2]?.release();
    await settled();
    expect(test.passed).toEqual([1, 2, 3, 4, 5]);
    expect(test.clock.pending).toBe(0);
  });

  it('that waits for the reset does not hold up one that does not count', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    test.answered(told(0, 3));
    test.enter(1, { isCounted: false });
    test.enter(2);
    test.enter(3, { isCounted: false });
    test.permits[0]?.release();
    await settled();
    expect(test.passed).toEqual([1, 3]);
    await test.clock.advance(3_000);
    expect(test.passed).toEqual([1, 3]);
    test.permits[1]?.release();
    await settled();
    expect(test.passed).toEqual([1, 3, 2]);
  });

  it('whose answer is a stream stays in flight until its connection is free', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    test.answered(told(1, 3));
    test.enter(1);
    test.enter(2);
    test.permits[0]?.answered(200, told(1, 3));
    await settled();
    expect(test.passed).toEqual([1]);
    test.permits[0]?.release();
    await settled();
    expect(test.passed).toEqual([1, 2]);
  });
});

describe('a request is refused', () => {
  it('when it would wait too long, by its place among those that wait', async () => {
    const test = new GateTest();
    test.answered(told(0, 2));
    for (const id of numbers(0, LIMIT + 1)) test.enter(id, { maxWaitMs: 4_000 });
    await test.clock.advance(2_000);
    expect(test.refusals).toMatchObject([{ message: TOO_LONG, retryAfterMs: 5_000 }]);
    expect(test.refusals[0]).toBeInstanceOf(DidomiRequestError);
    expect(test.passed).toHaveLength(LIMIT);
  });

  it('when what remains is taken by those that wait for others to end', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    test.answered(told(3, 2));
    for (const id of numbers(0, 3 + LIMIT + 1)) test.enter(id, { maxWaitMs: 4_000 });
    await settled();
    expect(test.refusals).toMatchObject([{ message: TOO_LONG, retryAfterMs: 5_000 }]);
  });

  it('when too many wait, whatever they wait for', async () => {
    const test = new GateTest({ maxConcurrent: 1, maxWaiting: 3 });
    test.answered(told(0, 3, 1));
    test.enter(0, { isCounted: false });
    test.enter(1, { isCounted: false });
    test.enter(2);
    test.enter(3);
    test.enter(4);
    test.enter(5, { isCounted: false });
    await settled();
    expect(test.refusals).toMatchObject([{ message: TOO_MANY, retryAfterMs: 9_000 }, { message: TOO_MANY }]);
  });

  it('at its deadline, if only others could have let it pass earlier', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    test.enter(0);
    test.enter(1, { maxWaitMs: 2_000 });
    test.enter(2, { maxWaitMs: 1_000, isCounted: false });
    test.enter(3, { maxWaitMs: 3_000 });
    await test.clock.advance(999);
    expect(test.refusals).toEqual([]);
    await test.clock.advance(1_001);
    expect(test.refusals).toMatchObject([{ message: TOO_LONG }, { message: TOO_LONG }]);
    test.permits[0]?.release();
    await settled();
    expect(test.passed).toEqual([0, 3]);
    expect(test.clock.pending).toBe(0);
  });

  it('when it may not wait at all', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    test.enter(0, { maxWaitMs: 0 });
    test.enter(1, { maxWaitMs: 0 });
    await settled();
    expect(test.passed).toEqual([0]);
    expect(test.refusals).toMatchObject([{ message: TOO_LONG }]);
    expect(test.clock.pending).toBe(0);
  });

  it('while it waits, as soon as a 429 holds it for longer than it may still wait', async () => {
    const test = new GateTest();
    test.enter(0);
    test.answered(told(0, 3));
    test.enter(1, { maxWaitMs: 10_000 });
    test.enter(2, { maxWaitMs: 12_000 });
    answer(test.permits[0], { 'retry-after': '11' }, 429);
    await settled();
    expect(test.refusals).toMatchObject([{ message: TOO_LONG, retryAfterMs: 11_000 }]);
    await test.clock.advance(11_000);
    expect(test.passed).toEqual([0, 2]);
    expect(test.clock.pending).toBe(0);
  });

  it('with the reason of its abort, before or while it waits, and the next takes its place', async () => {
    const test = new GateTest();
    test.answered(told(0, 3, 1));
    const abort = new TestAbort();
    const reason = new Error('aborted by the caller');
    test.enter(1, { abort });
    test.enter(2);
    abort.abort(reason);
    test.enter(3, { abort });
    await test.clock.advance(3_000);
    expect(test.refusals).toEqual([reason, reason]);
    expect(test.passed).toEqual([2]);
  });
});

describe('the gate', () => {
  /** In a function of its own, so that no local variable holds what it made. */
  const prepared = (): GateTest => {
    const test = new GateTest();
    test.answered(told(0, 3));
    return test;
  };

  it('keeps nothing of requests that no longer wait', async () => {
    const { clock, gate } = prepared();
    const aborts: WeakRef<TestAbort>[] = [];
    const waitOnce = (isAborted: boolean): void => {
      const abort = new TestAbort();
      aborts.push(new WeakRef(abort));
      const pass = async (): Promise<void> => (await gate.enter(true, PATIENT_MS, abort)).release();
      pass().catch(() => undefined);
      if (isAborted) abort.abort(new Error('aborted'));
    };
    for (const id of numbers(0, 20)) waitOnce(id % 2 === 0);
    await clock.advance(3_000);
    collectGarbage();

    expect(aborts.filter((abort) => abort.deref() !== undefined)).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(gate.enter(true, 0, new TestAbort())).not.toBeInstanceOf(Promise);
  });

  it('leaves no listener behind', async () => {
    const test = new GateTest();
    test.answered(told(0, 3));
    const abort = new TestAbort();
    for (const id of numbers(0, 10)) test.enter(id, { abort, maxWaitMs: id < 5 ? 4_000 : 3_500 });
    expect(abort.listeners.size).toBe(10);
    await test.clock.advance(3_000);
    expect(test.permits).toHaveLength(10);
    expect(abort.listeners.size).toBe(0);
  });

  it('keeps the process alive only while somebody waits', async () => {
    const test = new GateTest();
    const schedule = jest.spyOn(test.clock, 'schedule');
    test.answered(told(0, 3));
    expect(schedule).not.toHaveBeenCalled();
    const abort = new TestAbort();
    test.enter(1, { abort });
    expect(schedule.mock.calls.at(-1)).toEqual([expect.any(Function), 3_000, true]);
    expect(test.clock.pending).toBe(1);
    abort.abort(new Error('aborted'));
    await settled();
    expect(test.clock.pending).toBe(0);
  });

  it('bounds 20,000 callers at once, with one timer, and lets all that wait leave at once', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    const schedule = jest.spyOn(test.clock, 'schedule');
    test.answered(told(1, 3));
    const abort = new TestAbort();
    for (const id of numbers(0, 20_000)) test.enter(id, { abort, isCounted: id % 2 === 0 });
    await settled();
    expect(test.clock.pending).toBe(1);
    expect(schedule.mock.calls.length).toBeLessThan(5);
    expect(test.passed).toEqual([0]);
    expect(test.refusals).toHaveLength(9_999);
    abort.abort(new Error('aborted'));
    await settled();
    expect(test.refusals).toHaveLength(19_999);
    expect(test.clock.pending).toBe(0);
    expect(abort.listeners.size).toBe(0);
  });

  it('lets 10,000 requests pass one by one', async () => {
    const test = new GateTest({ maxConcurrent: 1 });
    for (const id of numbers(0, 10_001)) test.enter(id, { isCounted: id % 2 === 0 });
    for (const id of numbers(0, 10_001)) {
      expect(test.passed).toHaveLength(id + 1);
      test.permits[id]?.release();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(test.passed).toEqual(numbers(0, 10_001));
  });

  it('forgets the rate limit when it is reset, and answers that come later', async () => {
    const test = new GateTest();
    for (const id of [0, 1]) test.enter(id);
    answer(test.permits[0], { ...told(0, 3), 'retry-after': '9' }, 429);
    test.enter(2);
    test.gate.reset();
    answer(test.permits[1], told(0, 3));
    test.enter(3);
    await settled();
    expect(test.passed).toEqual([0, 1, 3, 2]);
    expect(test.gate.rateLimit).toBeUndefined();
    expect(test.gate.heldMs).toBe(0);
    expect(test.clock.pending).toBe(0);
  });
});

describe('the rate limit', () => {
  it('is readable as the answers told it last', async () => {
    const test = new GateTest();
    expect(test.gate.rateLimit).toBeUndefined();
    test.answered(told(40, 3));
    const known = { limit: LIMIT, remaining: 40, resetAt: NOW + 3_000 };
    expect(test.gate.rateLimit).toEqual(known);
    test.answered({});
    await test.clock.advance(10_000);
    test.answered(undefined);
    expect(test.gate.rateLimit).toEqual(known);
    test.answered(told(49, 3));
    expect(test.gate.rateLimit).toEqual({ limit: LIMIT, remaining: 49, resetAt: NOW + 13_000 });
  });

  it('is as low in a window as any of its answers tells', () => {
    const test = new GateTest();
    test.enter(1);
    test.enter(2);
    answer(test.permits[1], told(1, 3));
    answer(test.permits[0], told(30, 3));
    expect(test.gate.rateLimit).toMatchObject({ remaining: 1 });
    test.enter(3);
    test.enter(4);
    expect(test.passed).toEqual([1, 2, 3]);
  });

  it('resets when the most exact of its answers says, since seconds are rounded up', async () => {
    const test = new GateTest();
    test.enter(1);
    test.enter(2);
    answer(test.permits[0], told(1, 3));
    await test.clock.advance(1_500);
    answer(test.permits[1], told(0, 2));
    expect(test.gate.heldMs).toBe(1_500);
  });

  it('counts what is in flight, and gives it back as the answers arrive', async () => {
    const test = new GateTest();
    for (const id of numbers(0, 4)) test.enter(id);
    test.answered(told(5, 3)); // May or may not include the other four.
    test.enter(4);
    test.enter(5);
    expect(test.passed).toEqual([0, 1, 2, 3, 4]);
    answer(test.permits[0], told(8, 3)); // It does.
    await settled();
    expect(test.passed).toEqual([0, 1, 2, 3, 4, 5]);
    expect(test.clock.pending).toBe(0);
  });

  it('begins anew with an answer whose window ends later', async () => {
    const test = new GateTest();
    test.answered(told(49, 3));
    for (const id of [1, 2]) test.enter(id);
    answer(test.permits[0], told(0, 3));
    await test.clock.advance(2_500);
    test.enter(3);
    answer(test.permits[1], told(45, 6)); // Didomi's window was over earlier than it had said.
    await settled();
    expect(test.passed).toEqual([1, 2, 3]);
    expect(test.gate.rateLimit).toEqual({ limit: LIMIT, remaining: 45, resetAt: NOW + 8_500 });
    expect(test.clock.pending).toBe(0);
  });

  it('is neither lowered nor raised by a late answer of an earlier window', async () => {
    const test = new GateTest();
    for (const id of [1, 2, 3, 4]) test.enter(id);
    answer(test.permits[0], told(10, 3));
    await test.clock.advance(4_000);
    test.answered(told(20, 3));
    answer(test.permits[1], told(0, 1));
    answer(test.permits[2], told(49, 1));
    answer(test.permits[3], { ...told(0, 1), 'retry-after': '1' }, 429);
    expect(test.gate.rateLimit).toMatchObject({ remaining: 20 });
    for (const id of numbers(5, 26)) test.enter(id);
    expect(test.passed).toHaveLength(24);
  });

  it('counts what is sent just before the reset in the next window, too', async () => {
    const test = new GateTest();
    test.answered(told(2, 3, 2));
    await test.clock.advance(2_900);
    test.enter(1);
    await test.clock.advance(100);
    test.enter(2);
    test.enter(3);
    expect(test.passed).toEqual([1, 2]);
    answer(test.permits[0], told(1, 1, 2)); // Didomi counted it in the window before.
    answer(test.permits[1], told(1, 3, 2));
    await settled();
    expect(test.passed).toEqual([1, 2, 3]);
    expect(test.clock.pending).toBe(0);
  });

  it('is not taken up for ever by requests that never end', async () => {
    const test = new GateTest();
    test.answered(told(1, 3, 1));
    await test.clock.advance(2_900);
    test.enter(1);
    test.enter(2);
    await test.clock.advance(3_100);
    expect(test.passed).toEqual([1, 2]);
    expect(test.clock.pending).toBe(0);
  });

  it('lasts a second more when it resets in 0 s', async () => {
    const test = new GateTest();
    test.answered(told(0, 0));
    test.enter(1);
    await test.clock.advance(999);
    expect(test.passed).toEqual([]);
    await test.clock.advance(1);
    expect(test.passed).toEqual([1]);
  });

  it('has windows of 15 s while no policy says otherwise', async () => {
    const test = new GateTest();
    test.answered({ ratelimit: 'limit=1, remaining=0, reset=3' });
    test.enter(1, { maxWaitMs: 17_999 });
    test.enter(2, { maxWaitMs: 17_999 });
    await settled();
    expect(test.refusals).toMatchObject([{ retryAfterMs: 18_000 }]);
  });

  it('is forgotten when the answers of four windows have not told it', async () => {
    const test = new GateTest();
    test.answered(told(0, 3, 1));
    await test.clock.advance(3_000);
    for (const _ of numbers(0, 4)) {
      test.answered({});
      expect(test.gate.rateLimit).toBeDefined();
      await test.clock.advance(3_000);
    }
    for (const id of [1, 2, 3]) test.enter(id);
    expect(test.passed).toEqual([1, 2, 3]);
    expect(test.gate.rateLimit).toBeUndefined();
    answer(test.permits[0], told(7, 3));
    expect(test.gate.rateLimit).toMatchObject({ remaining: 7 });
    answer(test.permits[1], told(1, 3));
    test.enter(4);
    expect(test.passed).toEqual([1, 2, 3]);
  });

  it.each<[string, (Record<string, unknown> | undefined)[]]>([
    ['there are no answers', [undefined, undefined, undefined, undefined, undefined]],
    ['an answer tells it again meanwhile', [{}, {}, told(0, 3, 1), {}, {}, {}]],
  ])('is not forgotten when %s', async (_title, answers) => {
    const test = new GateTest();
    test.answered(told(0, 3, 1));
    for (const headers of answers) {
      await test.clock.advance(5_000);
      test.answered(headers);
    }
    expect(test.gate.rateLimit).toBeDefined();
  });
});

describe('after a 429', () => {
  it('nothing that counts is sent until the time it named, limit or no limit', async () => {
    const test = new GateTest();
    test.enter(0);
    test.answered({ 'retry-after': '5' }, 429);
    answer(test.permits[0], { 'retry-after': '1' }, 429);
    test.enter(1);
    test.enter(2);
    expect(test.gate.heldMs).toBe(5_000);
    await test.clock.advance(4_999);
    expect(test.passed).toEqual([0]);
    expect(test.gate.rateLimit).toBeUndefined();
    await test.clock.advance(1);
    expect(test.passed).toEqual([0, 1, 2]);
    expect(test.clock.pending).toBe(0);
  });

  it.each<[string, Record<string, unknown>]>([
    ['asks for more than a minute', { 'retry-after': '61' }],
    ['asks for an hour', { 'retry-after': '3600' }],
    ['asks for a wait until a day next year', { 'retry-after': 'Wed, 01 Dec 2027 00:00:00 GMT' }],
    ['asks for an hour, while there is room', { ...told(40, 3), 'retry-after': '3600' }],
    ['asks for nothing', {}],
    ['asks for something unreadable', { 'retry-after': 'soon' }],
  ])('that %s, all others go on', (_title, headers) => {
    const test = new GateTest();
    test.answered(told(45, 3));
    test.answered(headers, 429);
    test.enter(1);
    test.enter(2);
    expect(test.passed).toEqual([1, 2]);
    expect(test.gate.heldMs).toBe(0);
  });

  it('that asks for an hour because nothing remains, all wait for the reset', async () => {
    const test = new GateTest();
    test.answered({ ...told(0, 3), 'retry-after': '3600' }, 429);
    test.enter(1);
    await test.clock.advance(2_999);
    expect(test.passed).toEqual([]);
    await test.clock.advance(1);
    expect(test.passed).toEqual([1]);
  });

  it('without Retry-After, the reset counts', () => {
    const test = new GateTest();
    test.answered(told(0, 3), 429);
    expect(test.gate.heldMs).toBe(3_000);
  });

  it('one request at a time is sent after the reset, until its answer tells what remains', async () => {
    const test = new GateTest();
    test.answered({ ...told(0, 3), 'retry-after': '3' }, 429);
    for (const id of numbers(0, 20)) test.enter(id);
    await test.clock.advance(3_000);
    expect(test.passed).toEqual([0]);
    test.permits[0]?.release(); // No answer came.
    await settled();
    expect(test.passed).toEqual([0, 1]);
    answer(test.permits[1], told(40, 3));
    await settled();
    expect(test.passed).toEqual(numbers(0, 6));
  });

  it('a tenth of what remains is in flight, but at least one, for half a minute', async () => {
    const test = new GateTest();
    test.answered({ ...told(0, 3), 'retry-after': '3' }, 429);
    await test.clock.advance(3_000);
    test.answered(told(30, 3));
    for (const id of numbers(0, 9)) test.enter(id);
    expect(test.passed).toEqual([0, 1, 2]);
    answer(test.permits[0], told(5, 3));
    answer(test.permits[1], told(4, 3));
    answer(test.permits[2], told(3, 3));
    await settled();
    expect(test.passed).toEqual([0, 1, 2, 3]);
    await test.clock.advance(29_999);
    test.answered(told(30, 3));
    const before = test.passed.length;
    await test.clock.advance(3_000);
    for (const id of numbers(9, 40)) test.enter(id);
    expect(test.passed.length).toBeGreaterThan(before + 20);
  });

  it('a request that hangs at the reset holds the others for no longer than a window', async () => {
    const test = new GateTest();
    test.answered({ ...told(0, 3), 'retry-after': '3' }, 429);
    for (const id of [1, 2, 3]) test.enter(id);
    await test.clock.advance(3_000);
    expect(test.passed).toEqual([1]);
    await test.clock.advance(2_999);
    expect(test.passed).toEqual([1]);
    await test.clock.advance(1);
    expect(test.passed).toEqual([1, 2]);
    answer(test.permits[1], told(49, 3));
    await settled();
    expect(test.passed).toEqual([1, 2, 3]);
  });

  it.each(['0', '-5'])('that asks for no wait (%s s), there is none', (seconds) => {
    const test = new GateTest();
    test.answered({ 'retry-after': seconds }, 429);
    test.enter(1);
    expect(test.passed).toEqual([1]);
  });
});

describe('headers that are wrong', () => {
  const inAnHour = { ratelimit: `limit=${LIMIT}, remaining=0, reset=3600` };

  it.each<[string, Record<string, unknown>, number, number]>([
    ['a 200 that says that nothing remains for an hour', inAnHour, 200, 60_000],
    ['a 429 that says so', { ...inAnHour, 'retry-after': '3600' }, 429, 60_000],
    ['a 429 that asks for longer than four windows', { ...told(0, 3), 'retry-after': '50' }, 429, 12_000],
    ['a 200 that tells a reset after more than four windows', told(0, 20), 200, 12_000],
  ])(
    '%s: one request tries again after a while, and if there is room, all go on',
    async (_title, headers, status, ms) => {
      const test = new GateTest();
      test.answered(headers, status);
      for (const id of numbers(0, 4)) test.enter(id);
      expect(test.gate.heldMs).toBe(ms);
      await test.clock.advance(ms - 1);
      expect(test.passed).toEqual([]);
      await test.clock.advance(1);
      expect(test.passed).toEqual([0]);
      answer(test.permits[0], told(49, 3));
      await settled();
      expect(test.passed).toEqual([0, 1, 2, 3]);
      expect(test.clock.pending).toBe(0);
    },
  );

  it('that turn out to be right hold the others as before', async () => {
    const test = new GateTest();
    test.answered(inAnHour);
    for (const id of numbers(0, 4)) test.enter(id);
    for (const count of [1, 2, 3]) {
      await test.clock.advance(60_000);
      expect(test.passed).toHaveLength(count);
      answer(test.permits[count - 1], inAnHour);
    }
  });

  it('do not slow anything down while there is room', async () => {
    const test = new GateTest();
    test.answered({ ratelimit: `limit=${LIMIT}, remaining=40, reset=3600` });
    for (const id of numbers(0, 10)) test.enter(id);
    await test.clock.advance(5_000);
    for (const permit of test.permits) answer(permit, { ratelimit: `limit=${LIMIT}, remaining=30, reset=3595` });
    for (const id of numbers(10, 20)) test.enter(id);
    expect(test.passed).toHaveLength(20);
  });
});

describe("when the machine's clock is set", () => {
  it.each([-86_400_000, -3_600_000, -1, 1, 3_600_000])('by %d ms, nobody waits longer or shorter', async (ms) => {
    const test = new GateTest();
    test.answered(told(0, 3));
    test.enter(1);
    test.clock.set(NOW + ms);
    test.enter(2, { maxWaitMs: 3_000 });
    await test.clock.advance(2_999);
    expect(test.passed).toEqual([]);
    await test.clock.advance(1);
    expect(test.passed).toEqual([1, 2]);
    expect(test.clock.pending).toBe(0);
  });

  it('the answers are believed as before', async () => {
    const test = new GateTest();
    test.answered(told(0, 3));
    await test.clock.advance(4_000);
    test.answered(undefined);
    test.clock.set(NOW - 3_600_000);
    test.answered(told(40, 3));
    expect(test.gate.rateLimit).toEqual({ limit: LIMIT, remaining: 40, resetAt: NOW - 3_597_000 });
  });
});
