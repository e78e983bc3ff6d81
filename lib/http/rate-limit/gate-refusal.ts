const MESSAGES = {
  'too-long': 'The request would wait longer than retry.maxWaitMs for the rate limit or maxConcurrent: send it later',
  'queue-full': 'Too many requests are waiting to be sent: send fewer at once',
};

/** A request was not sent: the wait would be too long, or too many others wait. */
export class GateRefusal extends Error {
  override readonly name = 'GateRefusal';
  /** Estimated milliseconds until it could have been sent; absent if nothing is known of that. */
  declare readonly retryAfterMs?: number;

  constructor(
    readonly reason: keyof typeof MESSAGES,
    retryAfterMs = 0,
  ) {
    super(MESSAGES[reason]);
    if (retryAfterMs > 0) this.retryAfterMs = Math.ceil(retryAfterMs);
  }
}
