import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { Cancellation } from './request-abort.js';

/** As an application without TypeScript may have written it. */
type Config = { readonly [Name in keyof InternalAxiosRequestConfig]: unknown };

type Check = (value: unknown) => boolean;

const isFunction: Check = (value) => typeof value === 'function';
const isNumber: Check = (value) => typeof value === 'number' && !Number.isNaN(value);
/** Axios takes text, too. */
const isMilliseconds: Check = (value) => ['number', 'string'].includes(typeof value) && Number(value) >= 0;
const isEncoding: Check = (value) => typeof value === 'string' && Buffer.isEncoding(value);
const isSignal: Check = (value) => typeof value === 'object' && value !== null && 'aborted' in value;
const isOneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);

/** What the options of a request have to be. */
const RULES: readonly (readonly [name: keyof Config, isValid: Check, hint: string])[] = [
  ['method', isMethod, 'a string, and not CONNECT: that opens a tunnel, and is no request to an API'],
  ['timeout', isMilliseconds, 'a number of milliseconds, 0 for none'],
  ['maxContentLength', isNumber, 'a number of bytes, -1 for any'],
  ['maxBodyLength', isNumber, 'a number of bytes, -1 for any'],
  ['maxRate', isRate, 'a number of bytes a second, or two of them for upload and download'],
  ['validateStatus', isFunction, 'a function, or null for every status'],
  ['responseEncoding', isEncoding, 'an encoding of Node.js such as utf8'],
  // What throws in there is caught by nobody, and ends the process.
  ['onUploadProgress', isFunction, 'a function'],
  ['onDownloadProgress', isFunction, 'a function'],
  ['lookup', isFunction, 'a function'],
  ['family', isOneOf(0, 4, 6), '4 or 6, 0 for either'],
  ['httpVersion', isOneOf(1, 2), '1 or 2'],
];

/** Node.js lets them win over the URL of the request. */
const HTTP2_TARGETS = ['createConnection', 'host', 'hostname', 'path', 'port', 'socketPath'];

/**
 * Refuses options of a request that could send it to another server, or that Axios or Node.js would trip over: some where nobody
 * can catch it, some after the request has been sent, most with an error that quotes the value.
 *
 * @param proxy that of the request. Neither it nor `cancellation` stands on the configuration.
 * @throws DidomiRequestError naming the option, never its value.
 */
export function checkConfig(config: InternalAxiosRequestConfig, proxy: unknown, cancellation: Cancellation): void {
  const { http2Options, socketPath, transport }: Config = config;
  if (socketPath) throw otherServer('socketPath');
  if (transport) throw otherServer('transport');
  if (typeof http2Options === 'object' && http2Options !== null) {
    const target = HTTP2_TARGETS.find((name) => Object.hasOwn(http2Options, name));
    if (target !== undefined) throw otherServer(`http2Options.${target}`);
  }
  for (const [name, isValid, hint] of RULES) check(name, config[name], isValid, hint);
  check('proxy', proxy, isProxy, 'an object such as { host, port }, or false for none');
  check('signal', cancellation.signal, isSignal, 'an AbortSignal');
  check('cancelToken', cancellation.cancelToken, isCancelToken, 'one of Axios: remove it, and use signal instead');
}

function check(name: string, value: unknown, isValid: Check, hint: string): void {
  if (value === undefined || value === null || isValid(value)) return;
  throw new DidomiRequestError(`The ${name} of a request has to be ${hint}`);
}

function otherServer(name: string): DidomiRequestError {
  return new DidomiRequestError(`${name} could send the request to another server: remove it`);
}

function isCancelToken(value: unknown): boolean {
  const { subscribe, unsubscribe } = value as { subscribe?: unknown; unsubscribe?: unknown };
  return typeof subscribe === 'function' && typeof unsubscribe === 'function';
}

function isMethod(value: unknown): boolean {
  return typeof value === 'string' && !/^connect$/i.test(value);
}

/** At a rate below 0 Axios sends nothing, and waits for ever. */
function isRate(value: unknown): boolean {
  return [value].flat().every((rate) => rate === undefined || (typeof rate === 'number' && rate >= 0));
}

/** Axios takes the lack of a host for this machine, and would send the access token there. */
function isProxy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === false;
  const { host, hostname } = value as { host?: unknown; hostname?: unknown };
  return [host, hostname].some((name) => typeof name === 'string' && name !== '');
}
