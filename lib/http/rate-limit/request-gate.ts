import type { DidomiClock } from '../../auth/didomi.clock.js';
import { tellsRateLimit, type DidomiRateLimit } from '../../headers/rate-limit.js';
import { GateRefusal } from './gate-refusal.js';
import { RateLimitWindow } from './rate-limit-window.js';

const TOO_MANY_REQUESTS = 429;

/** What ends a wait early, in the shape of Axios' `CancelToken`. */
export interface Abortable {
  readonly reason?: unknown;
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}

/** Leave to send one request. */
export interface Permit {
  /** Reads what an answer tells of the rate limit, as soon as its headers are there. Not called when no answer came. */
  answered(status: number, headers: Readonly<Record<string, unknown>>): void;
  /** The connection is free again: for a stream, later than `answered`. Further calls do nothing. */
  release(): void;
}

interface Waiter {
  readonly arrival: number;
  readonly deadline: number;
  admit(now: number): void;
  refuse(retryAfterMs: number): void;
}

/** Lets requests pass in order of arrival: at most `maxConcurrent` at a time, and counted ones as the rate limit allows. */
export class RequestGate {
  readonly #clock: DidomiClock;
  readonly #maxConcurrent: number;
  readonly #maxWaiting: number;
  #window = new RateLimitWindow();
  readonly #counted = new Set<Waiter>();
  /** Those that wait for `maxConcurrent` only. */
  readonly #uncounted = new Set<Waiter>();
  #arrivals = 0;
  #inFlight = 0;
  /** No deadline is earlier. A waiter that leaves does not raise it, which would take a search. */
  #nextDeadline = Infinity;
  /** Those that cannot wait until then were refused when it became known. */
  #checkedUntil = -Infinity;
  #wakeAt = Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: DidomiClock, { maxConcurrent, maxWaiting }: { maxConcurrent: number; maxWaiting: number }) {
    this.#clock = clock;
    this.#maxConcurrent = maxConcurrent;
    this.#maxWaiting = maxWaiting;
  }

  /** As last told; undefined while no answer has told it. */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#window.rateLimit;
  }

  /** Milliseconds for which counted requests are held now; 0 if they are not. */
  get heldMs(): number {
    return this.#window.isLimited ? this.#window.waitMs(0, this.#clock.monotonic()) : 0;
  }

  /**
   * @param maxWaitMs for all that a request waits here.
   * @returns a permit if the request may be sent at once; else a promise, which rejects with a {@link GateRefusal} or with the
   * reason of `abort`.
   */
  enter(isCounted: boolean, maxWaitMs: number, abort: Abortable): Permit | Promise<Permit> {
    if (abort.reason !== undefined) return Promise.reject(abort.reason as Error);
    const isFree = this.#inFlight < this.#maxConcurrent && !(isCounted && this.#counted.size > 0);
    if (isFree && (!isCounted || !this.#window.isLimited)) return this.#admit(isCounted, -Infinity);
    const now = this.#clock.monotonic();
    if (isFree && this.#window.room(now) > 0) return this.#admit(isCounted, now);
    return this.#wait(isCounted, maxWaitMs, abort, now);
  }

  /** Forgets what is known of the rate limit. */
  reset(): void {
    this.#window = new RateLimitWindow();
    this.#admitWaiting();
  }

  #admit(isCounted: boolean, now: number): Permit {
    const window = this.#window;
    let counted = isCounted ? window.send(now) : undefined;
    let isReleased = false;
    this.#inFlight += 1;
    return {
      answered: (status, headers) => {
        if (counted === undefined) return;
        window.leave(counted);
        if (window.isLimited || status === TOO_MANY_REQUESTS || tellsRateLimit(headers)) {
          window.read(counted, status, headers, this.#clock.monotonic(), this.#clock.now());
        }
        counted = undefined;
        this.#admitWaiting();
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#inFlight -= 1;
        if (counted !== undefined) window.leave(counted);
        counted = undefined;
        this.#admitWaiting();
      },
    };
  }

  #wait(isCounted: boolean, maxWaitMs: number, abort: Abortable, now: number): Promise<Permit> {
    const queue = isCounted ? this.#counted : this.#uncounted;
    const waitMs = isCounted ? this.#window.waitMs(queue.size, now) : 0;
    if (waitMs > maxWaitMs || maxWaitMs <= 0) return Promise.reject(new GateRefusal('too-long', waitMs));
    if (this.#waiting >= this.#maxWaiting) return Promise.reject(new GateRefusal('queue-full', waitMs));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(waiter);
        abort.unsubscribe(onAbort);
      };
      const waiter: Waiter = {
        arrival: this.#arrivals++,
        deadline: now + maxWaitMs,
        admit: (admittedAt) => {
          leave();
          resolve(this.#admit(isCounted, admittedAt));
        },
        refuse: (retryAfterMs) => {
          leave();
          reject(new GateRefusal('too-long', retryAfterMs));
        },
      };
      const onAbort = (): void => {
        leave();
        reject(abort.reason as Error);
        if (this.#waiting === 0) this.#setTimer(Infinity, 0);
      };
      queue.add(waiter);
      this.#nextDeadline = Math.min(this.#nextDeadline, waiter.deadline);
      abort.subscribe(onAbort);
      this.#admitWaiting();
    });
  }

  get #waiting(): number {
    return this.#counted.size + this.#uncounted.size;
  }

  #admitWaiting(): void {
    if (this.#waiting === 0) return;
    const now = this.#clock.monotonic();
    for (let next = this.#next(now); next !== undefined; next = this.#next(now)) next.admit(now);
    this.#refuseOverdue(now);
    const isHeld = this.#counted.size > 0 && this.#window.room(now) <= 0;
    this.#setTimer(Math.min(this.#nextDeadline, isHeld ? this.#window.changesAt(now) : Infinity), now);
  }

  #next(now: number): Waiter | undefined {
    if (this.#inFlight >= this.#maxConcurrent) return undefined;
    const [uncounted] = this.#uncounted;
    const [counted] = this.#counted.size > 0 && this.#window.room(now) > 0 ? this.#counted : [];
    return counted !== undefined && !(uncounted && uncounted.arrival < counted.arrival) ? counted : uncounted;
  }

  /** Refuses those whose deadline has come, and those whose deadline will come before the rate limit lets anything pass. */
  #refuseOverdue(now: number): void {
    const opensAt = this.#counted.size > 0 ? this.#window.opensAt(now) : -Infinity;
    if (now < this.#nextDeadline && opensAt <= this.#checkedUntil) return;
    this.#checkedUntil = opensAt;
    this.#nextDeadline = Infinity;
    for (const queue of [this.#counted, this.#uncounted]) {
      for (const waiter of queue) {
        const { deadline } = waiter;
        if (deadline <= now || (queue === this.#counted && deadline < opensAt)) waiter.refuse(opensAt - now);
        else this.#nextDeadline = Math.min(this.#nextDeadline, deadline);
      }
    }
  }

  /** One timer for all. It keeps the process alive while somebody waits. */
  #setTimer(wakeAt: number, now: number): void {
    if (wakeAt === this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = wakeAt;
    this.#cancelTimer =
      wakeAt === Infinity ? undefined : this.#clock.schedule(this.#wake, Math.ceil(wakeAt - now), true);
  }

  readonly #wake = (): void => {
    this.#wakeAt = Infinity;
    this.#admitWaiting();
  };
}
