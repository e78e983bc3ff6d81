import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { Cancellation } from '../request/cancellation.js';
import { PacingRefusal, type PacingRefusalReason } from './pacing-refusal.js';
import { PacingWindow, type CountedRequest } from './pacing-window.js';
import { tellsRateLimit, type DidomiRateLimit } from '../../headers/rate-limit.js';

export interface PacingOptions {
  /** How many requests may be in flight at once. */
  readonly maxConcurrent: number;
  /** How many requests may wait when one comes that has to wait for the rate limit. */
  readonly maxQueued: number;
  /** Longest time a request may wait for the rate limit, in milliseconds, unless it says otherwise. */
  readonly maxWaitMs: number;
}

/** Leave to send one request, once. */
export interface Permit {
  /**
   * The attempt has ended. Further calls do nothing.
   *
   * @param headers of the answer; absent if none came.
   */
  leave(headers: Readonly<Record<string, unknown>> | undefined): void;
}

type End = (permit: RequestPermit, headers: Readonly<Record<string, unknown>> | undefined) => void;

interface Waiter {
  /** Its place in the order of arrival. */
  readonly arrival: number;
  /** How many times the request was sent already. */
  readonly attempts: number;
  readonly maxWaitMs: number;
  settle(outcome: Permit | PacingRefusal): void;
}

/**
 * Decides when an API request may be sent: at once if it can be, else in the order of arrival, as soon as the rate limit
 * and the number of requests in flight allow it. A request that comes again keeps its place in that order.
 */
export class RequestPacer {
  readonly #clock: DidomiClock;
  readonly #maxConcurrent: number;
  readonly #maxQueued: number;
  readonly #maxWaitMs: number;
  readonly #window = new PacingWindow();
  /** Those that wait for the rate limit, or for others to end. */
  readonly #counting = new Line();
  /** Those that only wait for others to end. */
  readonly #exempt = new Line();
  #arrivals = 0;
  #inFlight = 0;
  #wakeAt: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: DidomiClock, { maxConcurrent, maxQueued, maxWaitMs }: PacingOptions) {
    this.#clock = clock;
    this.#maxConcurrent = maxConcurrent;
    this.#maxQueued = maxQueued;
    this.#maxWaitMs = maxWaitMs;
  }

  /** As the answers told it last; undefined while they tell none. */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#window.rateLimit;
  }

  /**
   * @param countsAgainstLimit whether the request counts against the rate limit, and so has to wait when nothing remains.
   * @param signal ends the wait.
   * @param attempts how many times it was sent already. It arrived before all that were sent less often, and has fewer
   * attempts left.
   * @param maxWaitMs longest time it may wait for the rate limit.
   * @returns a promise only if the request has to wait; it rejects with a {@link PacingRefusal}.
   */
  enter(
    countsAgainstLimit: boolean,
    signal: Cancellation | undefined,
    attempts = 0,
    maxWaitMs = this.#maxWaitMs,
  ): Permit | Promise<Permit> {
    if (this.#isClosed) return Promise.reject(new PacingRefusal('closed'));
    if (signal?.aborted) return Promise.reject(new PacingRefusal('aborted'));
    if (countsAgainstLimit && this.#window.isLimited) this.#window.advanceTo(this.#clock.now());
    const isFree = !countsAgainstLimit || (this.#counting.size === 0 && this.#window.room > 0);
    return isFree && this.#inFlight < this.#maxConcurrent
      ? this.#admit(countsAgainstLimit)
      : this.#wait(countsAgainstLimit, signal, attempts, maxWaitMs);
  }

  /** Didomi answered a request with 429: nothing remains for so many milliseconds. */
  noteThrottled(retryAfterMs: number): void {
    this.#window.advanceTo(this.#clock.now());
    this.#window.hold(retryAfterMs);
    this.#setTimer();
  }

  /** Refuses all that wait and all that come. */
  close(): void {
    this.#isClosed = true;
    this.#refuse(this.#exempt, 'closed');
    this.#refuse(this.#counting, 'closed');
    this.#setTimer();
  }

  #admit(countsAgainstLimit: boolean): Permit {
    const permit = new RequestPermit(this.#end, countsAgainstLimit);
    this.#inFlight += 1;
    if (countsAgainstLimit) this.#window.enter(permit);
    return permit;
  }

  readonly #end: End = (permit, headers) => {
    this.#inFlight -= 1;
    if (permit.countsAgainstLimit) {
      // Time matters to nobody as long as there is no limit.
      if (this.#window.isLimited || tellsRateLimit(headers)) this.#window.advanceTo(this.#clock.now());
      this.#window.leave(permit, headers);
    }
    if (this.#exempt.size + this.#counting.size > 0) this.#letPass();
  };

  #wait(
    countsAgainstLimit: boolean,
    signal: Cancellation | undefined,
    attempts: number,
    maxWaitMs: number,
  ): Promise<Permit> {
    const waitMs = countsAgainstLimit ? this.#window.waitMs(this.#counting.ahead(attempts)) : 0;
    if (waitMs > maxWaitMs) return Promise.reject(new PacingRefusal('too-long', waitMs));
    // Whoever only waits for others to end has his turn soon.
    if (waitMs > 0 && this.#counting.size >= this.#maxQueued) {
      return Promise.reject(new PacingRefusal('queue-full', waitMs));
    }
    return new Promise((resolve, reject) => {
      const line = countsAgainstLimit ? this.#counting : this.#exempt;
      const waiter: Waiter = {
        arrival: this.#arrivals++,
        attempts,
        maxWaitMs,
        settle: (outcome) => {
          line.delete(waiter);
          signal?.removeEventListener('abort', abort);
          if (outcome instanceof PacingRefusal) reject(outcome);
          else resolve(outcome);
        },
      };
      const abort = (): void => {
        waiter.settle(new PacingRefusal('aborted'));
        this.#letPass();
      };
      line.add(waiter);
      signal?.addEventListener('abort', abort);
      this.#letPass();
    });
  }

  /** Lets all pass who may, and sees to it that the others are not forgotten. */
  readonly #letPass = (): void => {
    this.#window.advanceTo(this.#clock.now());
    while (this.#inFlight < this.#maxConcurrent) {
      const exempt = this.#exempt.first;
      const counting = this.#window.room > 0 ? this.#nextCounting : undefined;
      const isExemptNext = counting === undefined || (exempt !== undefined && isBefore(exempt, counting));
      const next = isExemptNext ? exempt : counting;
      if (next === undefined) break;
      next.settle(this.#admit(!isExemptNext));
    }
    this.#setTimer();
  };

  /** Where a 429 is likely, it hits one that has attempts left. */
  get #nextCounting(): Waiter | undefined {
    return this.#window.isRisky ? this.#counting.freshest : this.#counting.first;
  }

  #setTimer(): void {
    if (this.#moment === this.#wakeAt) return;
    this.#refuseImpatient();
    const wakeAt = this.#moment;
    this.#cancelTimer?.();
    this.#wakeAt = wakeAt;
    this.#cancelTimer =
      wakeAt === undefined ? undefined : this.#clock.schedule(this.#wake, wakeAt - this.#clock.now(), true);
  }

  /** When to look again who may pass, if nothing happens before. */
  get #moment(): number | undefined {
    return this.#counting.size > 0 && this.#window.room === 0 ? this.#window.turnsAt : undefined;
  }

  readonly #wake = (): void => {
    this.#wakeAt = undefined;
    this.#cancelTimer = undefined;
    this.#letPass();
  };

  /** Whoever waits is not better off than whoever would come now. */
  #refuseImpatient(): void {
    const { opensInMs } = this.#window;
    for (const waiter of this.#counting.all()) {
      if (opensInMs > waiter.maxWaitMs) waiter.settle(new PacingRefusal('too-long', opensInMs));
    }
  }

  #refuse(line: Line, reason: PacingRefusalReason): void {
    for (const waiter of line.all()) waiter.settle(new PacingRefusal(reason));
  }
}

class RequestPermit implements Permit, CountedRequest {
  enteredAt = 0;
  lastWindow = 0;
  silentBefore = 0;
  #end: End | undefined;

  constructor(
    end: End,
    readonly countsAgainstLimit: boolean,
  ) {
    this.#end = end;
  }

  leave(headers: Readonly<Record<string, unknown>> | undefined): void {
    const end = this.#end;
    this.#end = undefined;
    end?.(this, headers);
  }
}

/** Those who wait for the same. The more often one was sent the earlier it is its turn, then the earlier it came. */
class Line {
  readonly #byAttempts: Set<Waiter>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Waiter | undefined {
    return this.#size === 0 ? undefined : this.all().next().value;
  }

  /** The first of those that were sent least often. */
  get freshest(): Waiter | undefined {
    return this.#byAttempts
      .find(({ size }) => size > 0)
      ?.values()
      .next().value;
  }

  /** How many have their turn before one that is added now. */
  ahead(attempts: number): number {
    return this.#byAttempts.slice(attempts).reduce((total, { size }) => total + size, 0);
  }

  /** Each in turn. */
  *all(): Generator<Waiter, undefined> {
    for (const waiters of this.#byAttempts.toReversed()) yield* waiters;
  }

  add(waiter: Waiter): void {
    while (this.#byAttempts.length <= waiter.attempts) this.#byAttempts.push(new Set());
    this.#byAttempts[waiter.attempts]?.add(waiter);
    this.#size += 1;
  }

  delete(waiter: Waiter): void {
    if (this.#byAttempts[waiter.attempts]?.delete(waiter)) this.#size -= 1;
  }
}

function isBefore(one: Waiter, other: Waiter): boolean {
  return one.attempts === other.attempts ? one.arrival < other.arrival : one.attempts > other.attempts;
}
