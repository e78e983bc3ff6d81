import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 16 * 1024 * 1024;

export interface RequestBody {
  readonly body: unknown;
  readonly isTooLarge: boolean;
}

/**
 * Reads a body to its end, or to the loss of the client. One that is too large is read as well but not kept: a client
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
    return { body: undefined, isTooLarge: false };
  }
  if (size === 0 || size > MAX_BYTES) return { body: undefined, isTooLarge: size > MAX_BYTES };
  return { body: parse(Buffer.concat(chunks).toString(), incoming.headers['content-type']), isTooLarge: false };
}

function parse(text: string, contentType = ''): unknown {
  if (!contentType.toLowerCase().includes('json')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
