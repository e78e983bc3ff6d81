import { createHash, randomUUID } from 'node:crypto';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { hasToJSON } from '../../query/query-params.js';
import type { ConsentEventInput } from '../routes/consents/consent-event.interface.js';

/** A source of events. */
export type Events = Iterable<ConsentEventInput> | AsyncIterable<ConsentEventInput>;

/** An event with its id. */
export interface Entry {
  readonly index: number;
  readonly id: string;
  readonly event: ConsentEventInput;
}

interface ReaderOptions {
  readonly batchSize: number;
  readonly startIndex: number;
  readonly importId?: string;
}

/** Reads a source batch by batch, on demand. */
export class EventReader {
  #isAtEnd = false;
  #failure: { readonly error: unknown } | undefined;
  #next = 0;
  readonly #source: Iterator<ConsentEventInput, unknown> | AsyncIterator<ConsentEventInput, unknown>;

  constructor(
    events: Events,
    private readonly options: ReaderOptions,
  ) {
    const given = events as Partial<AsyncIterable<ConsentEventInput> & Iterable<ConsentEventInput>> | null | undefined;
    const source = given?.[Symbol.asyncIterator]?.() ?? given?.[Symbol.iterator]?.();
    if (source === undefined)
      throw new DidomiRequestError('The events have to be iterable, such as an array or a stream');
    this.#source = source;
  }

  /** Whether the source is exhausted or has failed. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Throws the error of the source, if it failed. Events read before that are returned by `read()`. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** The next batch; can be empty at the end of the source. */
  async read(): Promise<readonly Entry[]> {
    const { batchSize, startIndex } = this.options;
    const batch: Entry[] = [];
    try {
      while (batch.length < batchSize) {
        const { done, value } = await this.#source.next();
        if (done === true) {
          this.#isAtEnd = true;
          break;
        }
        const index = this.#next++;
        if (index >= startIndex) batch.push(this.#entryOf(value, index));
      }
    } catch (error) {
      this.#isAtEnd = true;
      this.#failure = { error };
    }
    return batch;
  }

  /** Closes the source. */
  close(): void {
    // Not awaited: `return()` of a generator waits for a pending `next()`, which may never settle.
    void (async () => await this.#source.return?.())().catch(() => undefined);
  }

  #entryOf(given: ConsentEventInput, index: number): Entry {
    const event = hasToJSON(given) ? (given.toJSON() as ConsentEventInput) : given;
    // Parsed files can hold `null`. Didomi refuses it like any invalid event.
    if (typeof event !== 'object' || event === null) return { index, id: '', event };
    const id = typeof event.id === 'string' && event.id !== '' ? event.id : this.#newId(event, index);
    return { index, id, event: { ...event, id } };
  }

  #newId(event: ConsentEventInput, index: number): string {
    const { importId } = this.options;
    if (importId === undefined) return randomUUID();
    try {
      return uuidOf(JSON.stringify([importId, index, event]));
    } catch {
      // Not serializable: sending it will be refused.
      return randomUUID();
    }
  }
}

/** A UUID of version 8, whose content is application-defined. */
function uuidOf(text: string): string {
  const hash = createHash('sha256').update(text).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
