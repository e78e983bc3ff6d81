import { type ArgumentsHost, BadGatewayException, Catch, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { isAxiosError } from 'axios';
import { DidomiAuthenticationError } from 'nestjs-didomi';

/**
 * Answers 502 when Didomi fails. Only a line of our own is logged: the errors of Axios hold the whole request, access token
 * included, and the caller is told nothing about it either.
 */
@Catch()
export class DidomiExceptionFilter extends BaseExceptionFilter {
  readonly #logger = new Logger(DidomiExceptionFilter.name);

  override catch(exception: unknown, host: ArgumentsHost): void {
    const message = messageFor(exception);
    if (message !== undefined) this.#logger.warn(message);
    // oxlint-disable-next-line promise/valid-params -- not the catch() of a promise
    super.catch(message === undefined ? exception : new BadGatewayException(message), host);
  }
}

function messageFor(exception: unknown): string | undefined {
  if (exception instanceof DidomiAuthenticationError) return `Didomi gave no access token (${exception.reason})`;
  if (!isAxiosError(exception)) return undefined;
  return exception.response ? `Didomi answered with status ${exception.response.status}` : 'Didomi did not answer';
}
