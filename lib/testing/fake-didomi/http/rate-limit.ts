import { withoutVersion } from '../api/route.js';
import type { FakeDidomiRequest } from '../fake-didomi.types.js';

interface Window {
  readonly startedAt: number;
  count: number;
}

const CONSENT_USERS = /^\/consents\/users(?:\/[^/]+)?$/;

/** Counts the requests of each organization in windows that begin with the first request they count. */
export class RateLimit {
  readonly limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  /** @throws TypeError if a number makes no sense. */
  constructor({ limit = 100, windowMs = 15_000 }: { limit?: number; windowMs?: number }, now: () => number) {
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new TypeError('rateLimit.limit must be a whole number above 0');
    if (!(windowMs > 0 && windowMs <= Number.MAX_SAFE_INTEGER)) {
      throw new TypeError('rateLimit.windowMs must be a number of milliseconds above 0');
    }
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Counts one request of the organization, and says what the answer has to tell about it. */
  count(organizationId: string): { readonly isExceeded: boolean; readonly headers: Readonly<Record<string, string>> } {
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

/** Whether a request counts: consents routes do not, except users with their full tree. */
export function isRateLimited({ method, path, query }: FakeDidomiRequest): boolean {
  const route = withoutVersion(path);
  if (!route.startsWith('/consents/')) return true;
  return method === 'GET' && CONSENT_USERS.test(route) && query.get('$include_full_tree') === 'true';
}
