import { DidomiError } from './didomi.error.js';

/**
 * The request was refused by the client: it would have left Didomi, or cannot be sent as it is, or would have to wait too
 * long for the rate limit. Nothing was sent. While paging: the answer is no list.
 *
 * @publicApi
 */
export class DidomiRequestError extends DidomiError {
  override readonly name = 'DidomiRequestError';
  readonly code = 'DIDOMI_REQUEST';

  /** Milliseconds until the rate limit would let it pass; absent when waiting does not help. */
  declare readonly retryAfterMs?: number;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}
