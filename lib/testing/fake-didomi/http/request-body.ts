import type { IncomingMessage } from 'node:http';
import { failure, type Answer } from '../api/route.js';
import { isTooDeep, MAX_DEPTH } from '../api/input.js';

const MAX_BYTES = 16 * 1024 * 1024;

export interface RequestBody {
  readonly body: unknown;
  /** The answer to a body that is too large or too deep. */
  readonly refusal?: Answer;
}

/**
 * Reads a body to its end, or until the client is gone. One that is too large is read as well but not kept: a client
 * that is cut off while it sends would report a broken connection and never see the answer.
 */
export async function readRequestBody(incoming: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_BYTES) chunks.push(chunk);
    }
  } catch {
    return { body: undefined };
  }
  if (size === 0) return { body: undefined };
  if (size > MAX_BYTES) return { body: undefined, refusal: failure(413) };
  return parse(Buffer.concat(chunks).toString(), incoming.headers['content-type']);
}

function parse(text: string, contentType = ''): RequestBody {
  if (!contentType.toLowerCase().includes('json')) return { body: text };
  if (isTooDeep(text)) {
    return { body: text, refusal: failure(400, `The body is nested more than ${MAX_DEPTH} levels deep`) };
  }
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return { body: text };
  }
}
