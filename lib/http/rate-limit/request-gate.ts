import type { DidomiAuthStatus } from '../../auth/didomi-auth-status.interface.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { tellsRateLimit, type DidomiRateLimit } from '../../headers/rate-limit.js';
import { readRateLimitAnswer } from '../../headers/rate-limit-answer.js';
import { RateLimitWindow } from './rate-limit-window.js';

/** Ends a wait early. Axios' `CancelToken` has this shape. */
export interface Abortable {
  readonly reason?: unknown;
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}

/** Leave to send one request. */
export interface Permit {
  /** Reads what the answer says of the rate limit, once its headers are there. */
  answered(status: number, headers: Readonly<Record<string, unknown>>): void;
  /** The connection is free again, whether or not an answer came. */
  release(): void;
}

/** Ends the wait of one request. */
type Settle = (outcome: Permit | Promise<never>) => void;

/** Lets requests pass in order of arrival: at most `maxConcurrent` at a time, and counted ones as the rate limit allows. */
export class RequestGate {
  #window = new RateLimitWindow();
  /** All that wait, with their deadlines. */
  readonly #waiting = new Map<Settle, number>();
  /** Those of them that do not count, and so wait for `maxConcurrent` only. */
  readonly #uncounted = new Set<Settle>();
  #inFlight = 0;
  #wakeAt = Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: DidomiClock,
    private readonly options: { readonly maxConcurrent: number; readonly maxWaiting: number },
  ) {}

  /** The API requests of the client at this moment. */
  get status(): Pick<DidomiAuthStatus, 'requests' | 'rateLimit'> {
    const { rateLimit } = this;
    const requests = { inFlight: this.#inFlight, waiting: this.#waiting.size };
    return { requests, ...(rateLimit === undefined ? {} : { rateLimit }) };
  }

  /** As last told; undefined while no answer has told it. */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#window.rateLimit;
  }

  /** Milliseconds for which counted requests are held now; 0 if none. */
  get heldMs(): number {
    return this.#window.waitMs(0, this.clock.monotonic());
  }

  /**
   * @param maxWaitMs for the whole wait, in milliseconds.
   * @returns a permit if the request may be sent at once; else a promise, which rejects with a `DidomiRequestError` if that would
   * take too long or too many wait, or with the reason of `abort`.
   */
  enter(isCounted: boolean, maxWaitMs: number, abort: Abortable): Permit | Promise<Permit> {
    if (abort.reason !== undefined) return Promise.reject(abort.reason);
    const now = this.clock.monotonic();
    const isHeld = isCounted && (this.#waiting.size > this.#uncounted.size || this.#window.room(now) <= 0);
    if (isHeld || this.#inFlight >= this.options.maxConcurrent) return this.#wait(isCounted, maxWaitMs, abort);
    return this.#admit(isCounted, now);
  }

  /** Forgets what is known of the rate limit. */
  reset(): void {
    this.#window = new RateLimitWindow();
    this.#serve();
  }

  #admit(isCounted: boolean, sentAt: number): Permit {
    const window = this.#window;
    let sent = isCounted ? window.enter() : undefined;
    this.#inFlight += 1;
    return {
      answered: (status, headers) => {
        if (sent === undefined) return;
        sent.inFlight -= 1;
        sent = undefined;
        const isThrottled = status === 429;
        // Most answers tell nothing, and reading costs as much as all else here.
        if (isThrottled || window.isLimited || tellsRateLimit(headers)) {
          window.read(readRateLimitAnswer(status, headers, this.clock.now()), sentAt, this.clock.monotonic());
        }
        this.#serve(isThrottled);
      },
      release: () => {
        if (sent !== undefined) sent.inFlight -= 1;
        this.#inFlight -= 1;
        this.#serve();
      },
    };
  }

  #wait(isCounted: boolean, maxWaitMs: number, abort: Abortable): Promise<Permit> {
    const now = this.clock.monotonic();
    const waitMs = isCounted ? this.#window.waitMs(this.#waiting.size - this.#uncounted.size, now) : 0;
    if (waitMs > maxWaitMs || maxWaitMs <= 0) return tooLong(waitMs);
    if (this.#waiting.size >= this.options.maxWaiting)
      return refuse('too many others wait, so send fewer at once', waitMs);
    return new Promise((resolve) => {
      const settle: Settle = (outcome) => {
        this.#waiting.delete(settle);
        this.#uncounted.delete(settle);
        abort.unsubscribe(onAbort);
        resolve(outcome);
        this.#wakeBy(Infinity, now);
      };
      const onAbort = (): void => settle(Promise.reject(abort.reason));
      this.#waiting.set(settle, now + maxWaitMs);
      if (!isCounted) this.#uncounted.add(settle);
      abort.subscribe(onAbort);
      this.#wakeBy(now + maxWaitMs, now);
      this.#serve();
    });
  }

  /**
   * Lets pass who may, and sets the timer for the others.
   *
   * @param isRefusing whether to refuse those whose deadline has come, or will come before the rate limit lets anything pass.
   */
  #serve(isRefusing = false): void {
    if (this.#waiting.size === 0) return;
    const now = this.clock.monotonic();
    while (this.#inFlight < this.options.maxConcurrent) {
      const [next] = this.#window.room(now) > 0 ? this.#waiting.keys() : this.#uncounted;
      if (next === undefined) break;
      next(this.#admit(!this.#uncounted.has(next), now));
    }
    let wakeAt = this.#window.changesAt(now);
    const heldMs = this.#window.waitMs(0, now);
    for (const [settle, deadline] of isRefusing ? this.#waiting : []) {
      const waitMs = this.#uncounted.has(settle) ? 0 : heldMs;
      if (deadline <= now || deadline < now + waitMs) settle(tooLong(waitMs));
      else wakeAt = Math.min(wakeAt, deadline);
    }
    this.#wakeBy(wakeAt, now);
  }

  /** One timer for all, while somebody waits. It may go off early, but never late. */
  #wakeBy(at: number, now: number): void {
    const wakeAt = this.#waiting.size === 0 ? Infinity : Math.min(at, this.#wakeAt);
    if (wakeAt === this.#wakeAt) return;
    this.#cancelTimer?.();
    this.#wakeAt = wakeAt;
    const wake = (): void => {
      this.#wakeAt = Infinity;
      this.#serve(true);
    };
    if (wakeAt < Infinity) this.#cancelTimer = this.clock.schedule(wake, Math.ceil(wakeAt - now), true);
  }
}

function tooLong(waitMs: number): Promise<never> {
  return refuse('it would wait longer than retry.maxWaitMs for the rate limit or maxConcurrent', waitMs);
}

function refuse(why: string, waitMs: number): Promise<never> {
  const message = `The request was not sent, or not again: ${why}`;
  return Promise.reject(new DidomiRequestError(message, Math.ceil(waitMs) || undefined));
}
