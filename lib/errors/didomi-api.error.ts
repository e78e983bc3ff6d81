import type { DidomiRateLimit } from '../headers/rate-limit.js';
import { DidomiError } from './didomi.error.js';
import type { DidomiTransportError } from './didomi-transport.error.js';

/**
 * The response behind a {@link DidomiApiError}, for code that reads `error.response` as Axios has it.
 *
 * @publicApi
 */
export interface DidomiApiErrorResponse {
  /** HTTP status. */
  readonly status: number;

  /** Headers, their names in lower case. An access token is redacted. */
  readonly headers: Readonly<Record<string, unknown>>;

  /** Body of the response as Axios parsed it. It may hold personal data. An access token is redacted. */
  readonly data: unknown;
}

/** Arguments of {@link DidomiApiError}. Not exported from the package. */
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
  readonly previousAttemptUnanswered?: boolean | undefined;
  /** Must not hold the access token. */
  readonly response?: DidomiApiErrorResponse | undefined;
  readonly cause?: DidomiApiError | DidomiTransportError | undefined;
}

/**
 * Didomi answered with an error status. `cause` is the error of an earlier attempt of the same request, if that one explains
 * this answer.
 *
 * @publicApi
 */
export class DidomiApiError extends DidomiError {
  override readonly name = 'DidomiApiError';
  readonly code = 'DIDOMI_API';

  /** HTTP status of the response. Branch on it: Didomi does not document its own names for errors well. */
  readonly status: number;

  /** HTTP method of the request, in capitals. */
  readonly method: string;

  /** Path of the request, without the query, which may hold personal data. */
  readonly path: string;

  /** How many times the request was sent, replays and retries included. */
  readonly attempts: number;

  /** `name` of Didomi's error envelope, such as `NotFound`; absent if there is none. */
  declare readonly didomiName?: string;

  /** `errors` of Didomi's error envelope as it came: a list, an object, or absent. */
  declare readonly errors?: unknown;

  /** Media type of the response. An HTML page comes from a gateway in front of Didomi's API. */
  declare readonly contentType?: string;

  /** How long Didomi asks to wait before the next request, in milliseconds; absent if it does not. */
  declare readonly retryAfterMs?: number;

  /** Rate limit of the organization; absent if the response does not tell. */
  declare readonly rateLimit?: DidomiRateLimit;

  /**
   * True for a 409, 404 or 410 that follows an attempt without an answer: that attempt may have done what was asked, and this
   * answer be its consequence. Absent otherwise.
   */
  declare readonly previousAttemptUnanswered?: boolean;

  // Private: a logger that prints hidden properties as well must not come to the body.
  readonly #response: DidomiApiErrorResponse | undefined;

  constructor(facts: DidomiApiFacts) {
    super(facts.message, { cause: facts.cause });
    this.status = facts.status;
    this.method = facts.method;
    this.path = facts.path;
    this.attempts = facts.attempts;
    if (facts.didomiName !== undefined) this.didomiName = facts.didomiName;
    if (facts.errors !== undefined) this.errors = facts.errors;
    if (facts.contentType !== undefined) this.contentType = facts.contentType;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.rateLimit !== undefined) this.rateLimit = facts.rateLimit;
    if (facts.previousAttemptUnanswered === true) this.previousAttemptUnanswered = true;
    this.#response = facts.response;
  }

  /**
   * Status, headers and body of the response, for code written for `HttpService`; undefined if they were not kept. Neither
   * `util.inspect` nor JSON prints it.
   */
  get response(): DidomiApiErrorResponse | undefined {
    return this.#response;
  }
}
