import type { DidomiRequestConfig } from '../../../lib/index.js';
import { API_FAILURES } from './api-failures.js';
import { SET_UPS, startClient } from './clients.js';
import type { Failure } from './failure.js';
import { TOKEN_REQUEST_FAILURES } from './token-request-failures.js';

export const FAILURES: Readonly<Record<string, Failure>> = { ...API_FAILURES, ...TOKEN_REQUEST_FAILURES };

/** A client whose next request fails in this way, and the configuration for that request. */
export async function arrange(failure: Failure, setUp: string) {
  const { options, config } = SET_UPS[setUp]!();
  failure.script?.();
  const client = await startClient({ ...options, ...failure.options });
  if (failure.loggedIn !== undefined) {
    await client.auth.getAccessToken();
    await failure.loggedIn(client);
  }
  return { client, config: (): DidomiRequestConfig => ({ ...config, ...failure.config?.() }) };
}
