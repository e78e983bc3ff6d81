/**
 * The stable codes of the library's errors, one for each class.
 *
 * @publicApi
 */
export type DidomiErrorCode =
  'DIDOMI_API' | 'DIDOMI_AUTHENTICATION' | 'DIDOMI_CONFIGURATION' | 'DIDOMI_REQUEST' | 'DIDOMI_TRANSPORT';

/**
 * What every error of this library is. Facts are plain read-only fields; an API key, API secret or access token is never
 * among them, and no underlying HTTP error hangs on it.
 *
 * @publicApi
 */
export abstract class DidomiError extends Error {
  /** Stable across releases: branch on it, or on the class, never on the message. */
  abstract readonly code: DidomiErrorCode;

  /** The facts and the message, without the stack. */
  toJSON(): Record<string, unknown> {
    const { message, cause } = this;
    return { ...(this as object), message, ...(cause instanceof DidomiError ? { cause: cause.toJSON() } : {}) };
  }
}
