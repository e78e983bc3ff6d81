import type { AxiosAdapter } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import type { DidomiRuntime } from '../didomi.runtime.js';

/** The runtime of the application, for one client whose requests are noticed. */
export class ClientRuntime implements DidomiRuntime {
  readonly clock: DidomiClock;
  readonly isOffline: boolean;

  /**
   * @param used is called for each request. What it refers to is alive as long as the client or one of its requests is, since all
   * of them lead here.
   */
  constructor(
    private readonly shared: DidomiRuntime,
    private readonly used: () => void,
  ) {
    this.clock = shared.clock;
    this.isOffline = shared.isOffline ?? false;
  }

  adapterOf(name: string): AxiosAdapter {
    return this.shared.adapterOf(name);
  }

  supervise<T>(request: () => Promise<T>): Promise<T> {
    this.used();
    return this.shared.supervise === undefined ? request() : this.shared.supervise(request);
  }

  track(name: string, state: { reset(): void }): void {
    this.shared.track?.(name, state);
  }
}
