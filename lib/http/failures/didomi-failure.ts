import { isAxiosError, isCancel, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DidomiApiError } from '../../errors/didomi-api.error.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { DidomiTransportError, type DidomiTransportReason } from '../../errors/didomi-transport.error.js';
import { lowerCased } from '../../headers/lower-cased.js';
import { readRetryAfterMs } from '../../headers/retry-after.js';
import { bearerOf } from '../bearer/bearer.js';
import { readErrorEnvelope } from './error-envelope.js';
import { readRateLimit } from '../../headers/rate-limit.js';
import { abortedError } from '../request/cancellation.js';
import { requestFacts } from '../request/request-facts.js';

/** What an error cannot know from answer and request. */
export interface FailureContext {
  readonly attempts: number;
  readonly now: number;
  readonly note?: string | undefined;
  readonly cause?: DidomiApiError | undefined;
}

/** What the request itself is to blame for: it cannot be sent as it is. */
const BAD_REQUEST_CODES = new Set(['ERR_BAD_OPTION', 'ERR_BAD_OPTION_VALUE', 'ERR_INVALID_URL', 'ERR_NOT_SUPPORT']);

const REASONS: Readonly<Record<string, DidomiTransportReason>> = {
  ECONNABORTED: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EPROTO: 'tls',
  // Those of fetch.
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_SOCKET: 'reset',
};
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|ISSUER/;

/** The error for an answer without success. */
export function apiError(response: AxiosResponse<unknown>, context: FailureContext): DidomiApiError {
  const { status, data } = response;
  const config: InternalAxiosRequestConfig = response.config;
  const headers = lowerCased(response.headers);
  const { method, path } = requestFacts(config);
  const envelope = readErrorEnvelope(data, bearerOf(config));
  const contentType = mediaType(headers['content-type']);
  const said = envelope.message ?? `no message${contentType === undefined ? '' : `, ${contentType}`}`;
  return new DidomiApiError({
    status,
    method,
    path,
    attempts: context.attempts,
    message: `${method} ${path} was answered with ${status}: ${said}${noted(context.note)}`,
    didomiName: envelope.name,
    errors: envelope.errors,
    contentType,
    retryAfterMs: readRetryAfterMs(status, headers, context.now),
    rateLimit: readRateLimit(headers, context.now),
    cause: context.cause,
  });
}

/** The error for a request that got no answer, or none that could be read. */
export function transportError(
  error: unknown,
  config: InternalAxiosRequestConfig | undefined,
  { attempts, note }: Pick<FailureContext, 'attempts' | 'note'>,
): DidomiRequestError | DidomiTransportError {
  // Axios wraps what the query serializer throws.
  const { cause } = (error ?? {}) as { cause?: unknown };
  if (cause instanceof DidomiRequestError) return cause;
  if (isCancel(error)) return abortedError(config, attempts);
  const { method, path } = requestFacts(config);
  const systemCode = codeOf(error);
  if (systemCode !== undefined && BAD_REQUEST_CODES.has(systemCode)) {
    return new DidomiRequestError(`${method} ${path} cannot be sent as it is (${systemCode}): check its configuration`);
  }
  const reason = reasonOf(error, systemCode);
  const message = `${method} ${path} got no answer: ${reason}${systemCode === undefined ? '' : ` (${systemCode})`}${noted(note)}`;
  return new DidomiTransportError({ reason, method, path, attempts, message, systemCode });
}

/** Why no answer came. */
export function reasonOf(error: unknown, systemCode = codeOf(error)): DidomiTransportReason {
  if (isCancel(error)) return 'aborted';
  if (systemCode === undefined) return 'unknown';
  // Axios reports a connection that broke in the middle of an answer as a bad answer.
  if (systemCode === 'ERR_BAD_RESPONSE' && isAxiosError(error) && error.message.includes('aborted')) return 'reset';
  return REASONS[systemCode] ?? (TLS_CODE.test(systemCode) ? 'tls' : 'unknown');
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  // The adapter for fetch says so of every failure, and keeps which one it was.
  if (code === 'ERR_NETWORK') return codeOf(cause) ?? code;
  return typeof code === 'string' ? code : undefined;
}

function mediaType(header: unknown): string | undefined {
  return typeof header === 'string' ? header.split(';', 1)[0]?.trim() : undefined;
}

function noted(note: string | undefined): string {
  return note === undefined ? '' : ` (${note})`;
}
