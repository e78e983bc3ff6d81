import type { DidomiRequestOptions } from '../../http/request/didomi-request-config.interface.js';
import type { DidomiQueryOf } from '../didomi-routes.interface.js';

/**
 * An event that Didomi has recorded.
 *
 * @publicApi
 */
export interface DidomiImportedEvent {
  /** Index in the source. */
  readonly index: number;
  readonly id: string;
  /**
   * Whether Didomi already had an event with this id, from an earlier run or from an attempt whose response was lost. The
   * existing event is unchanged.
   */
  readonly isRepeated: boolean;
}

/**
 * An event that was not recorded, or not as far as is known.
 *
 * @publicApi
 */
export interface DidomiRefusedEvent {
  /** Index in the source. */
  readonly index: number;
  /** Keep it when the event is sent again: after a `DidomiTransportError` the event may have been recorded. */
  readonly id: string;
  /** A `DidomiApiError`, a `DidomiTransportError` or a `DidomiRequestError`. */
  readonly error: Error;
}

/**
 * The result of one batch.
 *
 * @publicApi
 */
export interface DidomiImportBatch {
  /** Index in the source of the first event. */
  readonly firstIndex: number;
  /** Index after the last event: the `startIndex` to resume from. All events before it have been recorded or refused. */
  readonly nextIndex: number;
  readonly recorded: readonly DidomiImportedEvent[];
  readonly refused: readonly DidomiRefusedEvent[];
}

/**
 * The progress of an import.
 *
 * @publicApi
 */
export interface DidomiImportProgress {
  /** The `nextIndex` of the last batch. */
  readonly nextIndex: number;
  /** Number of events recorded, repeated ones included. */
  readonly recorded: number;
  readonly repeated: number;
  readonly refused: number;
}

/**
 * Options of `importConsentEvents()`.
 *
 * @publicApi
 */
export interface DidomiImportOptions {
  /**
   * Name of the import. Events without an `id` get one derived from this name, their index and their content, so that another run
   * over the same source records nothing twice. Without it, the ids are random and only safe within one run.
   */
  readonly importId?: string;

  /**
   * Number of events to skip at the beginning of the source: the `nextIndex` of the last batch of an earlier run.
   *
   * @default 0
   */
  readonly startIndex?: number;

  /**
   * Number of events per request, at most 100.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * Maximum number of batches in flight, which is also how far the source is read ahead.
   *
   * @default 4
   */
  readonly maxConcurrent?: number;

  /** Aborts the import: the iteration rejects with the reason, and requests in flight are aborted. */
  readonly signal?: AbortSignal;

  /** Called after each batch, before it is yielded. */
  readonly onProgress?: (progress: DidomiImportProgress) => void;

  readonly query?: DidomiQueryOf<'POST /consents/events'>;

  /**
   * Longest duration of an attempt, in milliseconds.
   *
   * @default the `timeoutMs` of the client
   */
  readonly timeoutMs?: number;

  /** Overrides of the client's options for the requests. */
  readonly didomi?: DidomiRequestOptions;
}
