import type { Headers } from './lower-cased.js';
import { readRateLimit, readWindowMs, type DidomiRateLimit } from './rate-limit.js';
import { readRetryAfterMs } from './retry-after.js';

const TOO_MANY_REQUESTS = 429;
/** `reset` comes in whole seconds, rounded up. */
const RESET_UNIT_MS = 1_000;
/** Didomi's window is 15 s. A 429 that asks for more than a minute is about its own route, not about the organization's limit. */
const MAX_RETRY_AFTER_MS = 60_000;
/** Longer windows than a minute are not believed. */
const MAX_WINDOW_MS = 60_000;

/** What an answer to a counted request tells of the organization's rate limit. All is undefined that it does not tell. */
export interface RateLimitAnswer {
  readonly rateLimit: DidomiRateLimit | undefined;
  /** Milliseconds from its arrival until the latest moment at which the limit may reset. */
  readonly resetMs: number;
  /** Milliseconds from the sending of its request until the earliest moment at which the limit may reset. */
  readonly earliestResetMs: number;
  readonly windowMs: number | undefined;
  /** For how long a 429 asks all requests to wait; undefined if it speaks of its own only. */
  readonly holdMs: number | undefined;
}

/** @param now in epoch milliseconds. */
export function readRateLimitAnswer(status: number, headers: Headers, now: number): RateLimitAnswer {
  const rateLimit = readRateLimit(headers, now);
  const resetMs = Math.max(RESET_UNIT_MS, rateLimit === undefined ? 0 : rateLimit.resetAt - now);
  return {
    rateLimit,
    resetMs,
    earliestResetMs: resetMs - RESET_UNIT_MS,
    // A getter: it costs more than the rest, and is needed once in a window.
    get windowMs() {
      const windowMs = rateLimit && readWindowMs(headers, rateLimit.limit);
      return windowMs && Math.min(windowMs, MAX_WINDOW_MS);
    },
    holdMs: status === TOO_MANY_REQUESTS ? readHoldMs(headers, rateLimit, now) : undefined,
  };
}

function readHoldMs(headers: Headers, rateLimit: DidomiRateLimit | undefined, now: number): number | undefined {
  const askedMs = readRetryAfterMs(TOO_MANY_REQUESTS, headers, now);
  if (askedMs !== undefined && askedMs <= MAX_RETRY_AFTER_MS) return askedMs;
  return rateLimit?.remaining === 0 ? rateLimit.resetAt - now : undefined;
}
