import type { DidomiApi } from '../api/didomi-api.js';
import type { DidomiAuthService } from '../auth/didomi-auth.service.js';
import type { DidomiHttpService } from '../http/didomi-http.service.js';

/**
 * A client that `DidomiClients` has made.
 *
 * @publicApi
 */
export interface DidomiClient {
  /** How logs call it: `key-` and the first eight hexadecimal digits of the SHA-256 hash of the API key. */
  readonly name: string;
  /** Typed requests. */
  readonly api: DidomiApi;
  /** All other requests. */
  readonly http: DidomiHttpService;
  /** The access token, which all clients with the same API key and secret share. */
  readonly auth: DidomiAuthService;
}
