import type { SessionsEndpoint } from './sessions.endpoint.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** An error code as Node.js and OpenSSL write them. Anything else could be text with a secret in it. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;

/** The codes of OpenSSL and Node.js for a certificate that is not accepted. */
const CERTIFICATE = /CERT|^UNABLE_TO_|^INVALID_|^HOSTNAME_MISMATCH$/;

/** Beside a certificate: no TLS, an answer that is no HTTP, a request that cannot be made. The next attempt would fail as well. */
const LASTING = /^EPROTO$|^ERR_SSL_|^HPE_|^ERR_INVALID_|^ERR_BAD_OPTION/;

/** Why a token request got no answer. Nothing of the error but its code is repeated. */
export function readSessionsError(error: unknown, { host }: SessionsEndpoint): TokenRequestFailure {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  // Axios has no code of its own for it.
  if (typeof message === 'string' && message.startsWith('maxContentLength')) {
    const text = `${host} answered the token request with more than any access token needs. Check baseURL and proxies`;
    return new TokenRequestFailure('malformed', text);
  }
  const known = typeof code === 'string' && ERROR_CODE.test(code) ? code : undefined;
  const text = `No answer from ${host} to the token request${known === undefined ? '' : ` (${known})`}${hintFor(known)}`;
  return new TokenRequestFailure('unavailable', text, { isTransient: known === undefined || !isLasting(known) });
}

function isLasting(code: string): boolean {
  return CERTIFICATE.test(code) || LASTING.test(code);
}

function hintFor(code: string | undefined): string {
  if (code === 'ENOTFOUND') return '. Check baseURL, or the name server';
  if (code === undefined || !CERTIFICATE.test(code)) return '';
  return '. Its certificate is not accepted: check baseURL, and NODE_EXTRA_CA_CERTS if a proxy inspects TLS';
}
