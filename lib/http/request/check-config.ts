import type { InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/** As an application without TypeScript may have written it. */
type Config = { readonly [Name in keyof InternalAxiosRequestConfig]: unknown };

/** Node.js lets them win over the URL of the request. */
const HTTP2_TARGETS = ['createConnection', 'host', 'hostname', 'path', 'port', 'socketPath'];

/**
 * Refuses options of a request that could send it to another server, or that Axios or Node.js would trip over: some where nobody
 * can catch it, some after the request has been sent, most with an error that quotes the value.
 *
 * @param proxy that of the request, which stands on no configuration.
 * @throws DidomiRequestError naming the option, never its value.
 */
export function checkConfig(config: InternalAxiosRequestConfig, proxy: unknown): void {
  const { family, http2Options, httpVersion, lookup, maxBodyLength, maxContentLength, maxRate, method }: Config =
    config;
  const { onDownloadProgress, onUploadProgress, responseEncoding, signal }: Config = config;
  const { socketPath, timeout, transport, validateStatus }: Config = config;
  if (socketPath) throw otherServer('socketPath');
  if (transport) throw otherServer('transport');
  const target = ownName(http2Options, HTTP2_TARGETS);
  if (target !== undefined) throw otherServer(`http2Options.${target}`);
  check('method', method, isText, 'a string');
  if (typeof method === 'string' && method.length === 7 && method.toUpperCase() === 'CONNECT') {
    throw new DidomiRequestError('CONNECT opens a tunnel and is no request to an API: use another method');
  }
  check('timeout', timeout, isMilliseconds, 'a number of milliseconds, 0 for none');
  check('maxContentLength', maxContentLength, isNumber, 'a number of bytes, -1 for any');
  check('maxBodyLength', maxBodyLength, isNumber, 'a number of bytes, -1 for any');
  check('validateStatus', validateStatus, isFunction, 'a function, or null for every status');
  check('signal', signal, isSignal, 'an AbortSignal');
  check('proxy', proxy, isProxy, 'an object such as { host, port }, or false for none');
  check('responseEncoding', responseEncoding, isEncoding, 'an encoding of Node.js such as utf8');
  // What throws in there is caught by nobody, and ends the process.
  check('onUploadProgress', onUploadProgress, isFunction, 'a function');
  check('onDownloadProgress', onDownloadProgress, isFunction, 'a function');
  check('lookup', lookup, isFunction, 'a function');
  check('family', family, isFamily, '4 or 6, 0 for either');
  check('httpVersion', httpVersion, isHttpVersion, '1 or 2');
  check('maxRate', maxRate, isRate, 'a number of bytes a second, or two of them for upload and download');
}

function check(name: string, value: unknown, isValid: (value: unknown) => boolean, hint: string): void {
  if (value === undefined || value === null || isValid(value)) return;
  throw new DidomiRequestError(`The ${name} of a request has to be ${hint}`);
}

function otherServer(name: string): DidomiRequestError {
  return new DidomiRequestError(`${name} could send the request to another server: remove it`);
}

function ownName(options: unknown, names: readonly string[]): string | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  return names.find((name) => Object.hasOwn(options, name));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isFamily(value: unknown): boolean {
  return value === 0 || value === 4 || value === 6;
}

function isHttpVersion(value: unknown): boolean {
  return value === 1 || value === 2;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** Axios takes text, too. */
function isMilliseconds(value: unknown): boolean {
  return (typeof value === 'number' || typeof value === 'string') && Number(value) >= 0;
}

/** At a rate below 0 Axios sends nothing, and waits for ever. */
function isRate(value: unknown): boolean {
  return [value].flat().every((rate) => rate === undefined || (typeof rate === 'number' && rate >= 0));
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value;
}

/** Axios takes the lack of a host for this machine, and would send the access token there. */
function isProxy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === false;
  const { host, hostname } = value as { host?: unknown; hostname?: unknown };
  return [host, hostname].some((name) => typeof name === 'string' && name !== '');
}

function isEncoding(value: unknown): boolean {
  return typeof value === 'string' && Buffer.isEncoding(value);
}
