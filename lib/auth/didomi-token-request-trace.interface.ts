import type { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';

/**
 * The context of the tracing channel `nestjs-didomi:token-request`: the same object from the start of a token request to its end.
 *
 * @publicApi
 */
export interface DidomiTokenRequestTrace {
  /** The `name` of the client's registration; undefined for the default client. */
  readonly client: string | undefined;
  readonly trigger: DidomiRefreshTrigger;
  /** 1, or more for a retry. */
  readonly attempt: number;
  /** At the end of one that failed. */
  readonly error?: DidomiAuthenticationError;
}
