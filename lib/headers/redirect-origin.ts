import type { Headers } from './lower-cased.js';

/** DNS allows host names of 253 characters. */
const MAX_ORIGIN_LENGTH = 300;

/**
 * The origin a redirect points to, if it is one. Path and query stay out of messages: they may hold
 * personal data, or what was sent.
 */
export function redirectOriginOf(headers: Headers, base: string): string | undefined {
  const { location } = headers;
  if (typeof location !== 'string' || !URL.canParse(location, base)) return undefined;
  const { origin } = new URL(location, base);
  return origin === 'null' || origin.length > MAX_ORIGIN_LENGTH ? undefined : origin;
}
