import { printable } from './printable.js';

/**
 * The stable codes of the library's errors, one for each class.
 *
 * @publicApi
 */
export type DidomiErrorCode =
  'DIDOMI_API' | 'DIDOMI_AUTHENTICATION' | 'DIDOMI_CONFIGURATION' | 'DIDOMI_REQUEST' | 'DIDOMI_TRANSPORT';

/**
 * Base class of the library's errors. Their properties never hold an API key, an API secret, an access token or an
 * AxiosError, and their messages no control characters.
 *
 * @publicApi
 */
export abstract class DidomiError extends Error {
  /** Stable across releases: branch on it, or on the class, never on the message. */
  abstract readonly code: DidomiErrorCode;

  constructor(message: string, options?: { readonly cause?: DidomiError | undefined }) {
    // Error makes a property of a cause that is given as undefined.
    super(printable(message), options?.cause === undefined ? undefined : { cause: options.cause });
  }

  /**
   * @internal Makes `axios.isAxiosError()` true. The HTTP health indicators of Terminus (11 and 12) read it, `message` and
   * `response`: what has it counts as down, anything else they throw. On the prototype, so that nothing prints it.
   */
  get isAxiosError(): boolean {
    return true;
  }

  /** The enumerable properties, the message and the cause, without the stack. */
  toJSON(): Record<string, unknown> {
    const { message, cause } = this;
    return { ...(this as object), message, ...(cause instanceof DidomiError ? { cause: cause.toJSON() } : {}) };
  }
}
