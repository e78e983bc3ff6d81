import { Readable, Transform, finished } from 'node:stream';
import { CountQueuingStrategy, ReadableStream } from 'node:stream/web';
import type { AxiosResponse, Cancel } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { DeadlineExceeded, MAX_TIMER_MS } from '../request/attempt-deadlines.js';
import type { RequestAbort } from '../request/request-abort.js';

/** Read only when its reader reads. */
const NO_BUFFER = { strategy: new CountQueuingStrategy({ highWaterMark: 0 }) };

/** What a streamed body needs of its request. */
export interface StreamContext {
  readonly abort: RequestAbort;
  readonly clock: DidomiClock;
  /** Longest time between two chunks, in milliseconds; 0 for any. */
  readonly timeoutMs: number;
  /** Makes an error of the library of one that breaks the body off. */
  readonly translate: (error: unknown) => Error;
}

/**
 * Puts a stream of the library's own in the place of a streamed body. Node's incoming message has the request hanging on it, and
 * Axios destroys it with errors that carry the access token.
 *
 * @returns a promise that resolves once the connection is free of the body; undefined if the body is no stream.
 */
export function detachBody(response: AxiosResponse, context: StreamContext): Promise<void> | undefined {
  const data: unknown = response.data;
  // As the adapter for fetch has it.
  const isWeb = data instanceof ReadableStream;
  if (!isWeb && !(data instanceof Readable)) return undefined;
  // Fails for a stream that somebody reads already.
  const message = isWeb ? Readable.fromWeb(data) : data;
  return new Promise((onFree) => {
    const body = replace(message, context, onFree);
    response.data = isWeb ? Readable.toWeb(body, NO_BUFFER) : body;
  });
}

function replace(
  message: Readable,
  { abort, clock, timeoutMs, translate }: StreamContext,
  onFree: () => void,
): Readable {
  let lastChunkAt = clock.monotonic();
  let failure: Error | undefined;
  let stopTimer = (): void => undefined;
  const body = new Transform({
    transform(chunk, _encoding, callback) {
      lastChunkAt = clock.monotonic();
      callback(null, chunk);
    },
    destroy(error, callback) {
      if (!message.readableEnded) hangUp(new Error('the reader has destroyed the body'));
      callback(error);
    },
  });
  // With an error, since Node emits `end` when the body of a fetch is destroyed without one. And not the body alone: Axios keeps
  // the connection of a fetch whose body is cancelled, until the next chunk comes.
  const hangUp = (error: Error): void => {
    failure = error;
    abort.endAttempt();
    message.destroy(error);
  };
  const checkSilence = (): void => {
    const now = clock.monotonic();
    const isFull = body.writableNeedDrain;
    // Nothing comes while the reader takes nothing. But it has to begin: else the connection would never be free.
    if (isFull && body.readableDidRead) lastChunkAt = now;
    const leftMs = lastChunkAt + timeoutMs - now;
    if (leftMs <= 0) hangUp(new DeadlineExceeded(isFull ? 'nobody reads its body' : ''));
    else stopTimer = clock.schedule(checkSilence, Math.min(leftMs, MAX_TIMER_MS));
  };
  if (timeoutMs > 0) checkSilence();
  const end = (reason: Cancel): void => void message.destroy(reason as Error);
  abort.subscribe(end);
  // Without a listener, an error of a body that nobody reads would end the process.
  body.on('error', () => undefined);
  // Not by `pipeline()`, which hands the error of one stream to the other.
  finished(message, (error) => {
    stopTimer();
    abort.unsubscribe(end);
    if (error) body.destroy(translate(failure ?? error));
    onFree();
  });
  return message.pipe(body);
}
