import type { InternalAxiosRequestConfig } from 'axios';
import { readRetryAfterMs } from '../../headers/retry-after.js';
import type { Answer } from './answer.js';
import { reasonOf } from '../failures/didomi-failure.js';
import type { DidomiRoutes } from '../request/didomi-routes.js';

const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = new Set([502, 503, 504]);
const REPEATABLE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'PUT', 'DELETE']);
const REPEATABLE_FAILURES = new Set(['timeout', 'reset', 'refused', 'dns']);
const EVENTS = /^\/consents\/events\/?$/;
const FIRST_BACK_OFF_MS = 500;

/** A status that another attempt may change. */
export function isTransient(status: number | undefined): boolean {
  return status === TOO_MANY_REQUESTS || (status !== undefined && UNAVAILABLE.has(status));
}

/**
 * How long to wait before a request is sent again, in milliseconds; undefined if it must not be, or if that is of no use.
 *
 * @param attempts how many were made.
 * @param maxWaitMs longest wait that is of use.
 */
export function retryDelayMs(
  config: InternalAxiosRequestConfig,
  routes: DidomiRoutes,
  answer: Answer,
  attempts: number,
  maxWaitMs: number,
  now: number,
): number | undefined {
  const askedMs = readRetryAfterMs(answer.status, answer.headers, now);
  // Full jitter: what failed together must not come back together.
  const backOffMs = Math.random() * FIRST_BACK_OFF_MS * 2 ** (attempts - 1);
  // Nothing was done, so whatever it was may be asked again. To ask for no wait at all is to round down.
  if (answer.status === TOO_MANY_REQUESTS) return askedMs || FIRST_BACK_OFF_MS + backOffMs;
  const { status } = answer;
  const mayPass = status === undefined ? REPEATABLE_FAILURES.has(reasonOf(answer.error)) : UNAVAILABLE.has(status);
  if (!mayPass || !mayHappenTwice(config, routes)) return undefined;
  // All who were asked to come back at the same moment do not. That makes no wait too long that was short enough.
  return askedMs ? Math.min(askedMs + backOffMs, Math.max(askedMs, maxWaitMs)) : backOffMs;
}

function mayHappenTwice(config: InternalAxiosRequestConfig, routes: DidomiRoutes): boolean {
  const method = (config.method ?? 'get').toUpperCase();
  return (
    REPEATABLE_METHODS.has(method) || (method === 'POST' && EVENTS.test(routes.of(config)) && hasOwnIds(config.data))
  );
}

/** Didomi takes an event with an `id` once, however often it is sent. */
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
  const id = (event as { id?: unknown } | null)?.id;
  return typeof id === 'string' && id !== '';
}
