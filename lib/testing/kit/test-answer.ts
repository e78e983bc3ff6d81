import { Readable } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import type { DidomiTransportReason } from '../../errors/didomi-transport.error.js';
import { failure } from '../fake-didomi/api/route.js';

/**
 * Status and headers of an answer.
 *
 * @publicApi
 */
export interface DidomiTestAnswerOptions<Status extends number = number> {
  /**
   * HTTP status.
   *
   * @default 200
   */
  readonly status?: Status;
  /** Headers. `content-type` defaults to what the body is: JSON, text or bytes. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of an answer with this status: with a 2xx, what the route returns; otherwise, or with a status that varies, anything. */
export type DidomiTestBody<Answer, Status extends number> = `${Status}` extends `2${string}` ? Answer : unknown;

/**
 * Why no answer comes: the network errors among {@link DidomiTransportReason}.
 *
 * @publicApi
 */
export type DidomiTestFailure = Exclude<DidomiTransportReason, 'aborted' | 'unknown'>;

/** The codes of Axios' errors. */
const CODES: Readonly<Record<DidomiTestFailure, string>> = {
  timeout: 'ECONNABORTED',
  reset: 'ECONNRESET',
  refused: 'ECONNREFUSED',
  dns: 'ENOTFOUND',
  tls: 'CERT_HAS_EXPIRED',
};

/** The error of an adapter whose request got no answer. */
export function networkFailure(reason: DidomiTestFailure): AxiosError {
  const code = (CODES as Readonly<Record<string, string | undefined>>)[reason];
  if (code === undefined) throw new TypeError(`A failure has to be one of ${Object.keys(CODES).join(', ')}`);
  return new AxiosError(`The test answered with '${reason}'`, code);
}

/** The error of an adapter for a mistake of the test. The client passes its cause on as it is, and does not send again. */
export function testMistake(message: string): AxiosError {
  const error = new AxiosError(message, 'ERR_TEST');
  error.cause = new DidomiRequestError(message);
  return error;
}

/**
 * The response of an adapter: text and bytes as they are, undefined and null as an empty body, anything else as JSON. A status
 * of 400 or more without a body gets Didomi's error envelope.
 */
export function responseOf(
  body: unknown,
  { status = 200, headers = {} }: DidomiTestAnswerOptions,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new RangeError('status has to be a whole number from 100 to 599');
  }
  const content = body === undefined && status >= 400 ? failure(status).body : body;
  const bytes = hasBody(status, config) ? bytesOf(content) : Buffer.alloc(0);
  const sent = new AxiosHeaders(bytes.length === 0 ? {} : { 'content-type': contentTypeOf(content) });
  // In lower case, as Node.js hands them to Axios.
  for (const [name, value] of Object.entries(headers)) sent.set(name.toLowerCase(), value);
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: sent,
    data: dataOf(bytes, config),
    config,
  };
}

/** HTTP has no body in these. */
function hasBody(status: number, { method }: InternalAxiosRequestConfig): boolean {
  return status !== 204 && status !== 304 && method?.toUpperCase() !== 'HEAD';
}

function bytesOf(content: unknown): Buffer {
  if (content === undefined || content === null) return Buffer.alloc(0);
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

function contentTypeOf(content: unknown): string {
  if (content instanceof Uint8Array) return 'application/octet-stream';
  return typeof content === 'string' ? 'text/plain' : 'application/json';
}

function dataOf(bytes: Buffer, { responseType }: InternalAxiosRequestConfig): unknown {
  if (responseType === 'stream') return Readable.from(bytes.length === 0 ? [] : [bytes]);
  return responseType === 'arraybuffer' ? bytes : bytes.toString();
}
