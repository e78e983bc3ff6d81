import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';

/**
 * Why the client asked for an access token:
 *
 * - `warmup`: the application started.
 * - `call`: a call had no usable one.
 * - `renewal`: the cron job, or a call, found that it was due.
 * - `rejected`: Didomi answered 401 to the one in use.
 * - `refresh`: the application called `refresh()`.
 *
 * @publicApi
 */
export type DidomiRefreshTrigger = 'warmup' | 'call' | 'renewal' | 'rejected' | 'refresh';

/**
 * What all events of a client have.
 *
 * @publicApi
 */
export interface DidomiClientEvent {
  /** The `name` of the client's registration; undefined for the default client. */
  readonly client: string | undefined;
  /** When it happened, in milliseconds since the epoch by the clock of this machine. */
  readonly at: number;
}

/**
 * Didomi issued an access token.
 *
 * @publicApi
 */
export interface DidomiRefreshedEvent extends DidomiClientEvent {
  readonly type: 'refreshed';
  readonly trigger: DidomiRefreshTrigger;
  /** 1, or more if the token request was retried while calls waited for it. */
  readonly attempt: number;
  /** How long Didomi took to answer this attempt, in milliseconds. */
  readonly durationMs: number;
  /** Expiry of the access token, in milliseconds since the epoch by the clock of this machine. */
  readonly expiresAt: number;
  /** How long the access token lives, in milliseconds. */
  readonly lifetimeMs: number;
}

/**
 * An attempt brought no access token. One in use that is still usable goes on serving.
 *
 * @publicApi
 */
export interface DidomiRefreshFailedEvent extends DidomiClientEvent {
  readonly type: 'refresh-failed';
  readonly trigger: DidomiRefreshTrigger;
  /** 1, or more if the token request was retried while calls waited for it. */
  readonly attempt: number;
  /** How long the token request took, in milliseconds; absent if none was sent, because `credentials()` failed for instance. */
  readonly durationMs?: number;
  readonly reason: DidomiAuthenticationReason;
  /** HTTP status of Didomi's answer; absent without one. */
  readonly status?: number;
  /** In how many milliseconds the next attempt may come. */
  readonly retryInMs: number;
}

/**
 * Didomi answered 401 to the access token in use, which the client replaces if it can. Told once for each access token.
 *
 * @publicApi
 */
export interface DidomiRejectedEvent extends DidomiClientEvent {
  readonly type: 'rejected';
  /** When it would have expired, in milliseconds since the epoch by the clock of this machine. */
  readonly expiresAt: number;
}

/**
 * The application called `invalidate()` with the access token in use.
 *
 * @publicApi
 */
export interface DidomiInvalidatedEvent extends DidomiClientEvent {
  readonly type: 'invalidated';
  /** When it would have expired, in milliseconds since the epoch by the clock of this machine. */
  readonly expiresAt: number;
}

/**
 * The client took over an access token that another replica had stored, in place of a token request.
 *
 * @publicApi
 */
export interface DidomiAdoptedEvent extends DidomiClientEvent {
  readonly type: 'adopted';
  readonly trigger: DidomiRefreshTrigger;
  /** Expiry of the access token, in milliseconds since the epoch by the clock of this machine. */
  readonly expiresAt: number;
}

/**
 * What happens to the access token of a client; `type` tells which. Never holds the access token.
 *
 * @publicApi
 */
export type DidomiAuthEvent =
  DidomiRefreshedEvent | DidomiRefreshFailedEvent | DidomiRejectedEvent | DidomiInvalidatedEvent | DidomiAdoptedEvent;
