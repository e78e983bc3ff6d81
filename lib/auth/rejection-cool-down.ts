const FIRST_COOL_DOWN_MS = 5_000;
const MAX_COOL_DOWN_MS = 60_000;

/**
 * Opens when Didomi answers 401 to an access token that was requested because of a 401. While it is open a further 401 is passed on,
 * since one more access token would not help. Doubles each time, up to a minute, until a replay is accepted.
 *
 * Every `now` is one of `DidomiClock.monotonic()`.
 */
export class RejectionCoolDown {
  #openedAt = 0;
  #lengthMs = 0;

  isOpen(now: number): boolean {
    return this.leftMs(now) > 0;
  }

  leftMs(now: number): number {
    return Math.max(0, this.#openedAt + this.#lengthMs - now);
  }

  open(now: number): void {
    if (this.isOpen(now)) return;
    this.#openedAt = now;
    this.#lengthMs = Math.min(Math.max(FIRST_COOL_DOWN_MS, this.#lengthMs * 2), MAX_COOL_DOWN_MS);
  }

  reset(): void {
    this.#lengthMs = 0;
  }
}
