import { readHttpDate } from '../headers/http-date.js';
import { lowerCased } from '../headers/lower-cased.js';
import { redirectOriginOf } from '../headers/redirect-origin.js';
import { readRetryAfterMs } from '../headers/retry-after.js';
import { mediaTypeOf } from './media-type.js';
import { accessTokenOf, isDidomiErrorBody, readJsonObject } from './sessions-body.js';
import { isDocumentedPath, type SessionsEndpoint } from './sessions.endpoint.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** An answer to a token request, from whatever adapter. */
export interface SessionsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What an answer brings if it is a success. */
export interface SessionsGrant {
  readonly accessToken: string;
  /** The server's clock, in milliseconds since the epoch; absent if the answer does not tell it. */
  readonly serverTime: number | undefined;
}

const KEYS_HINT = "Didomi's console lists the keys under Settings > Private API keys";
const IN_FRONT = 'Check baseURL, and what stands in front of it: a proxy, a gateway or a firewall';

/**
 * The access token of an answer to a token request, or why there is none. Messages quote nothing of the body, which may echo the
 * credentials, and of the headers only what is known to be harmless.
 *
 * @param now local time in milliseconds since the epoch.
 */
export function readSessionsAnswer(
  { status, headers, body }: SessionsAnswer,
  endpoint: SessionsEndpoint,
  now: number,
): SessionsGrant | TokenRequestFailure {
  const known = lowerCased(headers);
  const json = readJsonObject(body);
  if (status >= 200 && status < 300) {
    const accessToken = accessTokenOf(json);
    if (accessToken !== undefined) return { accessToken, serverTime: readHttpDate(known['date']) };
    const what = `answered the token request with ${status} (${mediaTypeOf(known)}) but without a usable access token`;
    return new TokenRequestFailure('malformed', `${endpoint.host} ${what}. ${IN_FRONT}`, { status });
  }
  const retryAfterMs = readRetryAfterMs(status, known, now);
  if (status === 429) {
    const message = `${endpoint.host} throttles token requests (status 429)`;
    return new TokenRequestFailure('throttled', message, { status, retryAfterMs });
  }
  // 408 and 425 ask for the same request once more.
  if (status >= 500 || status === 408 || status === 425) {
    const message = `${endpoint.host} is unavailable (status ${status})`;
    return new TokenRequestFailure('unavailable', message, { status, retryAfterMs, isTransient: true });
  }
  const isDidomi = isDidomiErrorBody(json, status);
  if (isRejection(status, isDidomi, json !== undefined)) {
    return new TokenRequestFailure('rejected', rejection(status, endpoint), { status });
  }
  const text = isDidomi ? refusal(status, endpoint) : foreign(status, known, endpoint);
  return new TokenRequestFailure('misconfigured', text, { status });
}

/** Only Didomi can reject credentials: what a firewall or gateway answers says nothing about them. */
function isRejection(status: number, isDidomi: boolean, isJson: boolean): boolean {
  if (status === 400 || status === 401) return isJson;
  return (status === 403 || status === 422) && isDidomi;
}

function rejection(status: number, endpoint: SessionsEndpoint): string {
  const path = isDocumentedPath(endpoint)
    ? ''
    : `, and the path of baseURL (the token request went to ${endpoint.path})`;
  return `Didomi rejected the API key and secret (status ${status}). Check apiKey and apiSecret${path}; ${KEYS_HINT}`;
}

function refusal(status: number, { host, path }: SessionsEndpoint): string {
  const what =
    status === 404 ? `has no ${path} (status 404)` : `does not accept token requests at ${path} (status ${status})`;
  return `${host} ${what}. Check the path of baseURL, which is /v1 at Didomi`;
}

function foreign(status: number, headers: SessionsAnswer['headers'], { host, origin }: SessionsEndpoint): string {
  if (status >= 300 && status < 400) {
    const target = redirectOriginOf(headers, origin);
    const where = target === undefined ? '' : ` to ${target}`;
    return `${host} redirected the token request${where} (status ${status}). Redirects are not followed, because the request holds the API secret. ${IN_FRONT}`;
  }
  const what = `answered the token request with ${status} (${mediaTypeOf(headers)}), which is not Didomi's error format`;
  const hint =
    status === 407 ? 'A proxy asks for a user name and password: check axios.proxy or HTTPS_PROXY' : IN_FRONT;
  return `${host} ${what}. ${hint}`;
}
