import { DidomiClock } from '../../auth/didomi.clock.js';
import { checkMilliseconds } from './milliseconds.js';
import { turn } from './turn.js';

interface Timer {
  readonly at: number;
  readonly isAwaited: boolean;
  readonly callback: () => void;
}

/**
 * Time that stands still, but for two things: a test moves it on, and a wait that callers wait for is over at once, by moving
 * the time on to its end.
 */
export class TestClock extends DidomiClock {
  #now = Date.now();
  #isHeld = false;
  #isPassing = false;
  /** In the order of their making. */
  readonly #timers = new Set<Timer>();

  override now(): number {
    return this.#now;
  }

  override monotonic(): number {
    return this.#now;
  }

  override schedule(callback: () => void, delayMs: number, isAwaited = false): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), isAwaited, callback };
    this.#timers.add(timer);
    if (isAwaited) void this.#passWaits();
    return () => void this.#timers.delete(timer);
  }

  /** From now on, waits are over when the time has been moved on, and not before. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Takes {@link hold} back. */
  release(): void {
    this.#isHeld = false;
    void this.#passWaits();
  }

  /** Moves the time on and calls back what is due, each at its own moment. */
  async advance(ms: number): Promise<void> {
    checkMilliseconds('advance(ms)', ms);
    await turn();
    const target = this.#now + ms;
    while (this.#runNext(target)) await turn();
    this.#now = Math.max(this.#now, target);
    await turn();
  }

  async #passWaits(): Promise<void> {
    if (this.#isPassing) return;
    this.#isPassing = true;
    // What else was going to happen at this moment comes first.
    for (let wait = await this.#nextWait(); wait !== undefined; wait = await this.#nextWait()) this.#runNext(wait.at);
    this.#isPassing = false;
  }

  async #nextWait(): Promise<Timer | undefined> {
    await turn();
    return this.#isHeld ? undefined : this.#earliest(({ isAwaited }) => isAwaited);
  }

  /** Whether a timer was due by then. */
  #runNext(limit: number): boolean {
    const next = this.#earliest(({ at }) => at <= limit);
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  /** Of two that are due at the same moment, the one that was made first. */
  #earliest(isMeant: (timer: Timer) => boolean): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (isMeant(timer) && (earliest === undefined || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}
