import type { DidomiApi } from '../didomi-api.js';
import { isDidomiApiError, isDidomiRequestError, isDidomiTransportError } from '../../errors/guards.js';
import type {
  DidomiImportBatch,
  DidomiImportedEvent,
  DidomiImportOptions,
  DidomiRefusedEvent,
} from './consent-import.interface.js';
import type { Entry } from './event-reader.js';

const CONFLICT = 409;
/** May be caused by a single event: bad request, conflict, too large, unprocessable. */
const OF_AN_EVENT = new Set([400, CONFLICT, 413, 422]);
/** Applies to every batch. */
const OF_ALL = new Set([401, 403]);

/** Sends batches, and finds the events that Didomi refuses. */
export class BatchSender {
  constructor(
    private readonly api: Pick<DidomiApi, 'request'>,
    private readonly options: Pick<DidomiImportOptions, 'query' | 'timeoutMs' | 'didomi'>,
    private readonly signal: AbortSignal,
  ) {}

  /** Rejects with an error that ends the import: an abort, a failed authentication, a programming error. */
  async send(entries: readonly Entry[]): Promise<DidomiImportBatch> {
    const recorded: DidomiImportedEvent[] = [];
    const refused: DidomiRefusedEvent[] = [];
    await this.#send(entries, recorded, refused);
    const firstIndex = entries[0]!.index;
    return { firstIndex, nextIndex: firstIndex + entries.length, recorded, refused };
  }

  async #send(
    entries: readonly Entry[],
    recorded: DidomiImportedEvent[],
    refused: DidomiRefusedEvent[],
  ): Promise<void> {
    const settle = (isRepeated: boolean): unknown =>
      recorded.push(...entries.map(({ index, id }) => ({ index, id, isRepeated })));
    try {
      const body = entries.map(({ event }) => event);
      await this.api.request('POST /consents/events', { ...this.options, body, signal: this.signal });
      settle(false);
    } catch (error) {
      if (this.signal.aborted || !isOfBatch(error)) throw error;
      if (entries.length > 1 && isOfAnEvent(error)) {
        // Didomi does not document partial failures. Events that were recorded nevertheless answer 409 now.
        const half = Math.ceil(entries.length / 2);
        await this.#send(entries.slice(0, half), recorded, refused);
        await this.#send(entries.slice(half), recorded, refused);
      } else if (isDidomiApiError(error) && error.status === CONFLICT) settle(true);
      else refused.push(...entries.map(({ index, id }) => ({ index, id, error })));
    }
  }
}

/** Whether the failure concerns this batch only. */
function isOfBatch(error: unknown): error is Error {
  if (isDidomiApiError(error)) return !OF_ALL.has(error.status);
  return isDidomiTransportError(error) || isDidomiRequestError(error);
}

function isOfAnEvent(error: Error): boolean {
  if (isDidomiApiError(error)) return OF_AN_EVENT.has(error.status);
  return isDidomiRequestError(error) && error.retryAfterMs === undefined;
}
