const MESSAGES = {
  'too-long': 'The request would wait longer than retry.maxWaitMs for the rate limit or maxConcurrent: send it later',
  'queue-full': 'Too many requests are waiting to be sent: send fewer at once',
};

/** A request was not sent, because it would have to wait for too long, or too many others wait. */
export class GateRefusal extends Error {
  override readonly name = 'GateRefusal';
  /** Estimated milliseconds until it could be sent; undefined if nothing is known of that. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly reason: keyof typeof MESSAGES,
    waitMs: number,
  ) {
    super(MESSAGES[reason]);
    this.retryAfterMs = Math.ceil(waitMs) || undefined;
  }
}
