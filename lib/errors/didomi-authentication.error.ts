import { DidomiError } from './didomi.error.js';

/**
 * Why there is no access token:
 *
 * - `rejected`: Didomi does not accept the credentials; waiting does not help.
 * - `misconfigured`: what answered is not Didomi's API (a redirect, an unexpected 4xx, the page of a proxy or firewall), or
 *   `credentials()` returned no credentials.
 * - `throttled`: too many token requests, for Didomi or for the client's own budget.
 * - `unavailable`: Didomi did not answer, or with a 5xx, or `credentials()` failed.
 * - `malformed`: the answer holds no usable access token.
 * - `closed`: the application is shutting down. The message says so of a request that was under way, and may have been carried out.
 *
 * @publicApi
 */
export type DidomiAuthenticationReason =
  'rejected' | 'misconfigured' | 'throttled' | 'unavailable' | 'malformed' | 'closed';

/** Arguments of {@link DidomiAuthenticationError}. Not exported from the package. */
export interface DidomiAuthenticationFacts {
  readonly reason: DidomiAuthenticationReason;
  readonly message: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * There is no access token, so the request was not sent.
 *
 * @publicApi
 */
export class DidomiAuthenticationError extends DidomiError {
  override readonly name = 'DidomiAuthenticationError';
  readonly code = 'DIDOMI_AUTHENTICATION';

  /** Why there is no access token. */
  readonly reason: DidomiAuthenticationReason;

  /** HTTP status of the failed token request; absent if Didomi did not answer or none was sent. */
  declare readonly status?: number;

  /** Milliseconds until the client sends a token request again; absent if waiting does not help. */
  declare readonly retryAfterMs?: number;

  /** @param cause the 401 of the API request that made a new access token necessary, if there was one. */
  constructor(facts: DidomiAuthenticationFacts, cause?: DidomiError) {
    super(facts.message, { cause });
    this.reason = facts.reason;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}
