import type { DidomiRateLimit } from '../../headers/rate-limit.js';
import type { RateLimitAnswer } from '../../headers/rate-limit-answer.js';

/** Unless `RateLimit-Policy` says otherwise. */
const DOCUMENTED_WINDOW_MS = 15_000;
/** No header holds requests back for longer, nor for more windows, before one request tries again. */
const MAX_HOLD_MS = 60_000;
/** For so many windows a limit is believed that their answers do not mention. */
const MAX_WINDOWS = 4;
/** For so long after a 429, other processes compete for what remains: only a part of it may be in flight. */
const CONTENDED_MS = 30_000;
const CONTENDED_PART = 0.1;

/** Requests in flight that were sent in the same window. */
export interface Sent {
  inFlight: number;
}

/** What remains of the rate limit, when it resets, and until when requests are held. Times are monotonic. */
export class RateLimitWindow {
  /** As last told. */
  rateLimit: DidomiRateLimit | undefined;
  #limit = Infinity;
  #remaining = Infinity;
  #resetAt = -Infinity;
  #previousResetAt = -Infinity;
  #heldUntil = -Infinity;
  #contendedUntil = -Infinity;
  #windowMs = DOCUMENTED_WINDOW_MS;
  /** Whether an answer told the reset of this window. Otherwise it is an estimate. */
  #isTold = false;
  /** Whether the last reset told was too far away to be believed. */
  #isCapped = false;
  #silentSince = Infinity;
  #sent: Sent = { inFlight: 0 };
  /** In the window before: these may count in this one. */
  #sentBefore: Sent = { inFlight: 0 };

  /** Whether there may be anything to wait for. */
  get isLimited(): boolean {
    return this.#limit !== Infinity || this.#heldUntil !== -Infinity;
  }

  /** How many requests may be sent now. */
  room(now: number): number {
    this.#advance(now);
    if (now < this.#heldUntil) return 0;
    if (this.#limit === Infinity) return Infinity;
    const isContended = now < this.#contendedUntil;
    if (!this.#isTold && (isContended || this.#isCapped)) return 1 - this.#sent.inFlight;
    const part = isContended ? Math.max(1, Math.floor(this.#remaining * CONTENDED_PART)) : Infinity;
    return Math.min(this.#remaining, part) - this.#sent.inFlight - this.#sentBefore.inFlight;
  }

  /** Estimated milliseconds until a request may be sent behind `ahead` others. */
  waitMs(ahead: number, now: number): number {
    this.#advance(now);
    const heldMs = Math.max(0, this.#heldUntil - now);
    const excess = ahead - Math.max(0, this.#remaining - this.#sent.inFlight);
    if (excess < 0) return heldMs;
    return Math.max(heldMs, this.#resetAt - now) + Math.floor(excess / this.#limit) * this.#windowMs;
  }

  /** When there may be more room without an answer. */
  changesAt(now: number): number {
    this.#advance(now);
    return now < this.#heldUntil ? this.#heldUntil : this.#resetAt;
  }

  /** @returns where the request is counted, until it is answered. */
  enter(): Sent {
    this.#sent.inFlight += 1;
    return this.#sent;
  }

  /** Takes note of an answer to a request that was sent at the moment `sentAt`. */
  read(answer: RateLimitAnswer, sentAt: number, now: number): void {
    this.#advance(now);
    const { rateLimit, resetMs, earliestResetMs, holdMs } = answer;
    if (!this.#isTold) this.#windowMs = answer.windowMs ?? this.#windowMs;
    const maxHoldMs = Math.min(MAX_HOLD_MS, MAX_WINDOWS * this.#windowMs);
    if (rateLimit === undefined) {
      this.#silentSince = Math.min(this.#silentSince, now);
    } else {
      // Answers overtake each other: the reset tells which window this one is about.
      const earliestReset = sentAt + Math.min(earliestResetMs, maxHoldMs);
      if (earliestReset < this.#previousResetAt) return;
      if (this.#isTold && earliestReset >= this.#resetAt) this.#begin(now);
      this.#resetAt = Math.min(now + Math.min(resetMs, maxHoldMs), this.#isTold ? this.#resetAt : Infinity);
      this.#isTold = true;
      this.#isCapped = resetMs > maxHoldMs;
      this.#limit = rateLimit.limit;
      this.#remaining = Math.min(this.#remaining, rateLimit.remaining);
      this.#silentSince = Infinity;
      this.rateLimit = { ...rateLimit, remaining: this.#remaining };
    }
    if (holdMs === undefined) return;
    this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(holdMs, maxHoldMs));
    this.#contendedUntil = this.#heldUntil + CONTENDED_MS;
  }

  #advance(now: number): void {
    if (now < this.#heldUntil) return;
    this.#heldUntil = -Infinity;
    if (now >= this.#resetAt) this.#begin(now);
  }

  #begin(now: number): void {
    if (now - this.#silentSince >= MAX_WINDOWS * this.#windowMs) {
      this.#limit = Infinity;
      this.rateLimit = undefined;
    }
    this.#previousResetAt = this.#limit === Infinity ? -Infinity : Math.min(this.#resetAt, now);
    this.#resetAt = now + this.#windowMs;
    this.#remaining = this.#limit;
    this.#isTold = false;
    this.#sentBefore = this.#sent;
    this.#sent = { inFlight: 0 };
  }
}
