import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { Upload } from './upload.js';

/** The methods whose body undici expects with HTTP/2. */
const WITH_BODY: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);
/** Those for which it ends the request before it writes the body. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/**
 * Node.js throws for these, where undici does not catch it: the request would stay in its queue and throw again for every other
 * one. The rest of the kind is refused or left out by undici itself.
 */
const OF_HTTP_1: ReadonlySet<string> = new Set(['http2-settings', 'proxy-connection', 'te']);

/**
 * Lets a request share its HTTP/2 connection. Undici keeps those apart that it could not repeat; but here none is ever repeated,
 * see `Exchange`.
 *
 * @throws DidomiRequestError for what cannot be sent by HTTP/2.
 */
export function multiplex(options: Dispatcher.DispatchOptions, { body }: Upload): void {
  const headers = options.headers as string[];
  checkHeaders(headers);
  options.idempotent = true;
  const { method } = options;
  // Undici knows the length of a stream that has ended, and never ends a request whose stream has none.
  if (body instanceof Readable) options.body = Readable.from(body);
  if (body === null || WITH_BODY.has(method)) return;
  if (WITHOUT_BODY.has(method)) {
    throw new DidomiRequestError(`A ${method} request with a body cannot be sent with allowH2: remove one of the two`);
  }
  // Undici takes bytes in a list only, whose length it does not know.
  if (!(typeof body === 'string' || Buffer.isBuffer(body))) return;
  const bytes = Buffer.from(body as string);
  options.body = [bytes] as unknown as typeof options.body;
  headers.push('Content-Length', String(bytes.length));
}

function checkHeaders(headers: readonly string[]): void {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    if (!OF_HTTP_1.has(name.toLowerCase()) || (name.length === 2 && headers[index + 1] === 'trailers')) continue;
    throw new DidomiRequestError(`The header ${name} cannot be sent with allowH2: remove it`);
  }
}
