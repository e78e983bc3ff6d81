import { Test, type TestingModule } from '@nestjs/testing';
import { DidomiClock, DidomiHttpService, DidomiModule, type DidomiModuleOptions } from '../../lib/index.js';
import { FakeClock } from './fake-clock.js';
import type { LoopbackServer } from './loopback-server.js';
import { HTTP, type TestTransport } from './transports.js';

export interface NetworkClient {
  readonly app: TestingModule;
  readonly http: DidomiHttpService;
  readonly clock: FakeClock;
}

/**
 * A default client over real connections to the server, whose time is the test's. Lazy, without a cron job and without retry
 * unless the options say otherwise. The test closes it.
 */
export async function networkClient(
  { baseURL }: Pick<LoopbackServer, 'baseURL'>,
  options: Partial<DidomiModuleOptions> = {},
  transport: TestTransport = HTTP,
): Promise<NetworkClient> {
  const clock = new FakeClock();
  const all = {
    apiKey: 'the-api-key-canary',
    apiSecret: 'the-api-secret-canary',
    baseURL,
    warmup: 'lazy',
    refresh: { cron: false },
    retry: false,
    ...options,
    axios: transport.axios(options.axios),
  } as DidomiModuleOptions;
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] })
    .overrideProvider(DidomiClock)
    .useValue(clock)
    .compile();
  app.useLogger(false);
  await app.init();
  return { app, http: app.get(DidomiHttpService), clock };
}
