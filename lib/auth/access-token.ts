/** What decides when an access token is renewed. */
export interface AccessTokenWindows {
  /** Configured refresh window in milliseconds; absent: half the lifetime, less the random share. */
  readonly windowMs: number | undefined;
  /** Configured leeway in milliseconds; absent: a sixtieth of the lifetime, at most a minute. */
  readonly leewayMs: number | undefined;
  /** From 0 to 1, stable per process: how much of a tenth is taken off the refresh window. */
  readonly share: number;
}

const MAX_DEFAULT_LEEWAY_MS = 60_000;
/** A longer window would need more renewals than the budget of three token requests per lifetime allows. */
const MAX_WINDOW_OF_LIFETIME = 2 / 3;

/**
 * One access token and its windows. The value is in a private field, which nothing prints.
 *
 * Every moment is one of `DidomiClock.monotonic()`, so it does not matter when somebody sets the clock of the machine. While a Linux
 * machine is suspended that clock stands still: then the access token is older than it looks, and a 401 replaces it.
 */
export class AccessToken {
  readonly #value: string;

  /** When its token request was sent. */
  readonly requestedAt: number;
  /** Start of the refresh window: still used, renewed in the background. */
  readonly refreshAt: number;
  /** Start of the leeway: no longer used. */
  readonly unusableAt: number;
  readonly expiresAt: number;

  constructor(
    value: string,
    requestedAt: number,
    readonly lifetimeMs: number,
    windows: AccessTokenWindows,
  ) {
    const windowMs =
      windows.windowMs === undefined
        ? (lifetimeMs / 2) * (1 - windows.share / 10)
        : Math.min(windows.windowMs, lifetimeMs * MAX_WINDOW_OF_LIFETIME);
    const leewayMs = Math.min(windows.leewayMs ?? Math.min(lifetimeMs / 60, MAX_DEFAULT_LEEWAY_MS), windowMs / 2);
    this.#value = value;
    this.requestedAt = requestedAt;
    this.expiresAt = requestedAt + lifetimeMs;
    this.refreshAt = this.expiresAt - windowMs;
    this.unusableAt = this.expiresAt - leewayMs;
  }

  reveal(): string {
    return this.#value;
  }

  is(value: string): boolean {
    return this.#value === value;
  }

  isUsable(now: number): boolean {
    return now < this.unusableAt;
  }

  isDue(now: number): boolean {
    return now >= this.refreshAt;
  }
}
