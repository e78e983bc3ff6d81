import type { AxiosResponse } from 'axios';
import { readRetryAfterMs } from '../../headers/retry-after.js';
import { networkFailure } from '../../connection/network-failure.js';
import type { ApiRequest } from '../request/api-request.js';
import type { Answer } from '../response/answer.js';
import { BAD_GATEWAY, GATEWAY_TIMEOUT, SERVICE_UNAVAILABLE, TOO_MANY_REQUESTS } from './status.js';

const UNAVAILABLE = new Set([BAD_GATEWAY, SERVICE_UNAVAILABLE, GATEWAY_TIMEOUT]);
const REPEATABLE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'PUT', 'DELETE']);
const EVENTS = /^\/consents\/events\/?$/;
const FIRST_BACK_OFF_MS = 500;
/** A back-off of half a minute at the most. */
const MAX_DOUBLINGS = 7;

/**
 * How long to wait before a request is sent again, in milliseconds; undefined if it must not be, or if that is of no use.
 *
 * @param now wall-clock time.
 */
export function retryDelayMs(request: ApiRequest, answer: Answer, now: number): number | undefined {
  const { response } = answer;
  const askedMs = response && readRetryAfterMs(response.status, response.headers, now);
  // Full jitter: what failed together must not come back together.
  const isThrottled = response?.status === TOO_MANY_REQUESTS;
  const failures = isThrottled ? request.throttled : request.countedAttempts;
  const backOffMs = Math.random() * FIRST_BACK_OFF_MS * 2 ** Math.max(0, Math.min(failures, MAX_DOUBLINGS) - 1);
  // After a 429 any method may be sent again, since Didomi has done nothing.
  if (!isThrottled && !(isTransient(answer) && isSafeTwice(request))) return undefined;
  // A wait of 0 s is one that was rounded down.
  if (!askedMs) return isThrottled ? FIRST_BACK_OFF_MS + backOffMs : backOffMs;
  // The rate limit lets the counted ones through one after the other.
  if (isThrottled && request.isCounted) return askedMs;
  // Jitter on top of what Didomi asks for makes no wait too long that was short enough.
  return Math.min(askedMs + backOffMs, Math.max(askedMs, request.waitLeftMs));
}

/** Whether Didomi may have carried out a request that failed like this. */
export function isUncertain({ response, error }: Answer): boolean {
  if (response !== undefined) return response.status === BAD_GATEWAY || response.status === GATEWAY_TIMEOUT;
  const { reason } = networkFailure(error);
  return reason !== 'refused' && reason !== 'dns' && reason !== 'tls';
}

function isTransient({ response, error }: Answer): boolean {
  if (response !== undefined) return UNAVAILABLE.has(response.status);
  return networkFailure(error).isTransient;
}

function isSafeTwice({ config, route }: ApiRequest): boolean {
  const method = methodOf(config);
  return REPEATABLE_METHODS.has(method) || (method === 'POST' && EVENTS.test(route) && hasOwnIds(config.data));
}

/** Whether a request changes something at Didomi. */
export function hasEffect({ config }: Pick<AxiosResponse, 'config'>): boolean {
  return !['GET', 'HEAD', 'OPTIONS', 'QUERY'].includes(methodOf(config));
}

function methodOf({ method = 'get' }: { readonly method?: string }): string {
  return method.toUpperCase();
}

/** Didomi records an event with an `id` once, however often it is sent. */
function hasOwnIds(body: unknown): boolean {
  if (typeof body !== 'string') return false;
  try {
    const parsed: unknown = JSON.parse(body);
    const events: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return events.length > 0 && events.every(hasOwnId);
  } catch {
    return false;
  }
}

function hasOwnId(event: unknown): boolean {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'id')) return false;
  const { id } = event as { id?: unknown };
  return typeof id === 'string' && id !== '';
}
