import type { DidomiClock } from './didomi.clock.js';

/** One wait. */
export interface Pause {
  /** Resolves when the time is over, or when the pause is ended early. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends the pause now; does nothing if it has ended. */
  end(): void;
}

/**
 * The waits of one client, so that a shutdown can end all of them.
 */
export class Pauses {
  readonly #open = new Set<Pause>();
  #areOver = false;

  constructor(private readonly clock: DidomiClock) {}

  /**
   * Once the shutdown has begun, the pause is over at once.
   *
   * @param isDeadline whether it bounds another wait. It then keeps no process alive, and ends one turn late: after the event loop
   * was blocked, timers come before the answers that are there already.
   */
  start(ms: number, isDeadline = false): Pause {
    if (this.#areOver) return { ended: Promise.resolve(), end: () => undefined };
    let resolve: () => void = () => undefined;
    const ended = new Promise<void>((settle) => (resolve = settle));
    const cancel = this.clock.schedule(
      () => (isDeadline ? setImmediate(() => pause.end()) : pause.end()),
      ms,
      !isDeadline,
    );
    const pause: Pause = {
      ended,
      end: () => {
        cancel();
        this.#open.delete(pause);
        resolve();
      },
    };
    this.#open.add(pause);
    return pause;
  }

  /** Whether the shutdown has begun. */
  get areOver(): boolean {
    return this.#areOver;
  }

  endAll(): void {
    this.#areOver = true;
    for (const pause of this.#open) pause.end();
  }
}
