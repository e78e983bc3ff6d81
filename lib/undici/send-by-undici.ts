import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { Exchange } from './exchange.js';
import { refusal } from './refuse-own-connection.js';
import { requestHeaders } from './request-headers.js';
import type { UndiciAttempt } from './undici-attempt.js';
import { uploadOf, type Upload } from './upload.js';

type Config = InternalAxiosRequestConfig & Partial<UndiciAttempt>;

/** What undici has no place for. */
const REFUSED: readonly (readonly [name: keyof InternalAxiosRequestConfig, hint: string])[] = [
  ['lookup', 'set connect.lookup of undiciAdapter(), for all requests'],
  ['family', 'set connect.family of undiciAdapter(), for all requests'],
  ['maxRate', 'send a stream that is slow, or read one slowly'],
  ['onUploadProgress', 'count the bytes of a stream that you send'],
  ['onDownloadProgress', "count the bytes of a responseType: 'stream'"],
  ['insecureHTTPParser', 'remove it'],
];

/** Inherits nothing, see `bare()`; faster than `Object.create(null)`. */
const DispatchOptions = function () {} as unknown as new () => Dispatcher.DispatchOptions;
DispatchOptions.prototype = Object.create(null) as Dispatcher.DispatchOptions;

/** Sends one attempt by undici. An Axios adapter. */
export function sendByUndici(config: Config): Promise<AxiosResponse> {
  const { undici } = config;
  if (undici === undefined) {
    throw new DidomiRequestError('The adapter of undiciAdapter() sends requests of its clients only');
  }
  for (const [name, hint] of REFUSED) {
    // Falsy is Axios' own default.
    if (config[name]) throw refusal(name, hint);
  }
  const upload = uploadOf(config);
  return upload instanceof Promise ? upload.then((ready) => send(config, undici, ready)) : send(config, undici, upload);
}

function send(
  config: Config,
  { base, dispatcher, isMultiplexed }: UndiciAttempt['undici'],
  upload: Upload,
): Promise<AxiosResponse> {
  const method = (config.method ?? 'get').toUpperCase();
  const options = new DispatchOptions();
  options.origin = base.origin;
  options.path = base.pathOf(config);
  options.method = method;
  options.headers = requestHeaders(config.headers, upload);
  options.body = upload.body as Dispatcher.DispatchOptions['body'];
  if (isMultiplexed) share(options, method, upload);
  return new Promise((resolve, reject) => new Exchange(config, resolve, reject).start(dispatcher, options));
}

/** The methods whose body undici expects with HTTP/2. */
const WITH_BODY: ReadonlySet<string> = new Set(['PATCH', 'POST', 'PUT']);

/**
 * Lets a request share its HTTP/2 connection. Undici keeps those apart that it could not repeat; but here none is ever repeated,
 * see `Exchange`.
 */
function share(options: Dispatcher.DispatchOptions, method: string, { body }: Upload): void {
  options.idempotent = true;
  // With other methods it takes bytes in a list only, whose length it does not know.
  if (WITH_BODY.has(method) || !(typeof body === 'string' || Buffer.isBuffer(body))) return;
  const bytes = Buffer.from(body as string);
  options.body = [bytes] as unknown as typeof options.body;
  (options.headers as string[]).push('Content-Length', String(bytes.length));
}
