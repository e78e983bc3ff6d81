import { DidomiApi } from '../../lib/api/didomi-api.js';
import type { DidomiModuleOptions } from '../../lib/index.js';
import { createWarmClient, type TestClient } from './create-client.js';

export interface TestApi extends TestClient {
  readonly api: DidomiApi;
}

/** A `DidomiApi` over a client that already has its access token. */
export async function createApi(options: Partial<DidomiModuleOptions> = {}): Promise<TestApi> {
  const made = await createWarmClient(options);
  return { ...made, api: new DidomiApi(made.http, options.organizationId) };
}
