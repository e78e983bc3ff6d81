import { lowerCased, type Headers } from './lower-cased.js';
import { readRateLimit } from './rate-limit.js';

const TOO_MANY_REQUESTS = 429;

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` in seconds or as a date. A 429 without it means the reset of the
 * rate limit, of which any other answer tells as well and asks for nothing by it.
 */
export function readRetryAfterMs(status: number | undefined, headers: Headers, now: number): number | undefined {
  const known = lowerCased(headers);
  const retryAfter = text(known['retry-after']);
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  // Only a date with letters: `Date.parse` takes '1.5' for one, too.
  const date = /[a-z]/i.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  if (status !== TOO_MANY_REQUESTS) return undefined;
  const rateLimit = readRateLimit(known, now);
  return rateLimit && rateLimit.resetAt - now;
}

function text(header: unknown): string {
  return typeof header === 'string' ? header.trim() : typeof header === 'number' ? String(header) : '';
}
