const MINUTE_MS = 60_000;
const DEFAULT_REQUESTS_PER_MINUTE = 6;
const REQUESTS_PER_SHORT_LIFETIME = 3;
/** Below this lifetime, six token requests a minute would not be enough for the renewals. */
const SHORT_LIFETIME_MS = 30_000;

/**
 * How many token requests one client may send, whatever goes wrong: no bug and no answer may use up the rate limit of the
 * organization.
 *
 * Every moment is one of `DidomiClock.monotonic()`: setting the clock of the machine neither opens nor empties the budget.
 */
export class TokenRequestBudget {
  #sentAt: number[] = [];
  #limit: number;
  #windowMs = MINUTE_MS;

  /** @param configuredLimit token requests per minute; absent: the limit follows the lifetime of the access tokens. */
  constructor(private readonly configuredLimit: number | undefined) {
    this.#limit = configuredLimit ?? DEFAULT_REQUESTS_PER_MINUTE;
  }

  /** Adapts the limit to how long the access tokens of this client live. */
  adaptTo(lifetimeMs: number): void {
    if (this.configuredLimit !== undefined) return;
    const isShort = lifetimeMs < SHORT_LIFETIME_MS;
    this.#limit = isShort ? REQUESTS_PER_SHORT_LIFETIME : DEFAULT_REQUESTS_PER_MINUTE;
    this.#windowMs = isShort ? lifetimeMs : MINUTE_MS;
  }

  /** Milliseconds until the next token request fits; 0 if it does now. */
  waitMs(now: number): number {
    const oldestThatCounts = this.#recent(now).at(-this.#limit);
    return oldestThatCounts === undefined ? 0 : oldestThatCounts + this.#windowMs - now;
  }

  /** Whether a retry fits. A third of the budget stays for the attempts of the back-off, which an outage needs for minutes. */
  hasRoomForRetry(now: number): boolean {
    return this.#recent(now).length < (this.#limit * 2) / 3;
  }

  /** Forgets the token requests that were sent. */
  reset(): void {
    this.#sentAt = [];
  }

  spend(sentAt: number): void {
    this.#sentAt.push(sentAt);
  }

  #recent(now: number): readonly number[] {
    this.#sentAt = this.#sentAt.filter((sentAt) => now - sentAt < this.#windowMs);
    return this.#sentAt;
  }
}
