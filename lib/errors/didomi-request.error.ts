import { DidomiError } from './didomi.error.js';

/**
 * The client did not send the request: its target is not Didomi, it cannot be sent as it is, or it would have to wait too
 * long for the rate limit. Where it was sent all the same, because `validateStatus` failed, the message says so. From
 * `paginate()`: the answer is not a list.
 *
 * @publicApi
 */
export class DidomiRequestError extends DidomiError {
  override readonly name = 'DidomiRequestError';
  readonly code = 'DIDOMI_REQUEST';

  /** Milliseconds until the rate limit allows the request; absent if waiting does not help. */
  declare readonly retryAfterMs?: number;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  /** @internal A full rate limit is a failure of Didomi, a request that can never be sent is a bug. */
  override get isAxiosError(): boolean {
    return this.retryAfterMs !== undefined;
  }
}
