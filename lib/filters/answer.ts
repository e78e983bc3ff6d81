import { STATUS_CODES } from 'node:http';
import { isDidomiApiError } from '../errors/guards.js';
import type { DidomiError } from '../errors/didomi.error.js';
import { INTERNAL_SERVER_ERROR, statusFor } from './answer-status.js';
import type { DidomiExceptionResponse } from './didomi-exception-filter-options.interface.js';
import { jsonOf } from './json.js';

/** Where the reason phrase of the status is not all there is to say. */
const MESSAGES: Readonly<Record<number, string>> = {
  429: 'Too Many Requests, try again later',
  // As Nest writes it.
  [INTERNAL_SERVER_ERROR]: 'Internal server error',
  503: 'Service Unavailable, try again later',
};
const RETRY_LATER: ReadonlySet<number> = new Set([429, 503]);
/** Clients obey this header: a wrong one must not keep them away for days. */
const MAX_RETRY_AFTER_SECONDS = 3_600;

export type Answer = Required<DidomiExceptionResponse>;

/** The usual answer to an error. */
export function usualAnswer(error: DidomiError): Answer {
  return answerWith({ status: statusFor(error) }, error);
}

/**
 * The answer that the application has chosen, completed by what it has left out.
 *
 * @throws TypeError if it is none.
 */
export function chosenAnswer(chosen: unknown, error: DidomiError): Answer {
  const { status } = Object(chosen) as { readonly status?: unknown };
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
    throw new TypeError('respond() must return undefined or { status, body, headers } with a status from 200 to 599');
  }
  return answerWith(chosen as DidomiExceptionResponse, error);
}

function answerWith({ status, body, headers }: DidomiExceptionResponse, error: DidomiError): Answer {
  return { status, body: body ?? bodyFor(status, error), headers: { ...retryAfter(status, error), ...headers } };
}

function bodyFor(status: number, error: DidomiError): object {
  const reason = STATUS_CODES[status] ?? 'Error';
  const body = { statusCode: status, message: MESSAGES[status] ?? reason, error: reason };
  const isInvalid = status === 422 && isDidomiApiError(error) && jsonOf(error.errors) !== undefined;
  return isInvalid ? { ...body, errors: error.errors } : body;
}

function retryAfter(status: number, error: DidomiError): Record<string, string> {
  const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
  if (!RETRY_LATER.has(status) || typeof retryAfterMs !== 'number' || !(retryAfterMs >= 0)) return {};
  return { 'Retry-After': String(Math.min(Math.ceil(retryAfterMs / 1_000), MAX_RETRY_AFTER_SECONDS)) };
}
