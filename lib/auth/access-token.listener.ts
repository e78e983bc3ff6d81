import type { AccessToken } from './access-token.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/** Is told what happens to the access token of one client. Must not throw. */
export interface AccessTokenListener {
  obtained(accessToken: AccessToken, isLifetimeAssumed: boolean): void;
  /** No further attempt follows by itself. */
  failed(failure: TokenRequestFailure): void;
  /** Callers wait for the next attempt that back-off or budget allow. */
  waiting(waitMs: number): void;
  retrying(failure: TokenRequestFailure, retry: number, pauseMs: number): void;
}
