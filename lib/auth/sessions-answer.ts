import { TokenRequestFailure } from './token-request-failure.js';
import { readRetryAfterMs } from '../headers/retry-after.js';

/** What Didomi's answer consists of, whatever adapter it came through. */
export interface SessionsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Characters a bearer may consist of (RFC 6750, section 2.1): anything else would break the header. */
const BEARER = /^[\w\-.~+/]+=*$/;

const KEYS_HINT = "Didomi's console lists the keys under Settings > Private API keys";

/**
 * The access token of an answer to a token request, or why there is none. The status decides, never the body's words, and
 * the body is not quoted: it may echo the credentials.
 */
export function readAccessToken(answer: SessionsAnswer, now: number): string | TokenRequestFailure {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const accessToken = accessTokenOf(answer.body);
    return (
      accessToken ??
      new TokenRequestFailure('malformed', `Didomi answered ${status} without a usable access token`, { status })
    );
  }
  if ([400, 401, 403, 422].includes(status)) {
    return new TokenRequestFailure(
      'rejected',
      `Didomi rejected the API key and secret (status ${status}). Check apiKey and apiSecret; ${KEYS_HINT}`,
      { status },
    );
  }
  if (status === 429) {
    return new TokenRequestFailure('throttled', 'Didomi throttles token requests (status 429)', {
      status,
      retryAfterMs: readRetryAfterMs(status, answer.headers, now),
    });
  }
  // 408 and 425 ask for the same request once more: the opposite of a wrong address.
  if (status >= 500 || status === 408 || status === 425) {
    return new TokenRequestFailure('unavailable', `Didomi is unavailable (status ${status})`, { status });
  }
  if (status >= 300 && status < 400) {
    return new TokenRequestFailure(
      'misconfigured',
      `The token request was redirected (status ${status}) and not followed, because it holds the API secret. Check baseURL`,
      { status },
    );
  }
  return new TokenRequestFailure('misconfigured', `The token request was answered with ${status}. Check baseURL`, {
    status,
  });
}

function accessTokenOf(body: unknown): string | undefined {
  const parsed = typeof body === 'string' ? parse(body) : body;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const accessToken: unknown = (parsed as { access_token?: unknown }).access_token;
  return typeof accessToken === 'string' && BEARER.test(accessToken) ? accessToken : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
