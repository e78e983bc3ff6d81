import { isAxiosError, isCancel } from 'axios';
import type { DidomiTransportReason } from '../errors/didomi-transport.error.js';
import { codeOf } from './error-code.js';
import { isMistake, isMistakeCode, isProgrammingError } from './mistake.js';
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
  // HTTP/2: the server has closed the stream, or its session.
  UND_ERR_INFO: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_SOCKET: 'reset',
  // The body of the request, a stream, was closed before its end.
  UND_ERR_ABORTED: 'aborted',
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
/** As OpenSSL and Node.js name them: https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const TLS_CODE =
  /CERT|TLS|SSL|SIGNATURE|ISSUER|CRL|^(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|OCSP_)/;
/** Malformed responses: Node's parser, a body that cannot be decompressed, one that is too large. The next one would be, too. */
const MALFORMED_CODE =
  /^(?:HPE_|Z_|ERR_BAD_RESPONSE$|ERR_BUFFER_TOO_LARGE$|ERR_ENCODING|ERR_UNKNOWN_ENCODING$|UND_ERR_(?:HEADERS_OVERFLOW|RES))/;

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
  const isOfNoUse = reason === 'tls' || reason === 'aborted' || isMalformed(systemCode, reason);
  return { reason, systemCode, isTransient: !isOfNoUse && !isMistake(error) && !isProgrammingError(error) };
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
  if (HTTP2_CODE.test(systemCode)) return isMistakeCode(systemCode) ? 'unknown' : 'reset';
  return TLS_CODE.test(systemCode) ? 'tls' : 'unknown';
}

function isMalformed(systemCode: string | undefined, reason: DidomiTransportReason): boolean {
  return systemCode !== undefined && reason === 'unknown' && MALFORMED_CODE.test(systemCode);
}
