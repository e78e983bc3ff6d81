import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { Exchange } from './exchange.js';
import { multiplex } from './multiplex.js';
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
  if (isMultiplexed) multiplex(options, upload);
  return new Promise((resolve, reject) => {
    const start = (): void => new Exchange(config, resolve, reject).start(dispatcher, options);
    // In a turn of its own: Node.js 20 blocks the process for good, when the connection is closed, if a stream of HTTP/2 was opened
    // and reset while the end of another one was being reported.
    if (isMultiplexed && upload.body instanceof Readable) setImmediate(start);
    else start();
  });
}
