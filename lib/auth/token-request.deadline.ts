import type { DidomiClock } from './didomi.clock.js';

/** Ends one token request and its retries, when the time is over or the client is closed. */
export class TokenRequestDeadline {
  readonly #abort = new AbortController();
  readonly #endsAt: number;
  readonly #cancel: () => void;

  constructor(
    private readonly clock: DidomiClock,
    timeoutMs: number,
  ) {
    this.#endsAt = clock.monotonic() + timeoutMs;
    this.#cancel = clock.schedule(() => this.abort(), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get leftMs(): number {
    return this.#endsAt - this.clock.monotonic();
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Takes the timer back. */
  clear(): void {
    this.#cancel();
  }
}
