import { Catch, Logger, Optional, type ArgumentsHost, type HttpServer } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { STATUS_CODES } from 'node:http';
import type { DidomiError } from '../errors/didomi.error.js';
import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';
import type { DidomiTransportReason } from '../errors/didomi-transport.error.js';
import {
  isDidomiApiError,
  isDidomiAuthenticationError,
  isDidomiError,
  isDidomiRequestError,
  isDidomiTransportError,
} from '../errors/guards.js';

/**
 * What the application answers to its own caller.
 *
 * @publicApi
 */
export interface DidomiExceptionResponse {
  /** HTTP status. */
  readonly status: number;

  /**
   * Body of the answer.
   *
   * @default Nest's `{ statusCode, message, error }` for the status, without anything of the error
   */
  readonly body?: unknown;

  /** Headers beside, or in place of, the `Retry-After` that a 429 or 503 has by itself. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How {@link DidomiExceptionFilter} can be changed.
 *
 * @publicApi
 */
export interface DidomiExceptionFilterOptions {
  /** Chooses the answer to an error; undefined for the usual one. */
  readonly respond?: (error: DidomiError) => DidomiExceptionResponse | undefined;
}

const BAD_GATEWAY = 502;
const INTERNAL_SERVER_ERROR = 500;

/** The statuses of Didomi that mean something to the caller of the application; any other is a bad gateway. */
const API_STATUSES: Readonly<Record<number, number>> = { 400: 422, 404: 404, 409: 409, 422: 422, 429: 429, 503: 503 };
const AUTHENTICATION_STATUSES: Readonly<Record<DidomiAuthenticationReason, number>> = {
  rejected: BAD_GATEWAY,
  misconfigured: BAD_GATEWAY,
  malformed: BAD_GATEWAY,
  throttled: 503,
  unavailable: 503,
  closed: 503,
};
/** Those of a bad gateway are left out. */
const TRANSPORT_STATUSES: { readonly [reason in DidomiTransportReason]?: number } = { timeout: 504, aborted: 503 };

const MESSAGES: Readonly<Record<number, string>> = {
  404: 'Didomi does not know it',
  409: 'Didomi has it already, or a newer version of it',
  422: 'Didomi does not accept it',
  429: 'Didomi is asked too often, try again later',
  500: 'Internal server error',
  502: 'Didomi cannot be used',
  503: 'Didomi cannot be used for the moment, try again later',
  504: 'Didomi did not answer in time',
};
/** Where `Retry-After` has a meaning. */
const RETRY_LATER = new Set([429, 503]);

/** Stands for `DidomiError` in `@Catch()`, and for that of another copy of this package, too. */
class DidomiErrorOfAnyCopy {
  static [Symbol.hasInstance](error: unknown): boolean {
    return isDidomiError(error);
  }
}

/**
 * Turns the errors of this library into HTTP answers of the application. They tell whether it is worth trying again, but
 * neither path, organization nor host, and nothing that Didomi said, except for the `errors` of something it finds invalid:
 *
 * | error | answer |
 * |---|---|
 * | Didomi answered 404 | 404 |
 * | Didomi answered 409: an id that exists already, or a version that is no longer the last | 409 |
 * | Didomi answered 400 or 422 | 422 with its `errors` |
 * | Didomi answered 429, or the rate limit would have had the request wait too long | 429 with `Retry-After` |
 * | Didomi answered 503; no access token for now; given up by its caller | 503, with `Retry-After` if that is known |
 * | no answer in time | 504 |
 * | any other answer or failed connection; Didomi rejects the API key | 502 |
 * | a request or registration that cannot work | 500 |
 *
 * Each 5xx is one line in the log. What is not HTTP (microservices, GraphQL) is left to Nest, as if there were no filter.
 *
 * @example
 * { provide: APP_FILTER, useClass: DidomiExceptionFilter } // among the providers of a module
 * app.useGlobalFilters(new DidomiExceptionFilter(app.get(HttpAdapterHost).httpAdapter, { respond })); // or with options
 *
 * @publicApi
 */
@Catch(DidomiErrorOfAnyCopy)
export class DidomiExceptionFilter extends BaseExceptionFilter<DidomiError> {
  readonly #logger = new Logger('DidomiExceptionFilter');
  readonly #options: DidomiExceptionFilterOptions;

  /** @param applicationRef the HTTP adapter; only where Nest does not create the filter. */
  constructor(@Optional() applicationRef?: HttpServer, @Optional() options: DidomiExceptionFilterOptions = {}) {
    super(applicationRef);
    this.#options = options;
  }

  override catch(error: DidomiError, host: ArgumentsHost): void {
    const type = host.getType<string>();
    if (type === 'http') this.#answer(error, host);
    else if (type === 'ws') this.#answerSocket(error, host);
    // Elsewhere Nest takes a filter that returns nothing for none, and does what it always does.
  }

  #answer(error: DidomiError, host: ArgumentsHost): void {
    const { status, body, headers } = this.#options.respond?.(error) ?? { status: statusFor(error) };
    if (status >= INTERNAL_SERVER_ERROR) this.#log(`Answered ${status}`, error);
    const application = (this.applicationRef ?? this.httpAdapterHost?.httpAdapter)!;
    const response: unknown = host.getArgByIndex(1);
    if (application.isHeadersSent(response)) {
      application.end(response);
      return;
    }
    for (const [name, value] of Object.entries({ ...retryAfter(status, error), ...headers })) {
      application.setHeader(response, name, value);
    }
    application.reply(response, body ?? bodyFor(status, error), status);
  }

  /** A gateway has no other filter to fall back on, and what is thrown here would end the process. This is Nest's own way. */
  #answerSocket(error: DidomiError, host: ArgumentsHost): void {
    this.#log('Answered an exception', error);
    const client = host.switchToWs().getClient<{ emit?(event: string, payload: object): void }>();
    client.emit?.('exception', { status: 'error', message: MESSAGES[INTERNAL_SERVER_ERROR] });
  }

  #log(what: string, { name, message }: DidomiError): void {
    // One line, whatever Didomi put into the message.
    this.#logger.error(`${what}: ${name}: ${message.replaceAll(/\s+/g, ' ')}`);
  }
}

function statusFor(error: DidomiError): number {
  if (isDidomiApiError(error)) return API_STATUSES[error.status] ?? BAD_GATEWAY;
  if (isDidomiTransportError(error)) return TRANSPORT_STATUSES[error.reason] ?? BAD_GATEWAY;
  // An error of another copy may have a reason that this one does not know.
  if (isDidomiAuthenticationError(error)) return AUTHENTICATION_STATUSES[error.reason] ?? BAD_GATEWAY;
  if (isDidomiRequestError(error) && error.retryAfterMs !== undefined) return 429;
  return INTERNAL_SERVER_ERROR;
}

function bodyFor(status: number, error: DidomiError): object {
  const reason = STATUS_CODES[status] ?? 'Error';
  const body = { statusCode: status, message: MESSAGES[status] ?? reason, error: reason };
  const isInvalid = status === 422 && isDidomiApiError(error) && error.errors !== undefined;
  return isInvalid ? { ...body, errors: error.errors } : body;
}

function retryAfter(status: number, error: DidomiError): Record<string, string> {
  const { retryAfterMs } = error as { retryAfterMs?: number };
  if (retryAfterMs === undefined || !RETRY_LATER.has(status)) return {};
  return { 'Retry-After': String(Math.ceil(retryAfterMs / 1_000)) };
}
