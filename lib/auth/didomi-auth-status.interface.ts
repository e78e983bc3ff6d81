import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';
import type { DidomiRateLimit } from '../headers/rate-limit.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';

/**
 * State of the access token:
 *
 * - `cold`: none was requested yet.
 * - `fresh`: there is a usable one.
 * - `refreshing`: a token request or a retry of it is under way; a usable access token still serves.
 * - `expired`: the last one is no longer used, or Didomi has answered 401 to it, and the next call requests another.
 * - `backing-off`: the last token request failed, or its access token was answered with 401 as well; the next one waits. A usable
 *   access token still serves.
 * - `rejected`: Didomi does not accept the credentials. A usable access token still serves.
 * - `closed`: the application is shutting down.
 *
 * @publicApi
 */
export type DidomiAuthPhase = 'cold' | 'fresh' | 'refreshing' | 'expired' | 'backing-off' | 'rejected' | 'closed';

/**
 * What the next attempt to get an access token waits for:
 *
 * - `renewal`: for the access token in use to be due. The cron job attempts it then, or the next call.
 * - `back-off`: the last one failed, or brought an access token that was answered with 401 as well.
 * - `budget`: `maxTokenRequestsPerMinute` is used up.
 * - `credentials-check`: Didomi has rejected the credentials. `credentials()` is asked for others; nothing is sent before it has some.
 * - `probe`: Didomi has rejected the credentials. They are tried again every few minutes.
 *
 * @publicApi
 */
export type DidomiNextAttemptReason = 'renewal' | 'back-off' | 'budget' | 'credentials-check' | 'probe';

/**
 * API requests of a client at this moment.
 *
 * @publicApi
 */
export interface DidomiRequestCounts {
  /** How many are being answered. One whose answer is a stream counts until the end of the stream. */
  readonly inFlight: number;
  /** How many wait for the rate limit or for a free connection. */
  readonly waiting: number;
}

/**
 * A snapshot for health checks and logs. Never holds the access token.
 *
 * @publicApi
 */
export interface DidomiAuthStatus {
  readonly phase: DidomiAuthPhase;
  /**
   * Whether a call that is made now has its access token at once, without waiting for a token request. False also after a 401, until
   * Didomi accepts this access token or issues another, and for a client that was not used yet, which is no failure: see `phase`.
   */
  readonly usable: boolean;
  /** Expiry of the current access token, in milliseconds since the epoch by the clock of this machine; absent without one. */
  readonly expiresAt?: number;
  /** Why the client asked for its last access token, and when it came; absent before the first one. */
  readonly lastRefresh?: { readonly trigger: DidomiRefreshTrigger; readonly at: number };
  /** While it has to wait: when the next token request may be sent, in milliseconds since the epoch. */
  readonly nextAttemptAt?: number;
  /**
   * When the next attempt to get an access token may come, in milliseconds since the epoch, and what it waits for; absent where the
   * next call makes it, and while one is under way. The same moment as `nextAttemptAt` where that is given.
   */
  readonly nextAttempt?: { readonly at: number; readonly reason: DidomiNextAttemptReason };
  /** How many token requests the client has sent, and how many of them brought no access token. */
  readonly tokenRequests: { readonly sent: number; readonly failed: number };
  /** Why the last token request failed; absent once one has succeeded since. */
  readonly lastFailureReason?: DidomiAuthenticationReason;
  /**
   * By how much Didomi's clock is ahead of this machine's, in milliseconds, as the last answer with an access token told it: to about
   * a second. Absent if none has told it. Lifetimes do not depend on it.
   */
  readonly clockOffsetMs?: number;
  /** API requests of this client. */
  readonly requests: DidomiRequestCounts;
  /** Rate limit of the organization, as the last answer told it; absent while none has. */
  readonly rateLimit?: DidomiRateLimit;
}
