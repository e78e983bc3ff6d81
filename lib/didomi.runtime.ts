import type { AxiosAdapter } from 'axios';
import { DidomiClock } from './auth/didomi.clock.js';
import { createHttpAdapter } from './connection/http-adapter.js';

/**
 * The network and the clock of all clients. Tests replace both.
 *
 * @publicApi
 */
export interface DidomiRuntime {
  /** The clock of every client. */
  readonly clock: DidomiClock;

  /**
   * The transport of one client.
   *
   * @param name the `name` of its registration, or of the client of `DidomiClients`; undefined for the default client.
   */
  adapterOf(name: string | undefined): AxiosAdapter;

  /**
   * Whether there is no network. If so, requests that name one of Axios' own adapters are sent through `adapterOf()` as well.
   *
   * @default false
   */
  readonly isOffline?: boolean;

  /**
   * Runs one API request, replays and retries included, and returns what its caller gets. A test double can watch over it.
   *
   * @default calls `request`
   */
  supervise?<T>(request: () => Promise<T>): Promise<T>;

  /**
   * Takes note of what a client remembers of Didomi's answers: failures and back-off of its token requests, or its rate limit. A
   * test double calls `reset()` to clear it; access token and requests under way stay.
   *
   * @param name the `name` of its registration, or of the client of `DidomiClients`; undefined for the default client.
   */
  track?(name: string | undefined, state: { reset(): void }): void;
}

/**
 * The injection token of the {@link DidomiRuntime}, the same for all clients. In tests of a whole application,
 * `overrideProvider(DIDOMI_RUNTIME).useValue(new DidomiTestingController())` replaces the network.
 *
 * @publicApi
 */
// A registered symbol: two copies of the package in one process agree on it.
export const DIDOMI_RUNTIME = Symbol.for('nestjs-didomi:runtime');

/** The real network and the real clock. */
export class NodeRuntime implements DidomiRuntime {
  readonly clock = new DidomiClock();

  adapterOf(): AxiosAdapter {
    return createHttpAdapter();
  }
}
