import { readHttpDate } from './http-date.js';
import { lowerCased, type Headers } from './lower-cased.js';
import { readRateLimit } from './rate-limit.js';

const TOO_MANY_REQUESTS = 429;

/** A day. More is a mistake of the server, and `Infinity` (400 digits) would end in every sum and header it enters. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * How long an answer asks to wait, in milliseconds, at most a day: `Retry-After` in seconds or as a date. A 429 without it means
 * the reset of the rate limit; any other answer reports the rate limit too, and asks for nothing by it.
 *
 * @param now local time in milliseconds since the epoch. Not used if the answer has a `Date` header: a date of the server is compared
 * with the server's own clock.
 */
export function readRetryAfterMs(status: number | undefined, headers: Headers, now: number): number | undefined {
  const known = lowerCased(headers);
  const waitMs = readWaitMs(known, now);
  if (waitMs !== undefined) return Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
  if (status !== TOO_MANY_REQUESTS) return undefined;
  const rateLimit = readRateLimit(known, now);
  return rateLimit && rateLimit.resetAt - now;
}

function readWaitMs(headers: Headers, now: number): number | undefined {
  const retryAfter = text(headers['retry-after']);
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const date = readHttpDate(retryAfter);
  return date === undefined ? undefined : date - (readHttpDate(headers['date']) ?? now);
}

function text(header: unknown): string {
  return typeof header === 'string' ? header.trim() : typeof header === 'number' ? String(header) : '';
}
