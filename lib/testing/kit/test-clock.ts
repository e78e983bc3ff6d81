import { DidomiClock } from '../../auth/didomi.clock.js';
import { checkMilliseconds } from './milliseconds.js';
import { turn } from './turn.js';

interface Timer {
  readonly at: number;
  readonly isAwaited: boolean;
  readonly callback: () => void;
}

/**
 * Time that stands still until a test advances it. A wait of callers, before a retry for instance, advances it by itself to the
 * end of that wait, unless the time is held.
 */
export class TestClock extends DidomiClock {
  #now = Date.now();
  #isHeld = false;
  #isPassing = false;
  /** In the order in which they were scheduled. */
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

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** A test runner stays alive by itself. */
  override keepAlive(): () => void {
    return () => undefined;
  }

  /** From now on, waits end only when the test advances the time. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Undoes {@link hold}, and ends the waits under way at once, without advancing the time. */
  release(): void {
    this.#isHeld = false;
    // A callback may start another wait.
    const waits = [...this.#timers].filter(({ isAwaited }) => isAwaited);
    for (const timer of waits) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  /** Advances the time and runs the timers that are due, each at its own time. */
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
    // Whatever else happens at the same time comes first.
    for (let wait = await this.#nextWait(); wait !== undefined; wait = await this.#nextWait()) this.#runNext(wait.at);
    this.#isPassing = false;
  }

  async #nextWait(): Promise<Timer | undefined> {
    await turn();
    return this.#isHeld ? undefined : this.#earliest(({ isAwaited }) => isAwaited);
  }

  /** @returns whether a timer was due by then. */
  #runNext(limit: number): boolean {
    const next = this.#earliest(({ at }) => at <= limit);
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  /** Of two that are due at the same time, the one that was scheduled first. */
  #earliest(isMeant: (timer: Timer) => boolean): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (isMeant(timer) && (earliest === undefined || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}
