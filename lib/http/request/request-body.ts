import { ReadableStream } from 'node:stream/web';
import type { InternalAxiosRequestConfig } from 'axios';
import type { RequestAbort } from './request-abort.js';

/** The part of the `form-data` package's form, which Axios makes of a multipart request's data, that is used here. */
interface NodeForm {
  getBuffer(): Buffer;
  getHeaders(): Record<string, string>;
}

function isNodeForm(data: object): data is NodeForm {
  return 'getBuffer' in data && 'getHeaders' in data;
}

/**
 * A form is a stream and gone once sent. One that holds no streams itself is turned into bytes, which can be sent twice.
 */
export function makeRepeatable(config: InternalAxiosRequestConfig): void {
  const data: unknown = config.data;
  if (typeof data !== 'object' || data === null || !isNodeForm(data)) return;
  try {
    const bytes = data.getBuffer();
    config.headers.set(data.getHeaders());
    config.data = bytes;
  } catch {
    // It holds a stream, so it stays one.
  }
}

/** False for a body that is used up by sending it: sent again, it would be empty, and Didomi would not notice. */
export function isRepeatable({ data }: InternalAxiosRequestConfig): boolean {
  if (typeof data !== 'object' || data === null) return true;
  const { pipe, getReader } = data as { pipe?: unknown; getReader?: unknown };
  return typeof pipe !== 'function' && typeof getReader !== 'function';
}

/** Whatever Axios takes for a stream: not all of them are of the class of Node.js. */
interface Stream {
  readonly destroyed?: boolean;
  destroy?(): unknown;
  on(event: 'error', listener: () => void): unknown;
}

function isStream(body: unknown): body is Stream {
  if (typeof body !== 'object' || body === null) return false;
  const { on, pipe } = body as { on?: unknown; pipe?: unknown };
  return typeof on === 'function' && typeof pipe === 'function';
}

/**
 * Aborts the request when its body, a stream, fails. Nobody else listens while the request waits, and an `error` event
 * without a listener ends the process. A stream that was closed before is refused at once: Axios would wait for it for ever.
 */
export function watchBody(body: unknown, abort: RequestAbort): void {
  if (!isStream(body)) return;
  if (body.destroyed === true) abort.abort('upload');
  // Stays for as long as the stream lives: it can fail after the request has ended, too.
  else body.on('error', () => abort.abort('upload'));
}

/** Frees what a body reads from, when it was not sent to its end. */
export function destroyBody(body: unknown): void {
  if (isStream(body)) {
    // It may fail by this, or have failed already, and nobody else listens.
    body.on('error', () => undefined);
    body.destroy?.();
  } else if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => undefined);
}
