import type { DidomiRateLimit } from '../headers/rate-limit.js';
import { DidomiError } from './didomi.error.js';

/** The facts of a {@link DidomiApiError}: what its constructor takes, and no name of the public API. */
export interface DidomiApiFacts {
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly attempts: number;
  readonly message: string;
  readonly didomiName?: string | undefined;
  readonly errors?: unknown;
  readonly contentType?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly rateLimit?: DidomiRateLimit | undefined;
  readonly cause?: DidomiApiError | undefined;
}

/**
 * Didomi answered, and not with success.
 *
 * @publicApi
 */
export class DidomiApiError extends DidomiError {
  override readonly name = 'DidomiApiError';
  readonly code = 'DIDOMI_API';

  /** HTTP status of the answer. It decides what happened; Didomi's own name for it is not documented well enough. */
  readonly status: number;

  /** HTTP method of the request, in capitals. */
  readonly method: string;

  /** Path of the request, without the query, which may hold personal data. */
  readonly path: string;

  /** How many times the request was sent, replays and retries included. */
  readonly attempts: number;

  /** The `name` of Didomi's error envelope, such as `NotFound`; absent if the answer has none. */
  declare readonly didomiName?: string;

  /** The `errors` of Didomi's error envelope as they came: a list, an object, or absent. */
  declare readonly errors?: unknown;

  /** Media type of the answer. An answer in HTML comes from a gateway in front of Didomi's API. */
  declare readonly contentType?: string;

  /** How long Didomi asks to wait, in milliseconds; absent if it does not. */
  declare readonly retryAfterMs?: number;

  /** State of the organization's rate limit; absent if the answer does not say. */
  declare readonly rateLimit?: DidomiRateLimit;

  constructor(facts: DidomiApiFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.method = facts.method;
    this.path = facts.path;
    this.attempts = facts.attempts;
    if (facts.didomiName !== undefined) this.didomiName = facts.didomiName;
    if (facts.errors !== undefined) this.errors = facts.errors;
    if (facts.contentType !== undefined) this.contentType = facts.contentType;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.rateLimit !== undefined) this.rateLimit = facts.rateLimit;
  }
}
