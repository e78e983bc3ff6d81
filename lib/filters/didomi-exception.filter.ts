import { Catch, Logger, Optional, type ArgumentsHost, type HttpServer } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { DidomiError } from '../errors/didomi.error.js';
import { isDidomiApiError, isDidomiError } from '../errors/guards.js';
import { printable } from '../errors/printable.js';
import { chosenAnswer, usualAnswer, type Answer } from './answer.js';
import { INTERNAL_SERVER_ERROR } from './answer-status.js';
import type { DidomiExceptionFilterOptions } from './didomi-exception-filter-options.interface.js';
import { isAboutOrganization } from './organization.js';
import { isPlainResponse, RESPONSE_WRITER } from './response-writer.js';

const ORGANIZATION_HINT =
  ' (set organizationId to an organization of the API key, in the options of DidomiModule or of the request)';

/** Stands for `DidomiError` in `@Catch()`, and for that of another copy of this package, too. */
class DidomiErrorOfAnyCopy {
  static [Symbol.hasInstance](error: unknown): boolean {
    return isDidomiError(error);
  }
}

/**
 * Turns the errors of this library into HTTP responses of the application. They tell the caller whether to try again, and
 * nothing of Didomi, except for the `errors` of data that it finds invalid:
 *
 * | error | response |
 * |---|---|
 * | Didomi answered 404, 409 or 410 | the same |
 * | the same after an attempt without an answer, which may have been carried out | 502 |
 * | Didomi answered 400 or 422 | 422 with its `errors` |
 * | the same about `organization_id`, which the application has to set | 500 |
 * | Didomi answered 413 | 413 |
 * | Didomi answered 429, or the rate limit would make the request wait too long | 429 with `Retry-After` |
 * | Didomi answered 401, 402, 403 or 407, or rejects the API key | 502 |
 * | Didomi answered with any other 4xx (405, 406, 411, 412, 414, 415, ...): a mistake of the application | 500 |
 * | Didomi answered 503; no access token for now; aborted by the caller | 503, with `Retry-After` if known |
 * | no answer in time; Didomi answered 408 | 504 |
 * | any other answer, a 4xx that is not in JSON, a failed connection | 502 |
 * | the request or the registration cannot work | 500 |
 *
 * `Retry-After` is an hour at most. Each 5xx is logged in one line, anything else at `debug`. Outside of HTTP (microservices, GraphQL) Nest does what it
 * does without a filter.
 *
 * @example
 * { provide: APP_FILTER, useClass: DidomiExceptionFilter } // among the providers of a module
 * app.useGlobalFilters(new DidomiExceptionFilter());
 * app.useGlobalFilters(new DidomiExceptionFilter(undefined, { respond })); // with options
 *
 * @publicApi
 */
@Catch(DidomiErrorOfAnyCopy)
export class DidomiExceptionFilter extends BaseExceptionFilter<DidomiError> {
  readonly #logger = new Logger('DidomiExceptionFilter');
  readonly #options: DidomiExceptionFilterOptions;

  /**
   * @param applicationRef the HTTP adapter. Express and Fastify work without it.
   * @throws TypeError if it is something else.
   */
  constructor(@Optional() applicationRef?: HttpServer, @Optional() options: DidomiExceptionFilterOptions = {}) {
    super(applicationRef);
    if (applicationRef !== undefined && typeof applicationRef?.reply !== 'function') {
      throw new TypeError(
        'DidomiExceptionFilter: applicationRef must be the HTTP adapter, app.getHttpAdapter(), or undefined; options come second',
      );
    }
    this.#options = options;
  }

  /** Called by Nest. */
  override catch(error: DidomiError, host: ArgumentsHost): void {
    const type = host.getType<string>();
    if (type === 'http') this.#respond(error, host.getArgByIndex(1));
    else if (type === 'ws') this.#answerSocket(error, host);
    // Nest takes a filter that returns nothing for none, except for HTTP and WebSockets.
  }

  #respond(error: DidomiError, response: unknown): void {
    const { respond } = this.#options;
    if (respond === undefined) return this.#reply(response, usualAnswer(error), error);
    const reply = (chosen: unknown): void =>
      this.#reply(response, isNone(chosen) ? usualAnswer(error) : chosenAnswer(chosen, error), error);
    const replyAsUsual = (failure: unknown): void => {
      this.#logger.error(`respond() failed, answered as usual: ${stackOf(failure)}`);
      this.#reply(response, usualAnswer(error), error);
    };
    try {
      const chosen: unknown = respond(error);
      if (!isThenable(chosen)) return reply(chosen);
      // Nest does not wait for filters: what this rejected with would end the process.
      void Promise.resolve(chosen)
        .then(reply)
        .catch(replyAsUsual)
        .catch((failure: unknown) => this.#logger.error(`No answer was sent: ${stackOf(failure)}`));
    } catch (failure) {
      replyAsUsual(failure);
    }
  }

  #reply(response: unknown, { status, body, headers }: Answer, error: DidomiError): void {
    const adapter = this.applicationRef ?? this.httpAdapterHost?.httpAdapter;
    const writer = adapter === undefined || isPlainResponse(response) ? RESPONSE_WRITER : adapter;
    if (writer.isHeadersSent(response)) writer.end(response);
    else {
      for (const [name, value] of Object.entries(headers)) writer.setHeader?.(response, name, value);
      writer.reply(response, body, status);
    }
    if (status >= INTERNAL_SERVER_ERROR) this.#log('error', `Answered ${status}`, error);
    // A 404 may be a wrong path of the application's own.
    else this.#log('debug', `Answered ${status}`, error);
  }

  /** As Nest does: a gateway has no other filter to fall back on, and what is thrown here would end the process. */
  #answerSocket(error: DidomiError, host: ArgumentsHost): void {
    this.#log('error', 'Answered an exception', error);
    const client = host.switchToWs().getClient<{ emit?(event: string, payload: object): void }>();
    client.emit?.('exception', { status: 'error', message: 'Internal server error' });
  }

  #log(level: 'debug' | 'error', what: string, error: DidomiError): void {
    const hint = isDidomiApiError(error) && isAboutOrganization(error) ? ORGANIZATION_HINT : '';
    // An error of another copy of the package may have control characters in its message.
    this.#logger[level](printable(`${what}: ${error.name}: ${error.message}${hint}`).replaceAll(/\s+/g, ' '));
  }
}

function isNone(chosen: unknown): boolean {
  return chosen === undefined || chosen === null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function stackOf(failure: unknown): string {
  return failure instanceof Error
    ? printable(failure.stack ?? failure.name)
    : `it threw a value of type ${typeof failure}`;
}
