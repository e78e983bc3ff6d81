/**
 * Why an API request may not be sent, and not wait for it either:
 *
 * - `too-long`: the rate limit has it wait longer than a request may.
 * - `queue-full`: as many others wait as may.
 * - `aborted`: its caller gave up.
 * - `closed`: the client is closed.
 */
export type PacingRefusalReason = 'too-long' | 'queue-full' | 'aborted' | 'closed';

const MESSAGES: Readonly<Record<PacingRefusalReason, string>> = {
  'too-long': 'The rate limit would have the request wait longer than it may',
  'queue-full': 'Too many requests wait to be sent',
  aborted: 'The caller gave the request up',
  closed: 'The Didomi client is closed, because the application is shutting down',
};

/**
 * An API request was refused before it was sent.
 */
export class PacingRefusal extends Error {
  override readonly name = 'PacingRefusal';
  /** Milliseconds until the rate limit would have let it pass; absent when that is unknown or no help. */
  declare readonly retryAfterMs?: number;

  constructor(
    readonly reason: PacingRefusalReason,
    retryAfterMs = 0,
  ) {
    super(MESSAGES[reason]);
    if (retryAfterMs > 0) this.retryAfterMs = retryAfterMs;
  }
}
