import type { AccessToken } from './access-token.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/** One attempt to get an access token. */
export interface TokenRequestAttempt {
  /** Why. */
  readonly trigger: DidomiRefreshTrigger;
  /** 1, or more for a retry. */
  readonly number: number;
  /** How long the token request took, in milliseconds; undefined if none was sent. */
  readonly durationMs: number | undefined;
}

/** Is told what happens to the access token of one client. Must not throw. */
export interface AccessTokenListener {
  obtained(accessToken: AccessToken, isLifetimeAssumed: boolean, attempt: TokenRequestAttempt): void;
  /** No further attempt follows by itself. The next one may come in `retryInMs` milliseconds. */
  failed(failure: TokenRequestFailure, attempt: TokenRequestAttempt, retryInMs: number): void;
  /** Callers wait for the next attempt that back-off or budget allow. */
  waiting(waitMs: number): void;
  /** A retry follows after the pause. */
  retrying(failure: TokenRequestFailure, attempt: TokenRequestAttempt, pauseMs: number): void;
  /** Didomi answered 401 to the access token in use. Called once for each. */
  rejected(accessToken: AccessToken): void;
  /** It comes from the store, in place of a token request. */
  adopted(accessToken: AccessToken, trigger: DidomiRefreshTrigger): void;
  /** The application no longer wants the access token in use. */
  invalidated(accessToken: AccessToken): void;
}
