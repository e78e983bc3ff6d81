import type { DidomiClock } from '../../lib/auth/didomi.clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that moves when told to. Real time never enters a test of time.
 */
export class FakeClock implements DidomiClock {
  readonly #timers = new Set<Timer>();

  /** By how much somebody has set the machine's clock. */
  #offset = 0;

  constructor(private moment = 1_800_000_000_000) {}

  readonly now = (): number => this.moment + this.#offset;

  readonly monotonic = (): number => this.moment;

  schedule(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.moment + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Scheduled calls that have neither happened nor been taken back. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, calls back what falls due on the way, and lets promises settle. */
  async advance(ms: number): Promise<void> {
    await settled();
    const end = this.moment + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.moment = Math.max(this.moment, next.at);
      this.#timers.delete(next);
      next.callback();
      await settled();
    }
    this.moment = end;
    await settled();
  }

  /** As if somebody set the machine's clock: no timer goes off, and `monotonic()` does not notice. */
  set(moment: number): void {
    this.#offset = moment - this.moment;
  }
}

/** Lets everything run that waits for no time and no network. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
