import type { DidomiAuthenticationFacts, DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';

/**
 * Why a token request brought no access token. A value, not an exception: a background renewal that nobody waits for can
 * then never become an unhandled rejection, and each caller gets an error with a stack of its own.
 */
export class TokenRequestFailure implements DidomiAuthenticationFacts {
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;

  constructor(
    readonly reason: DidomiAuthenticationReason,
    readonly message: string,
    facts: { readonly status?: number | undefined; readonly retryAfterMs?: number | undefined } = {},
  ) {
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }

  /** Waiting does not help: somebody has to change the credentials or the configuration. */
  get isFinal(): boolean {
    return this.reason === 'rejected' || this.reason === 'misconfigured';
  }
}

export const CLOSED_FAILURE = new TokenRequestFailure(
  'closed',
  'The Didomi client is closed, because the application is shutting down',
);
