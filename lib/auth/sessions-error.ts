import { isSystemCode } from '../connection/error-code.js';
import { connectionMessage, networkFailure } from '../connection/network-failure.js';
import type { DidomiTransportReason } from '../errors/didomi-transport.error.js';
import type { SessionsEndpoint } from './sessions.endpoint.js';
import { TokenRequestFailure } from './token-request-failure.js';

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\]):/;

/** Why a token request got no answer. Nothing of the error but its code is repeated. */
export function readSessionsError(error: unknown, { host }: SessionsEndpoint): TokenRequestFailure {
  const { message } = (error ?? {}) as { message?: unknown };
  // Axios has no code of its own for it.
  if (typeof message === 'string' && message.startsWith('maxContentLength')) {
    const text = `${host} answered the token request with more than any access token needs. Check baseURL and proxies`;
    return new TokenRequestFailure('malformed', text);
  }
  const { reason, systemCode, isTransient } = networkFailure(error);
  const known = isSystemCode(systemCode) ? systemCode : undefined;
  const facts = connectionMessage(error) ?? known;
  const text = `No answer from ${host} to the token request${facts === undefined ? '' : ` (${facts})`}${hintFor(reason, host)}`;
  return new TokenRequestFailure('unavailable', text, { isTransient: systemCode === undefined || isTransient });
}

function hintFor(reason: DidomiTransportReason, host: string): string {
  if (reason === 'refused') {
    const fake = LOOPBACK.test(host) ? ', or start the fake of Didomi: npx nestjs-didomi-fake' : '';
    return `. Nothing listens there: check baseURL${fake}`;
  }
  if (reason === 'dns') return '. Check baseURL, or the name server';
  if (reason !== 'tls') return '';
  return '. Its certificate is not accepted: check baseURL, and NODE_EXTRA_CA_CERTS if a proxy inspects TLS';
}
