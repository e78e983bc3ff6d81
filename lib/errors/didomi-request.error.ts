import { DidomiError } from './didomi.error.js';

/**
 * The request was refused before anything was sent: it would have left Didomi, or cannot be sent as it is.
 *
 * @publicApi
 */
export class DidomiRequestError extends DidomiError {
  override readonly name = 'DidomiRequestError';
  readonly code = 'DIDOMI_REQUEST';
}
