import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { Pauses } from '../../auth/pauses.js';

/** An error envelope is a few hundred bytes. */
const MAX_BYTES = 65_536;
const MAX_WAIT_MS = 2_000;

/** The body of an answer without success. A stream is read to its end, but neither far nor long, and then let go. */
export async function readErrorBody(data: unknown, pauses: Pauses): Promise<unknown> {
  const body = data instanceof ReadableStream ? Readable.fromWeb(data) : data;
  if (!(body instanceof Readable)) return body;
  const pause = pauses.start(MAX_WAIT_MS);
  void pause.ended.then(() => body.destroy());
  const chunks: Buffer[] = [];
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
  }
  pause.end();
  return Buffer.concat(chunks);
}
