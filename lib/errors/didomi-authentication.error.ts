import { DidomiError } from './didomi.error.js';

/**
 * Why no access token could be had:
 *
 * - `rejected`: Didomi does not accept the credentials; waiting does not help.
 * - `misconfigured`: what answers is not Didomi's API (a redirect, an unexpected 4xx), or `credentials()` returned no
 *   credentials; waiting does not help.
 * - `throttled`: too many token requests, for Didomi or for the client's own budget.
 * - `unavailable`: Didomi did not answer, or with a 5xx, or `credentials()` failed.
 * - `malformed`: the answer holds no usable access token.
 * - `closed`: the application is shutting down.
 *
 * @publicApi
 */
export type DidomiAuthenticationReason =
  'rejected' | 'misconfigured' | 'throttled' | 'unavailable' | 'malformed' | 'closed';

/** The facts of a {@link DidomiAuthenticationError}: what its constructor takes, and no name of the public API. */
export interface DidomiAuthenticationFacts {
  readonly reason: DidomiAuthenticationReason;
  readonly message: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * No access token could be had from Didomi, so nothing was sent to the API.
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

  /** Milliseconds until the client sends a token request again; absent when waiting does not help. */
  declare readonly retryAfterMs?: number;

  /** @param cause the 401 of the API request that made another access token necessary, if there was one. */
  constructor(facts: DidomiAuthenticationFacts, cause?: DidomiError) {
    super(facts.message, cause === undefined ? undefined : { cause });
    this.reason = facts.reason;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}
