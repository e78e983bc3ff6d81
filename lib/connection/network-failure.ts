import { isAxiosError, isCancel } from 'axios';
import type { DidomiTransportReason } from '../errors/didomi-transport.error.js';
import { isDidomiError } from '../errors/guards.js';
import { ProxyTunnelError } from './proxy-tunnel.error.js';
import { InsecureAnswerError } from './secure-answer.js';

/** Codes of Node.js, c-ares and undici. What is not listed is `unknown`, and transient all the same. */
const REASONS: Readonly<Record<string, DidomiTransportReason>> = {
  ECONNABORTED: 'timeout',
  ETIMEDOUT: 'timeout',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ENETRESET: 'reset',
  EPIPE: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  UND_ERR_SOCKET: 'reset',
  EADDRNOTAVAIL: 'refused',
  ECONNREFUSED: 'refused',
  EHOSTDOWN: 'refused',
  EHOSTUNREACH: 'refused',
  ENETDOWN: 'refused',
  ENETUNREACH: 'refused',
  ERR_INSECURE_ANSWER: 'tls',
  ENODATA: 'dns',
  ENONAME: 'dns',
  ENOTFOUND: 'dns',
  ENOTIMP: 'dns',
  EBADRESP: 'dns',
  EFORMERR: 'dns',
  EREFUSED: 'dns',
  ESERVFAIL: 'dns',
  ETIMEOUT: 'dns',
  EPROTO: 'tls',
};
/** What a proxy answers that cannot reach the server for the moment. */
const UNAVAILABLE = new Set([502, 503, 504]);
const DNS_CODE = /^EAI_/;
const HTTP2_CODE = /^ERR_HTTP2_/;
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|ISSUER/;
/** Malformed responses: Node's parser, a body that cannot be decompressed, one that is too large. The next one would be, too. */
const MALFORMED_CODE = /^(?:HPE_|Z_|ERR_BAD_RESPONSE$|ERR_BUFFER_TOO_LARGE$|ERR_ENCODING|UND_ERR_RES_)/;

/** What is known of an attempt that got no response, or none that could be read to its end. */
export interface NetworkFailure {
  readonly reason: DidomiTransportReason;
  /** Absent if there is none. */
  readonly systemCode: string | undefined;
  /** Whether another attempt may succeed. */
  readonly isTransient: boolean;
}

export function networkFailure(error: unknown): NetworkFailure {
  const tunnel = tunnelError(error);
  if (tunnel !== undefined) return tunnelFailure(tunnel);
  const systemCode = codeOf(error);
  const reason = reasonOf(error, systemCode);
  const isOfNoUse = reason === 'tls' || reason === 'aborted' || isMalformed(systemCode, reason) || isMistake(error);
  // What comes from the network has a code. An error without one was made by an adapter.
  return { reason, systemCode, isTransient: systemCode !== undefined && !isOfNoUse };
}

/** What a failure of the library's own connections says of itself. It names hosts, ports and a status, and nothing secret. */
export function connectionMessage(error: unknown): string | undefined {
  return error instanceof InsecureAnswerError ? error.message : tunnelError(error)?.message;
}

function tunnelError(error: unknown): ProxyTunnelError | undefined {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return [error, cause].find((candidate) => candidate instanceof ProxyTunnelError);
}

function tunnelFailure({ code, status, systemCode }: ProxyTunnelError): NetworkFailure {
  const reason = (systemCode === undefined ? undefined : REASONS[systemCode]) ?? 'refused';
  return { reason, systemCode: code, isTransient: status === undefined || UNAVAILABLE.has(status) };
}

function reasonOf(error: unknown, systemCode: string | undefined): DidomiTransportReason {
  if (isCancel(error)) return 'aborted';
  if (systemCode === undefined) return 'unknown';
  // Axios reports a connection that broke in the middle of a response as a bad response.
  if (systemCode === 'ERR_BAD_RESPONSE' && isAxiosError(error) && error.message.includes('aborted')) return 'reset';
  if (Object.hasOwn(REASONS, systemCode)) return REASONS[systemCode]!;
  if (DNS_CODE.test(systemCode)) return 'dns';
  if (HTTP2_CODE.test(systemCode)) return 'reset';
  return TLS_CODE.test(systemCode) ? 'tls' : 'unknown';
}

function isMalformed(systemCode: string | undefined, reason: DidomiTransportReason): boolean {
  return systemCode !== undefined && reason === 'unknown' && MALFORMED_CODE.test(systemCode);
}

/** What Node.js and Axios refuse before there is a request. */
const BAD_REQUEST_CODE =
  /^ERR_(?:BAD_OPTION|BAD_REQUEST|FORM_DATA|INVALID_|NOT_SUPPORT|OUT_OF_RANGE|SOCKET_BAD_PORT|UNESCAPED_)/;

/**
 * A mistake of the caller, or in the code of an adapter: it cannot be sent as it is. `fetch` throws a TypeError for the network,
 * too, but with a cause; and Axios gives no code to what it refuses while it chooses an adapter or writes a form.
 */
export function isMistake(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: unknown };
  if (isDidomiError(cause)) return true;
  const code = codeOf(error);
  if (code !== undefined) return BAD_REQUEST_CODE.test(code);
  const isProgrammingError = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
  return (isProgrammingError || isAxiosError(error)) && error.cause === undefined;
}

/** The code that tells most: the adapter for fetch gives the same one to every failure, and keeps which one it was. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  const inner = cause !== undefined && (code === undefined || code === 'ERR_NETWORK') ? codeOf(cause) : undefined;
  return inner ?? (typeof code === 'string' ? code : undefined);
}
