import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { RequestAbort } from '../request/request-abort.js';

/** An error envelope is a few hundred bytes. */
const MAX_BYTES = 65_536;
const MAX_READ_MS = 2_000;

/** The body of an error response. A stream is read, but neither far nor long, and then destroyed. */
export async function readErrorBody(data: unknown, abort: RequestAbort, clock: DidomiClock): Promise<unknown> {
  if (data instanceof Blob) return await data.slice(0, MAX_BYTES).arrayBuffer();
  const body = data instanceof ReadableStream ? Readable.fromWeb(data) : data;
  if (!(body instanceof Readable)) return body;
  const chunks: Buffer[] = [];
  const stop = (): void => void body.destroy();
  const stopTimer = clock.schedule(stop, MAX_READ_MS, true);
  abort.subscribe(stop);
  try {
    let length = 0;
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk as Buffer | string);
      chunks.push(bytes);
      length += bytes.length;
      if (length > MAX_BYTES) break;
    }
  } catch {
    // What came before it broke off may do.
  } finally {
    stopTimer();
    abort.unsubscribe(stop);
  }
  return Buffer.concat(chunks);
}

/** Frees the connection of a response that nobody is going to read. */
export function discardBody(response: unknown): void {
  const { data } = (response ?? {}) as { readonly data?: unknown };
  if (data instanceof Readable) data.destroy();
  else if (data instanceof ReadableStream) void data.cancel().catch(() => undefined);
}
