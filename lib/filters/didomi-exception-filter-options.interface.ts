import type { DidomiError } from '../errors/didomi.error.js';

/**
 * The HTTP response of the application to its own caller.
 *
 * @publicApi
 */
export interface DidomiExceptionResponse {
  /** HTTP status, 200 to 599. */
  readonly status: number;

  /**
   * Body of the response. Objects are sent as JSON.
   *
   * @default `{ statusCode, message, error }` as of Nest's own exceptions, without details of the error
   */
  readonly body?: unknown;

  /** Headers in addition to `Retry-After`, which a 429 or 503 has by itself, or in its place. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Options of {@link DidomiExceptionFilter}.
 *
 * @publicApi
 */
export interface DidomiExceptionFilterOptions {
  /**
   * Chooses the response to an error; `undefined` for the usual one. Can be async. If it throws, rejects or returns what
   * cannot be sent, that is logged and the response is the usual one.
   */
  readonly respond?: (
    error: DidomiError,
  ) => DidomiExceptionResponse | undefined | Promise<DidomiExceptionResponse | undefined>;
}
