interface Window {
  readonly startedAt: number;
  count: number;
}

/** What a counted request learns of the rate limit. */
export interface FakeDidomiRateLimitStanding {
  readonly isExceeded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts the requests of each organization in windows that begin with the first request they count. */
export class FakeDidomiRateLimit {
  readonly limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  constructor({ limit = 100, windowMs = 15_000 }: { limit?: number; windowMs?: number }, now: () => number) {
    if (!Number.isInteger(limit) || limit < 1) throw new TypeError('rateLimit.limit must be a whole number above 0');
    if (!(windowMs > 0) || !Number.isFinite(windowMs)) {
      throw new TypeError('rateLimit.windowMs must be a number of milliseconds above 0');
    }
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  count(organizationId: string): FakeDidomiRateLimitStanding {
    const now = this.#now();
    const window = this.#windowAt(now, organizationId);
    window.count += 1;
    const isExceeded = window.count > this.limit;
    const remaining = Math.max(0, this.limit - window.count);
    const reset = Math.ceil((window.startedAt + this.#windowMs - now) / 1000);
    return {
      isExceeded,
      headers: {
        RateLimit: `limit=${this.limit}, remaining=${remaining}, reset=${reset}`,
        'RateLimit-Policy': `${this.limit};w=${Math.ceil(this.#windowMs / 1000)}`,
        ...(isExceeded ? { 'Retry-After': String(reset) } : {}),
      },
    };
  }

  clear(): void {
    this.#windows.clear();
  }

  #windowAt(now: number, organizationId: string): Window {
    const current = this.#windows.get(organizationId);
    // A clock that a test turned back must not leave the window open for ages.
    const isOpen = current && now >= current.startedAt && now < current.startedAt + this.#windowMs;
    if (isOpen) return current;
    const window = { startedAt: now, count: 0 };
    this.#windows.set(organizationId, window);
    return window;
  }
}
