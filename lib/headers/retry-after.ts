/** The reset of the combined `RateLimit` header that Didomi documents, in seconds. */
const RATE_LIMIT_RESET = /(?:^|[,;\s])reset=(\d+)/i;

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` in seconds or as a date, else the reset of `RateLimit`.
 */
export function readRetryAfterMs(headers: Readonly<Record<string, unknown>>, now: number): number | undefined {
  const retryAfter = text(headers['retry-after']);
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  // Only a date with letters: `Date.parse` takes '1.5' for one, too.
  const date = /[a-z]/i.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = RATE_LIMIT_RESET.exec(text(headers['ratelimit']))?.[1];
  return reset === undefined ? undefined : Number(reset) * 1_000;
}

function text(header: unknown): string {
  return typeof header === 'string' ? header.trim() : typeof header === 'number' ? String(header) : '';
}
