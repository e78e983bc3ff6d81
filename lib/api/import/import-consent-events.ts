import { setMaxListeners } from 'node:events';
import type { DidomiApi } from '../didomi-api.js';
import { BatchSender } from './batch-sender.js';
import type { DidomiImportBatch, DidomiImportOptions, DidomiImportProgress } from './consent-import.interface.js';
import { type Entry, EventReader, type Events } from './event-reader.js';
import { type ImportOptions, readImportOptions } from './import-options.js';

/**
 * Records any number of consent events in batches, and yields the result of each batch, in the order of the source. A refused batch
 * is split to find the events that cause the refusal; the others are recorded. The source is read on demand, so memory stays
 * constant. Leaving the loop ends the import.
 *
 * Every event is sent with an `id`, its own or a new one, so that an event that is sent twice is recorded once. With an `importId`,
 * that also holds for later runs over the same source.
 *
 * @param api the client that sends the events.
 * @param events an array, a generator, a stream of objects or any other iterable.
 * @throws DidomiRequestError synchronously, for an invalid option. The iteration rejects with the abort reason, the error of the
 * source, a `DidomiAuthenticationError`, or a `DidomiApiError` of status 401 or 403.
 *
 * @publicApi
 */
export function importConsentEvents(
  api: Pick<DidomiApi, 'request'>,
  events: Events,
  options?: DidomiImportOptions,
): AsyncGenerator<DidomiImportBatch, undefined, undefined> {
  const read = readImportOptions(options);
  return run(api, new EventReader(events, read), read);
}

async function* run(
  api: Pick<DidomiApi, 'request'>,
  reader: EventReader,
  { signal, onProgress, startIndex, maxConcurrent, query, timeoutMs, didomi }: ImportOptions,
): AsyncGenerator<DidomiImportBatch, undefined, undefined> {
  const ended = new AbortController();
  // All requests listen to it. Node would warn of a leak.
  setMaxListeners(0, ended.signal);
  const sender = new BatchSender(api, { query, timeoutMs, didomi }, ended.signal);
  const underWay: Promise<DidomiImportBatch>[] = [];
  let reading: Promise<readonly Entry[]> | undefined;
  let progress: DidomiImportProgress = { nextIndex: startIndex, recorded: 0, repeated: 0, refused: 0 };
  let rejectWait: (reason: unknown) => void = () => undefined;
  const abort = (): void => {
    rejectWait(signal?.reason);
    ended.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (!reader.isAtEnd && underWay.length < maxConcurrent) reading ??= reader.read();
      const [oldest] = underWay;
      const waitingFor = [reading, oldest].filter((promise) => promise !== undefined);
      if (waitingFor.length === 0) break;
      // A race against one long-lived promise would retain a reaction for each batch.
      const settled = await new Promise<DidomiImportBatch | readonly Entry[]>((resolve, reject) => {
        rejectWait = reject;
        Promise.race(waitingFor).then(resolve, reject);
      });
      if ('nextIndex' in settled) {
        void underWay.shift();
        progress = advanced(progress, settled);
        onProgress?.(progress);
        yield settled;
      } else {
        reading = undefined;
        if (settled.length > 0) underWay.push(quiet(sender.send(settled)));
      }
    }
    reader.throwIfFailed();
    return undefined;
  } finally {
    signal?.removeEventListener('abort', abort);
    ended.abort();
    reader.close();
  }
}

function advanced(
  before: DidomiImportProgress,
  { nextIndex, recorded, refused }: DidomiImportBatch,
): DidomiImportProgress {
  return {
    nextIndex,
    recorded: before.recorded + recorded.length,
    repeated: before.repeated + recorded.filter(({ isRepeated }) => isRepeated).length,
    refused: before.refused + refused.length,
  };
}

/** A batch can fail before it is awaited, and batches are not awaited after the end. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
