import { pipeline, Readable, Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { InternalAxiosRequestConfig } from 'axios';
import type { ApiRequest } from './api-request.js';
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
  emit?(event: string, ...values: unknown[]): boolean;
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

/**
 * Ends the request at a value of its body, a stream, that is neither text nor bytes: connections throw for it where nobody can
 * catch it, and that ends the process.
 *
 * @returns what to send in place of the body.
 */
export function asBytes(body: unknown, request: Pick<ApiRequest, 'abort' | 'note'>): unknown {
  if (!isStream(body)) return body;
  const end = (): Error => {
    request.note = 'it holds something else than text and bytes';
    request.abort.abort('upload');
    return new TypeError(request.note);
  };
  if (!(body instanceof Readable)) return withoutOtherData(body, end);
  if (!body.readableObjectMode) return body;
  const bytes = new Transform({
    writableObjectMode: true,
    transform: (chunk: unknown, _encoding, callback) => (isBytes(chunk) ? callback(null, chunk) : callback(end())),
  });
  // `watchBody` sees when the body itself fails.
  return pipeline(body, bytes, () => undefined);
}

/** Of another class than those of Node.js, such as a form with streams in it. Transports ask it for more than its values. */
function withoutOtherData(body: Stream, end: () => unknown): Stream {
  const emit = body.emit?.bind(body);
  if (emit === undefined) return body;
  body.emit = (event, ...values) => {
    if (event !== 'data' || isBytes(values[0])) return emit(event, ...values);
    end();
    return true;
  };
  return body;
}

function isBytes(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

/** Frees what a body reads from, when it was not sent to its end. */
export function destroyBody(body: unknown): void {
  if (isStream(body)) {
    // It may fail by this, or have failed already, and nobody else listens.
    body.on('error', () => undefined);
    body.destroy?.();
  } else if (body instanceof ReadableStream && !body.locked) void body.cancel().catch(() => undefined);
}
