const MINUTE_MS = 60_000;
const DEFAULT_REQUESTS_PER_MINUTE = 6;
const REQUESTS_PER_SHORT_LIFETIME = 3;
/** Below this lifetime, six token requests a minute would not be enough for the renewals. */
const SHORT_LIFETIME_MS = 30_000;
/** However short the lifetime: three token requests a second is where even the shortest stops. */
const MIN_WINDOW_MS = 1_000;

/**
 * How many token requests one client may send, whatever goes wrong: no mistake of ours or of an answer may use up the
 * organization's share of Didomi's rate limit.
 */
export class TokenRequestBudget {
  #sentAt: number[] = [];
  #limit: number;
  #windowMs = MINUTE_MS;

  /** @param configuredLimit token requests per minute; absent: the limit follows the lifetime of the access tokens. */
  constructor(private readonly configuredLimit: number | undefined) {
    this.#limit = configuredLimit ?? DEFAULT_REQUESTS_PER_MINUTE;
  }

  /** Tells how long the access tokens of this client live. */
  adaptTo(lifetimeMs: number): void {
    if (this.configuredLimit !== undefined) return;
    const isShort = lifetimeMs < SHORT_LIFETIME_MS;
    this.#limit = isShort ? REQUESTS_PER_SHORT_LIFETIME : DEFAULT_REQUESTS_PER_MINUTE;
    this.#windowMs = isShort ? Math.max(lifetimeMs, MIN_WINDOW_MS) : MINUTE_MS;
  }

  /** Milliseconds until the next token request fits; 0 if it does now. */
  waitMs(now: number): number {
    // A moment ahead of now is from before the clock was set back: it counts as now, or a clock in small steps back would
    // open the budget.
    this.#sentAt = this.#sentAt
      .map((sentAt) => Math.min(sentAt, now))
      .filter((sentAt) => now - sentAt < this.#windowMs);
    const oldestThatCounts = this.#sentAt.at(-this.#limit);
    return oldestThatCounts === undefined ? 0 : oldestThatCounts + this.#windowMs - now;
  }

  spend(sentAt: number): void {
    this.#sentAt.push(sentAt);
  }
}
