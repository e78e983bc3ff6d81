import type { AxiosAdapter } from 'axios';
import { DidomiClock } from './auth/didomi.clock.js';
import { createHttpAdapter } from './connection/http-adapter.js';

/**
 * What the clients take from outside: the network and the time.
 *
 * @publicApi
 */
export interface DidomiRuntime {
  /** The time of every client. */
  readonly clock: DidomiClock;

  /**
   * The transport of one client.
   *
   * @param name the `name` of its registration; undefined for the default client.
   */
  adapterOf(name: string | undefined): AxiosAdapter;

  /**
   * Whether there is no network: a request that names one of Axios' own adapters goes through `adapterOf()` then.
   *
   * @default false
   */
  readonly isOffline?: boolean;
}

/**
 * The injection token of the {@link DidomiRuntime}, the same for all clients: an application that is tested as a whole is cut
 * off from the network by `overrideProvider(DIDOMI_RUNTIME).useValue(new DidomiTestingController())`.
 *
 * @publicApi
 */
// A registered symbol: two copies of the package in one process agree on it.
export const DIDOMI_RUNTIME = Symbol.for('nestjs-didomi:runtime');

/** The real network and the real time. */
export class NodeRuntime implements DidomiRuntime {
  readonly clock = new DidomiClock();

  adapterOf(): AxiosAdapter {
    return createHttpAdapter();
  }
}
