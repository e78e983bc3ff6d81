import type { DidomiClientEvent } from '../../auth/didomi-auth-event.interface.js';
import type { DidomiAuthenticationReason } from '../../errors/didomi-authentication.error.js';
import type { DidomiErrorCode } from '../../errors/didomi.error.js';
import type { DidomiTransportReason } from '../../errors/didomi-transport.error.js';

/**
 * One API request of the application, with all its attempts.
 *
 * @publicApi
 */
export interface DidomiHttpCall {
  /** The `name` of the client's registration; undefined for the default client. */
  readonly client: string | undefined;
  /** A number of this call, the same in all its events. */
  readonly id: number;
  /** HTTP method, in capitals. */
  readonly method: string;
  /**
   * Template of the path, such as `/consents/users/{id}`: without the version, ids and the query. There are few different ones,
   * whatever is requested, so that it can be the label of a metric.
   */
  readonly route: string;
}

/**
 * What every event of a call has.
 *
 * @publicApi
 */
export interface DidomiHttpCallEvent extends DidomiClientEvent, DidomiHttpCall {}

/**
 * An attempt was sent.
 *
 * @publicApi
 */
export interface DidomiSentEvent extends DidomiHttpCallEvent {
  readonly type: 'sent';
  /** 1, or more for a retry or replay. */
  readonly attempt: number;
}

/**
 * An attempt failed for a reason that may pass, and is sent again.
 *
 * @publicApi
 */
export interface DidomiRetriedEvent extends DidomiHttpCallEvent {
  readonly type: 'retried';
  /** The attempt that failed. */
  readonly attempt: number;
  /** HTTP status of the answer; absent without one. */
  readonly status?: number;
  /** Why there was no answer; absent with one. */
  readonly reason?: DidomiTransportReason;
  /** In how many milliseconds it is sent again; longer if the rate limit holds it up. */
  readonly retryInMs: number;
}

/**
 * An attempt was answered with 401, and is sent once more with another access token.
 *
 * @publicApi
 */
export interface DidomiReplayedEvent extends DidomiHttpCallEvent {
  readonly type: 'replayed';
  /** The attempt that was answered with 401. */
  readonly attempt: number;
}

/**
 * The request has waited before it was sent.
 *
 * @publicApi
 */
export interface DidomiWaitedEvent extends DidomiHttpCallEvent {
  readonly type: 'waited';
  /** For its turn, which the rate limit or `maxConcurrent` held up; or for an access token. */
  readonly reason: 'turn' | 'access-token';
  /** For how long, in milliseconds. */
  readonly waitedMs: number;
}

/**
 * The caller has its response or its error. A streamed body may go on after that.
 *
 * @publicApi
 */
export interface DidomiEndedEvent extends DidomiHttpCallEvent {
  readonly type: 'ended';
  /** HTTP status of the last answer; absent without one. */
  readonly status?: number;
  /** `code` of the error; absent if the call succeeded. */
  readonly error?: DidomiErrorCode;
  /** Why there is no answer, or no access token; absent for other errors. */
  readonly reason?: DidomiTransportReason | DidomiAuthenticationReason;
  /** How many times it was sent. */
  readonly attempts: number;
  /** From the call to its end, in milliseconds. */
  readonly durationMs: number;
  /** How much of that it waited: for its turn, for an access token, and before retries and replays. */
  readonly waitedMs: number;
}

/**
 * What happens to the API requests of a client; `type` tells which. Holds no ids, no query, no body, no header.
 *
 * @publicApi
 */
export type DidomiHttpEvent =
  DidomiSentEvent | DidomiRetriedEvent | DidomiReplayedEvent | DidomiWaitedEvent | DidomiEndedEvent;
