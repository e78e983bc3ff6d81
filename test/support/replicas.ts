import type { DidomiClock, DidomiModuleOptions } from '../../lib/index.js';
import { createClient, type TestClient } from './create-client.js';
import { DidomiStub } from './didomi-stub.js';
import { FakeClock } from './fake-clock.js';
import { MemoryStore } from './memory-store.js';
import { RecordingLogger } from './recording-logger.js';

/** Replicas of one service: clients with a store, the time and a stub of Didomi in common. */
export class Replicas {
  readonly store = new MemoryStore();
  readonly stub = new DidomiStub();
  readonly clock = new FakeClock();
  readonly #logger = new RecordingLogger();

  async start(options: Partial<DidomiModuleOptions> = {}, clock: DidomiClock = this.clock): Promise<TestClient> {
    const client = await createClient(
      { tokenStore: this.store, ...options },
      { stub: this.stub, clock: clock as FakeClock },
    );
    client.app.useLogger(this.#logger);
    return client;
  }

  get tokenRequests(): number {
    return this.stub.tokenRequests.length;
  }

  /** What all of them wrote at these levels. */
  log(...levels: string[]): string[] {
    return this.#logger.didomi(...levels).filter((line) => !line.includes('assuming the documented hour'));
  }

  /** The time of a replica whose wall clock is so much ahead. */
  clockAhead(aheadMs: number): DidomiClock {
    const { clock } = this;
    return {
      now: () => clock.now() + aheadMs,
      monotonic: clock.monotonic,
      schedule: (...timer) => clock.schedule(...timer),
      keepAlive: () => clock.keepAlive(),
    };
  }
}
