import type { DidomiError } from '../../errors/didomi.error.js';
import type { DidomiHttpCall } from './didomi-http-event.interface.js';

/**
 * The context of the tracing channel `nestjs-didomi:request`: the same object from the start of a call to its end.
 *
 * @publicApi
 */
export interface DidomiRequestTrace extends DidomiHttpCall {
  /** How many times it was sent so far. */
  readonly attempts: number;
  /** For how many milliseconds it has waited so far: for its turn, for an access token, and before retries and replays. */
  readonly waitedMs: number;
  /** At the end of a call that succeeded. */
  readonly result?: { readonly status: number };
  /** At the end of a call that failed: what its caller gets. */
  readonly error?: DidomiError;
}
