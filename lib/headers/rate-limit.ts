import { lowerCased, type Headers } from './lower-cased.js';

/**
 * The rate limit of the organization, as Didomi's answers told it. Every process of the organization counts against it.
 *
 * @publicApi
 */
export interface DidomiRateLimit {
  /** How many requests Didomi answers in one window. */
  readonly limit: number;
  /** How many of them were left. */
  readonly remaining: number;
  /** When the window ends and all of them are there again, in milliseconds since the epoch. */
  readonly resetAt: number;
}

interface Policy {
  readonly name: string;
  readonly quota: number | undefined;
  readonly windowSeconds: number | undefined;
}

/** No rate limit is counted in thousands of millions. */
const MAX_LIMIT = 1_000_000_000;
/** A wrong header must not stop the client for days, nor may a point in time pass as a number of seconds. */
const MAX_WINDOW_SECONDS = 3_600;

/** `limit=100, remaining=60, reset=7`, one header for all. */
const LIMIT = /(?:^|[,;\s])limit=(\d+)\s*(?:[,;]|$)/i;
const REMAINING = /(?:^|[,;\s])remaining=(\d+)\s*(?:[,;]|$)/i;
const RESET = /(?:^|[,;\s])reset=(\d+)\s*(?:[,;]|$)/i;
/** `60` of a header that holds one number, or a number and what was agreed on: `100, 100;w=15`. */
const ONE_NUMBER = /^\s*(\d+)\s*(?:[,;]|$)/;
/** `"default";r=50;t=30` and `"default";q=100;w=60`, or `100;w=15`: a name or number and its parameters. */
const ITEM = /(?:"([^"]*)"|([\w.*:/-]+))((?:\s*;[^,;]*)*)/g;
const ITEM_REMAINING = /;\s*r=(\d+)\s*(?:;|$)/i;
const ITEM_RESET = /;\s*t=(\d+)\s*(?:;|$)/i;
const POLICY_QUOTA = /;\s*q=(\d+)\s*(?:;|$)/i;
const POLICY_WINDOW = /;\s*w=(\d+)\s*(?:;|$)/i;

/** Whether there is something to read at all. Nearly always there is not, and then it costs next to nothing. */
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
 * What an answer tells about the rate limit: in the one `RateLimit` header that Didomi documents, in the three headers that
 * came before it, or in the quoted form that came after it. Undefined if it tells nothing, or nothing that can be true.
 *
 * @param now in milliseconds since the epoch.
 */
export function readRateLimit(headers: Headers, now: number): DidomiRateLimit | undefined {
  if (!tellsRateLimit(headers)) return undefined;
  const known = lowerCased(headers);
  const combined = text(known['ratelimit']);
  if (combined === '') {
    const limit = number(ONE_NUMBER, text(known['ratelimit-limit'])) ?? readPolicies(known)[0]?.quota;
    const remaining = number(ONE_NUMBER, text(known['ratelimit-remaining']));
    return plausible(limit, remaining, number(ONE_NUMBER, text(known['ratelimit-reset'])), now);
  }
  const remaining = number(REMAINING, combined);
  if (remaining === undefined) return tightest(combined, readPolicies(known), now);
  const limit = number(LIMIT, combined) ?? readPolicies(known)[0]?.quota;
  return plausible(limit, remaining, number(RESET, combined), now);
}

/** How long a window with this limit is, in milliseconds, if the answer tells. */
export function readWindowMs(headers: Headers, limit: number): number | undefined {
  const seconds = readPolicies(lowerCased(headers)).find(({ quota }) => quota === limit)?.windowSeconds;
  return seconds === undefined || seconds < 1 || seconds > MAX_WINDOW_SECONDS ? undefined : seconds * 1_000;
}

/** Of several limits in force at once, the one that is used up first. */
function tightest(header: string, policies: readonly Policy[], now: number): DidomiRateLimit | undefined {
  let result: DidomiRateLimit | undefined;
  for (const [, quoted, bare, parameters = ''] of header.matchAll(ITEM)) {
    const limit = policies.find(({ name }) => name === (quoted ?? bare))?.quota;
    const next = plausible(limit, number(ITEM_REMAINING, parameters), number(ITEM_RESET, parameters), now);
    if (next !== undefined && next.remaining < (result?.remaining ?? Infinity)) result = next;
  }
  return result;
}

function plausible(
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
