import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';

/**
 * State of the access token:
 *
 * - `cold`: none was requested yet.
 * - `fresh`: there is a usable one.
 * - `refreshing`: a token request or a retry of it is under way; a usable access token still serves.
 * - `expired`: the last one is no longer used, and the next call requests another.
 * - `backing-off`: the last token request failed; the next one waits. A usable access token still serves.
 * - `rejected`: Didomi does not accept the credentials. A usable access token still serves.
 * - `closed`: the application is shutting down.
 *
 * @publicApi
 */
export type DidomiAuthPhase = 'cold' | 'fresh' | 'refreshing' | 'expired' | 'backing-off' | 'rejected' | 'closed';

/**
 * A snapshot for health checks and logs. Never holds the access token.
 *
 * @publicApi
 */
export interface DidomiAuthStatus {
  readonly phase: DidomiAuthPhase;
  /** Expiry of the current access token, in milliseconds since the epoch by the clock of this machine; absent without one. */
  readonly expiresAt?: number;
  /** After a failure: when the next token request may be sent, in milliseconds since the epoch. */
  readonly nextAttemptAt?: number;
  /** How many token requests the client has sent, and how many of them brought no access token. */
  readonly tokenRequests: { readonly sent: number; readonly failed: number };
  /** Why the last token request failed; absent once one has succeeded since. */
  readonly lastFailureReason?: DidomiAuthenticationReason;
}
