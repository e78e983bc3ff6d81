import { lowerCased, type Headers } from './lower-cased.js';

/**
 * The rate limit of the organization, as Didomi's answers told it. All processes of the organization share it.
 *
 * @publicApi
 */
export interface DidomiRateLimit {
  /** How many requests Didomi answers in one window. */
  readonly limit: number;
  /** How many of them remain. */
  readonly remaining: number;
  /** When the window ends and the limit starts anew, in milliseconds since the epoch. */
  readonly resetAt: number;
}

interface Policy {
  readonly name: string;
  readonly quota: number | undefined;
  readonly windowSeconds: number | undefined;
}

/** A larger limit is not plausible. */
const MAX_LIMIT = 1_000_000_000;
/** A longer window is not plausible: some servers send a date in epoch seconds as `reset`. */
const MAX_WINDOW_SECONDS = 3_600;

/** What Didomi sends, in one go: nearly every answer has it. */
const DOCUMENTED = /^limit=(\d+), remaining=(\d+), reset=(\d+)$/;

/** `limit=100, remaining=60, reset=7`. */
const LIMIT = /(?:^|[,;\s])limit=(\d+)\s*(?:[,;]|$)/i;
const REMAINING = /(?:^|[,;\s])remaining=(\d+)\s*(?:[,;]|$)/i;
const RESET = /(?:^|[,;\s])reset=(\d+)\s*(?:[,;]|$)/i;
/** The `100` of a header that is one number, or a number and its policy: `100, 100;w=15`. */
const ONE_NUMBER = /^\s*(\d+)\s*(?:[,;]|$)/;
/** A name or number with parameters: `"default";r=50;t=30`, `"default";q=100;w=60` or `100;w=15`. */
const ITEM = /(?:"([^"]*)"|([\w.*:/-]+))((?:\s*;[^,;]*)*)/g;
const ITEM_REMAINING = /;\s*r=(\d+)\s*(?:;|$)/i;
const ITEM_RESET = /;\s*t=(\d+)\s*(?:;|$)/i;
const POLICY_QUOTA = /;\s*q=(\d+)\s*(?:;|$)/i;
const POLICY_WINDOW = /;\s*w=(\d+)\s*(?:;|$)/i;

/** Whether there is a rate limit to read. Cheap, since most answers have none. */
export function tellsRateLimit(headers: Headers | undefined): boolean {
  if (headers === undefined) return false;
  if (headers['ratelimit'] !== undefined || headers['ratelimit-remaining'] !== undefined) return true;
  for (const name in headers) {
    // The length alone rules out nearly every name.
    if ((name.length === 9 || name.length === 19) && /^ratelimit(?:-remaining)?$/i.test(name)) return true;
  }
  return false;
}

/**
 * Reads the rate limit from the `RateLimit` header in the form that Didomi documents (draft 7 of the IETF), from the three
 * headers of earlier drafts, or from the quoted form of later ones. Undefined if there is none, or no plausible one.
 *
 * @param now in milliseconds since the epoch.
 */
export function readRateLimit(headers: Headers, now: number): DidomiRateLimit | undefined {
  if (!tellsRateLimit(headers)) return undefined;
  const documented = DOCUMENTED.exec(String(headers['ratelimit']));
  if (documented !== null) {
    return plausibleLimit(Number(documented[1]), Number(documented[2]), Number(documented[3]), now);
  }
  const known = lowerCased(headers);
  const combined = text(known['ratelimit']);
  if (combined === '') {
    const limit = number(ONE_NUMBER, text(known['ratelimit-limit'])) ?? readPolicies(known)[0]?.quota;
    const remaining = number(ONE_NUMBER, text(known['ratelimit-remaining']));
    return plausibleLimit(limit, remaining, number(ONE_NUMBER, text(known['ratelimit-reset'])), now);
  }
  const remaining = number(REMAINING, combined);
  if (remaining === undefined) return tightest(combined, readPolicies(known), now);
  const limit = number(LIMIT, combined) ?? readPolicies(known)[0]?.quota;
  return plausibleLimit(limit, remaining, number(RESET, combined), now);
}

/** Length of the window of this limit in milliseconds, from `RateLimit-Policy`; undefined without one. */
export function readWindowMs(headers: Headers, limit: number): number | undefined {
  const seconds = readPolicies(lowerCased(headers)).find(({ quota }) => quota === limit)?.windowSeconds;
  return seconds === undefined || seconds < 1 || seconds > MAX_WINDOW_SECONDS ? undefined : seconds * 1_000;
}

/** Of several limits, the one of which the least remains. */
function tightest(header: string, policies: readonly Policy[], now: number): DidomiRateLimit | undefined {
  let result: DidomiRateLimit | undefined;
  for (const [, quoted, bare, parameters = ''] of header.matchAll(ITEM)) {
    const limit = policies.find(({ name }) => name === (quoted ?? bare))?.quota;
    const next = plausibleLimit(limit, number(ITEM_REMAINING, parameters), number(ITEM_RESET, parameters), now);
    if (next !== undefined && next.remaining < (result?.remaining ?? Infinity)) result = next;
  }
  return result;
}

function plausibleLimit(
  limit: number | undefined,
  remaining: number | undefined,
  resetSeconds: number | undefined,
  now: number,
): DidomiRateLimit | undefined {
  if (limit === undefined || remaining === undefined || resetSeconds === undefined) return undefined;
  if (limit < 1 || limit > MAX_LIMIT || remaining > limit || resetSeconds > MAX_WINDOW_SECONDS) return undefined;
  return { limit, remaining, resetAt: now + resetSeconds * 1_000 };
}

function readPolicies(headers: Headers): Policy[] {
  return Array.from(
    text(headers['ratelimit-policy']).matchAll(ITEM),
    ([, quoted, bare = '', parameters = '']): Policy => ({
      name: quoted ?? bare,
      quota: number(POLICY_QUOTA, parameters) ?? number(ONE_NUMBER, bare),
      windowSeconds: number(POLICY_WINDOW, parameters),
    }),
  );
}

function number(pattern: RegExp, value: string): number | undefined {
  const digits = pattern.exec(value)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function text(header: unknown): string {
  if (typeof header === 'string') return header.trim();
  if (typeof header === 'number') return String(header);
  return Array.isArray(header) ? header.map(text).join(', ') : '';
}
