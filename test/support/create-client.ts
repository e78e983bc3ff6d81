import { afterEach } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import type { ModuleMetadata } from '@nestjs/common';
import {
  DidomiAuthService,
  DidomiClock,
  DidomiHttpService,
  DidomiModule,
  getDidomiHttpAdapterToken,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { DidomiStub } from './didomi-stub.js';
import { FakeClock } from './fake-clock.js';

export const API_KEY = 'the-api-key-canary';
export const API_SECRET = 'the-api-secret-canary';

export interface TestClient {
  readonly app: TestingModule;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
  readonly stub: DidomiStub;
  readonly clock: FakeClock;
}

const open: TestingModule[] = [];

afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

/**
 * A default client in a Nest application whose network and clock are the test's. Lazy and without a cron job unless the
 * options say otherwise. Closed after the test.
 */
export async function createClient(
  options: Partial<DidomiModuleOptions> = {},
  {
    stub = new DidomiStub(),
    clock = new FakeClock(),
    imports = [],
  }: { stub?: DidomiStub; clock?: FakeClock; imports?: ModuleMetadata['imports'] } = {},
): Promise<TestClient> {
  const credentials = 'credentials' in options ? {} : { apiKey: API_KEY, apiSecret: API_SECRET };
  const all = { ...credentials, warmup: 'lazy', refresh: { cron: false }, ...options } as DidomiModuleOptions;
  const app = await Test.createTestingModule({ imports: [...imports, DidomiModule.forRoot(all)] })
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(stub.adapter)
    .overrideProvider(DidomiClock)
    .useValue(clock)
    .compile();
  open.push(app);
  await app.init();
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService), stub, clock };
}

/** A client that already has its access token and has sent no API request on record. */
export async function createWarmClient(options: Partial<DidomiModuleOptions> = {}): Promise<TestClient> {
  const made = await createClient(options);
  await made.http.axiosRef.get('/warm');
  made.stub.apiRequests.length = 0;
  return made;
}
