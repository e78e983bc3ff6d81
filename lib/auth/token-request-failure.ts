import type { DidomiAuthenticationFacts, DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';

/** What is known of a failed token request beside its reason. */
interface TokenRequestFailureFacts {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Whether the same token request may succeed in a moment: there was no answer, or a 5xx. */
  readonly isTransient?: boolean;
}

/**
 * Why a token request brought no access token. A value, not an exception: a background renewal that nobody waits for can
 * then never become an unhandled rejection, and each caller gets an error with a stack of its own.
 */
export class TokenRequestFailure implements DidomiAuthenticationFacts {
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;
  readonly isTransient: boolean;

  constructor(
    readonly reason: DidomiAuthenticationReason,
    readonly message: string,
    { status, retryAfterMs, isTransient = false }: TokenRequestFailureFacts = {},
  ) {
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.isTransient = isTransient;
  }

  /** Whether Didomi itself has rejected the credentials. Then waiting does not help: somebody has to change them. */
  get isFinal(): boolean {
    return this.reason === 'rejected';
  }

  /** The same failure with the time until the next token request; without it if waiting does not help. */
  withRetryAfter(waitMs: number): TokenRequestFailure {
    const retryAfterMs = this.isFinal ? undefined : waitMs;
    return new TokenRequestFailure(this.reason, this.message, { status: this.status, retryAfterMs });
  }
}

export const CLOSED_FAILURE = new TokenRequestFailure(
  'closed',
  'The Didomi client is closed, because the application is shutting down',
);
