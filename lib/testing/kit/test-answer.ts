import { Readable } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { DidomiTransportReason } from '../../errors/didomi-transport.error.js';
import { failure } from '../fake-didomi/basics/envelopes.js';

/**
 * Status and headers of an answer, where they are not the usual ones.
 *
 * @publicApi
 */
export interface DidomiTestAnswerOptions {
  /**
   * HTTP status.
   *
   * @default 200
   */
  readonly status?: number;
  /** Headers; the content type follows from the body unless it is given here. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Why no answer comes: what a {@link DidomiTransportReason} can be by the network's doing.
 *
 * @publicApi
 */
export type DidomiTestFailure = Exclude<DidomiTransportReason, 'aborted' | 'unknown'>;

/** By which errors Axios reports them. */
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

/**
 * The response of an adapter: a string goes out as it is, undefined and null as nothing, anything else as JSON. A status of 400
 * or more without a body gets Didomi's error envelope.
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
  const isText = typeof content === 'string';
  const text = content === undefined || content === null ? '' : isText ? content : JSON.stringify(content);
  const sent = new AxiosHeaders(text === '' ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' });
  // In lower case, as Node.js hands them to Axios.
  for (const [name, value] of Object.entries(headers)) sent.set(name.toLowerCase(), value);
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: sent,
    data: dataOf(text, config),
    config,
  };
}

function dataOf(text: string, { responseType }: InternalAxiosRequestConfig): unknown {
  if (responseType === 'stream') return Readable.from(text === '' ? [] : [Buffer.from(text)]);
  return responseType === 'arraybuffer' ? Buffer.from(text) : text;
}
