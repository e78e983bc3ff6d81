import type { DidomiClock } from '../../lib/auth/didomi.clock.js';

interface Timer {
  readonly at: number;
  readonly isAwaited: boolean;
  readonly callback: () => void;
}

/** A clock that only `advance()` moves. */
export class FakeClock implements DidomiClock {
  readonly #timers = new Set<Timer>();

  /** By how much the wall clock was set. */
  #offset = 0;

  constructor(private moment = 1_800_000_000_000) {}

  readonly now = (): number => this.moment + this.#offset;

  readonly monotonic = (): number => this.moment;

  schedule(callback: () => void, delayMs: number, isAwaited = false): () => void {
    const timer = { at: this.moment + delayMs, isAwaited, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  keepAlive(): () => void {
    return () => undefined;
  }

  /** Scheduled calls that keep the process alive, and have neither happened nor been taken back. */
  get pending(): number {
    return [...this.#timers].filter(({ isAwaited }) => isAwaited).length;
  }

  /** Moves forward, runs the callbacks that fall due on the way in order, and lets promises settle. */
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

  /** Sets the wall clock only: no timer fires, and `monotonic()` does not change. */
  set(moment: number): void {
    this.#offset = moment - this.moment;
  }
}

/** Lets all pending work run that needs neither time nor network. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
