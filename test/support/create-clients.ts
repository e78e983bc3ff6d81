import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  DIDOMI_RUNTIME,
  DidomiClients,
  DidomiClientsModule,
  type DidomiClientsModuleExtras,
  type DidomiClientsOptions,
} from '../../lib/index.js';
import { afterTest } from './after-test.js';
import { DidomiStub } from './didomi-stub.js';
import { FakeClock, settled } from './fake-clock.js';
import { RecordingLogger } from './recording-logger.js';

export interface TestClients {
  readonly app: TestingModule;
  readonly clients: DidomiClients;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly stub: DidomiStub;
}

/** Part of every API key, secret and access token. */
export const CANARY = 'canary-7d21';

/** The credentials of a customer. */
export function customer(
  name: string,
  secret = 'secret',
): { apiKey: string; apiSecret: string; organizationId: string } {
  return {
    apiKey: `${CANARY}-key-of-${name}`,
    apiSecret: `${CANARY}-${secret}-of-${name}`,
    organizationId: name,
  };
}

/** A Didomi that issues access tokens `CANARY-SECRET-1`, `-2` and so on, so that it shows whose they are. */
export function stubForAll(): DidomiStub {
  const stub = new DidomiStub();
  stub.onTokenRequest = (config, count) => {
    const { secret } = JSON.parse(String(config.data)) as { secret: string };
    return { status: 200, data: { access_token: `${secret}-${count + 1}` } };
  };
  return stub;
}

/** `DidomiClients` in an application whose network and clock are the test's. Closed after the test. */
export async function createClients(
  options: DidomiClientsModuleExtras & DidomiClientsOptions = {},
  imports: NonNullable<ModuleMetadata['imports']> = [],
): Promise<TestClients> {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const stub = stubForAll();
  const app = await Test.createTestingModule({ imports: [...imports, DidomiClientsModule.forRoot(options)] })
    .setLogger(logger)
    .overrideProvider(DIDOMI_RUNTIME)
    .useValue({ clock, adapterOf: () => stub.adapter })
    .compile();
  afterTest(() => app.close());
  await app.init();
  return { app, clients: app.get(DidomiClients), clock, logger, stub };
}

/** What nobody holds is gone after this. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn += 1) {
    await settled();
    gc();
  }
}
