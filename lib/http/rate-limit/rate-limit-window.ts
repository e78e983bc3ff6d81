import { readRateLimit, readWindowMs, type DidomiRateLimit } from '../../headers/rate-limit.js';
import { readRetryAfterMs } from '../../headers/retry-after.js';

type Headers = Readonly<Record<string, unknown>>;

/** A counted request in flight. */
export interface CountedRequest {
  /** -Infinity if it was sent while no limit was known, without a look at the clock. */
  readonly sentAt: number;
  readonly generation: number;
}

const TOO_MANY_REQUESTS = 429;
/** `reset` is told in whole seconds, rounded up. */
const RESET_UNIT_MS = 1_000;
/** Unless `RateLimit-Policy` says otherwise. */
const DOCUMENTED_WINDOW_MS = 15_000;
/** No header stops all requests for longer than this, or than four windows, before one request tries again. */
const MAX_HOLD_MS = 60_000;
const MAX_HOLD_WINDOWS = 4;
/** After a 429, other processes compete for what remains, and only a part of it may be in flight. */
const CONTENDED_MS = 30_000;
const CONTENDED_PART = 0.1;
/** A limit is forgotten when no answer has mentioned it for so long. */
const FORGET_MS = 60_000;

/**
 * What the answers told of the rate limit: how many requests remain, when it resets, and until when all are held.
 * `now` is a reading of the monotonic clock.
 */
export class RateLimitWindow {
  #rateLimit: DidomiRateLimit | undefined;
  #limit = Infinity;
  #remaining = Infinity;
  #resetAt = -Infinity;
  #heldUntil = -Infinity;

  #previousResetAt = -Infinity;
  #windowMs = DOCUMENTED_WINDOW_MS;
  /** Whether an answer told `#resetAt`; otherwise it is an estimate. */
  #isTold = false;
  /** Whether the told reset was too far away to be believed. */
  #isCapped = false;
  #contendedUntil = -Infinity;
  /** Requests go one at a time, until one that was sent since is answered by something else than a 429. */
  #isProbing = false;
  #silentSince = Infinity;

  /** Begins with each reset and hold. What was sent in the one before may count in this window as well. */
  #generation = 0;
  #inFlight = 0;
  #carriedOver = 0;

  /** As last told. */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#rateLimit;
  }

  /** Whether there may be anything to wait for. */
  get isLimited(): boolean {
    return this.#limit !== Infinity || this.#isProbing;
  }

  /** How many requests may be sent now. */
  room(now: number): number {
    this.#advance(now);
    if (now < this.#heldUntil) return 0;
    if (this.#isProbing) return Math.min(this.#remaining, 1) - this.#inFlight;
    const isContended = now < this.#contendedUntil && this.#remaining > 0;
    const allowed = isContended ? Math.max(1, Math.floor(this.#remaining * CONTENDED_PART)) : this.#remaining;
    return allowed - this.#inFlight - this.#carriedOver;
  }

  /** The earliest that a request may be sent without another process giving way; in the past if it may be now. */
  opensAt(now: number): number {
    if (!this.isLimited) return -Infinity;
    this.#advance(now);
    return this.#remaining > this.#inFlight ? this.#heldUntil : Math.max(this.#heldUntil, this.#resetAt);
  }

  /** Estimated milliseconds until a request may be sent behind `ahead` others. */
  waitMs(ahead: number, now: number): number {
    const untilOpenMs = Math.max(0, this.opensAt(now) - now);
    const excess = ahead - Math.max(0, this.#remaining - this.#inFlight);
    if (excess < 0) return untilOpenMs;
    return Math.max(untilOpenMs, this.#resetAt - now) + Math.floor(excess / this.#limit) * this.#windowMs;
  }

  /** When there may be more room without an answer. */
  changesAt(now: number): number {
    return now < this.#heldUntil ? this.#heldUntil : this.#resetAt;
  }

  send(now: number): CountedRequest {
    this.#inFlight += 1;
    return { sentAt: now, generation: this.#generation };
  }

  /** A request is no longer in flight. */
  leave({ generation }: CountedRequest): void {
    if (generation === this.#generation) this.#inFlight -= 1;
    else if (generation === this.#generation - 1) this.#carriedOver -= 1;
  }

  /** @param wallNow in epoch milliseconds. */
  read(request: CountedRequest, status: number, headers: Headers, now: number, wallNow: number): void {
    this.#advance(now);
    const told = readRateLimit(headers, wallNow);
    if (told === undefined) this.#forget(now);
    else if (!this.#take(told, headers, request.sentAt, now, wallNow)) return;
    if (status === TOO_MANY_REQUESTS) this.#hold(told, headers, now, wallNow);
    else if (request.generation === this.#generation && now >= this.#heldUntil) this.#isProbing = false;
  }

  /** @returns whether the answer speaks of the current window. Answers overtake each other; the reset tells which one they mean. */
  #take(told: DidomiRateLimit, headers: Headers, sentAt: number, now: number, wallNow: number): boolean {
    this.#windowMs = Math.min(readWindowMs(headers, told.limit) ?? this.#windowMs, MAX_HOLD_MS);
    const toldMs = told.resetAt - wallNow;
    const resetMs = Math.min(Math.max(toldMs, RESET_UNIT_MS), this.#maxHoldMs);
    const earliestReset = sentAt + resetMs - RESET_UNIT_MS;
    if (earliestReset < this.#previousResetAt) return false;
    if (this.#isTold && earliestReset >= this.#resetAt) this.#begin(now, now < this.#contendedUntil);
    this.#resetAt = this.#isTold ? Math.min(this.#resetAt, now + resetMs) : now + resetMs;
    this.#isCapped = toldMs > resetMs;
    this.#isTold = true;
    this.#limit = told.limit;
    this.#remaining = Math.min(this.#remaining, told.remaining);
    this.#silentSince = Infinity;
    const resetAt = this.#isCapped ? told.resetAt : wallNow + this.#resetAt - now;
    this.#rateLimit = { limit: told.limit, remaining: this.#remaining, resetAt };
    return true;
  }

  /** A 429 speaks for the organization if nothing remains, or if it asks for a short wait. A long one is about its route. */
  #hold(told: DidomiRateLimit | undefined, headers: Headers, now: number, wallNow: number): void {
    const askedMs = readRetryAfterMs(TOO_MANY_REQUESTS, headers, wallNow) ?? Infinity;
    const resetMs = told?.remaining === 0 ? told.resetAt - wallNow : Infinity;
    const holdMs = askedMs <= MAX_HOLD_MS ? askedMs : resetMs;
    if (holdMs === Infinity) return;
    this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(holdMs, this.#maxHoldMs));
    this.#contendedUntil = this.#heldUntil + CONTENDED_MS;
    if (!this.#isProbing) this.#nextGeneration();
    this.#isProbing = true;
  }

  get #maxHoldMs(): number {
    return Math.min(MAX_HOLD_MS, MAX_HOLD_WINDOWS * this.#windowMs);
  }

  #advance(now: number): void {
    if (now >= this.#resetAt && now >= this.#heldUntil) this.#begin(now, this.#isCapped || now < this.#contendedUntil);
  }

  #begin(now: number, isProbing: boolean): void {
    this.#previousResetAt = this.#limit === Infinity ? -Infinity : Math.min(this.#resetAt, now);
    this.#resetAt = now + this.#windowMs;
    this.#remaining = this.#limit;
    this.#isTold = false;
    this.#isCapped = false;
    this.#isProbing = isProbing;
    this.#nextGeneration();
  }

  #nextGeneration(): void {
    this.#generation += 1;
    this.#carriedOver = this.#inFlight;
    this.#inFlight = 0;
  }

  #forget(now: number): void {
    this.#silentSince = Math.min(this.#silentSince, now);
    if (now - this.#silentSince < FORGET_MS) return;
    this.#limit = Infinity;
    this.#remaining = Infinity;
    this.#previousResetAt = -Infinity;
    this.#rateLimit = undefined;
  }
}
