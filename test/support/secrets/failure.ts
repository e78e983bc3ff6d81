import type { DidomiModuleOptions, DidomiRequestConfig } from '../../../lib/index.js';
import type { FakeDidomiFault } from '../../../lib/testing/index.js';
import type { Client } from './clients.js';
import { didomi } from './servers.js';

export interface Failure {
  readonly options?: Partial<DidomiModuleOptions>;
  readonly url?: string;
  readonly config?: () => DidomiRequestConfig;
  /** Runs before the first request. */
  readonly script?: () => void;
  /** Runs once the client has an access token. */
  readonly loggedIn?: (client: Client) => Promise<unknown> | void;
  readonly expected: object;
  /** With undici, which refuses it, if it is about the connection of a request. */
  readonly expectedByUndici?: object;
  /** The failure is in the body of the answer, so a HEAD request does not fail. */
  readonly isInBody?: true;
}

export function apiRequests(fault: FakeDidomiFault): () => void {
  return () => void didomi.script('api-requests', fault);
}

export function tokenRequests(fault: FakeDidomiFault): () => void {
  return () => void didomi.script('token-requests', fault);
}
