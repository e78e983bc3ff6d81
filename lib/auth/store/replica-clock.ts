import type { DidomiClock } from '../didomi.clock.js';

/** A smaller difference to Didomi's clock may come from the way of the answer, and from a `Date` of whole seconds. */
const MIN_OFFSET_MS = 5_000;
/** An access token from farther ahead was not issued in the future: the clocks of two replicas differ. */
const MAX_AHEAD_MS = 60_000;

/**
 * Tells replicas, whose clocks may differ by any amount, when an access token was issued: by Didomi's clock, once an answer of
 * Didomi has told it, and by that of the machine until then.
 */
export class ReplicaClock {
  #offsetMs = 0;

  constructor(private readonly clock: DidomiClock) {}

  /** @param offsetMs by how much Didomi's clock is ahead of that of this machine; undefined if it did not tell. */
  learn(offsetMs: number | undefined): void {
    if (offsetMs !== undefined) this.#offsetMs = Math.abs(offsetMs) < MIN_OFFSET_MS ? 0 : offsetMs;
  }

  /** The date of a moment of `DidomiClock.monotonic()`. */
  dateOf(moment: number): number {
    return this.#now() + moment - this.clock.monotonic();
  }

  /**
   * The moment of a date in the past; undefined for one in the future, by which the age of an access token cannot be told. The
   * token request that follows from that tells the time.
   */
  momentOf(date: number): number | undefined {
    const ageMs = this.#now() - date;
    return ageMs < -MAX_AHEAD_MS ? undefined : this.clock.monotonic() - Math.max(0, ageMs);
  }

  #now(): number {
    return this.clock.now() + this.#offsetMs;
  }
}
