import type { TokenRequestBudget } from './token-request.budget.js';
import { TokenRequestFailure } from './token-request-failure.js';

const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 60_000;
/** Didomi's rate limit counts in windows of 15 s: waiting one of them is right when a 429 names no time. */
const DEFAULT_THROTTLE_MS = 15_000;
/** An absurd `Retry-After` must not stop the client for days. */
const MAX_THROTTLE_MS = 3_600_000;
/** How often rejected credentials are tried again, in case they were enabled meanwhile. */
const PROBE_MS = 300_000;
/** How often rejected credentials are compared with what `credentials()` returns now. Sends nothing. */
const CREDENTIALS_CHECK_MS = 10_000;

/**
 * Decides when the next token request may be sent: after failures by a back-off, and at all times by the budget.
 */
export class TokenRequestGate {
  #failures = 0;
  #lastFailure: TokenRequestFailure | undefined;
  #closedAt = 0;
  #closedForMs = 0;
  #probeAt = 0;

  constructor(
    private readonly budget: TokenRequestBudget,
    private readonly credentialsCanChange: boolean,
    /** From 0 up to 1. */
    private readonly random: () => number = Math.random,
  ) {}

  /** The failure since which there was no success. */
  get lastFailure(): TokenRequestFailure | undefined {
    return this.#lastFailure;
  }

  /** Milliseconds until a token request may be sent; 0 if it may now. */
  waitMs(now: number): number {
    return Math.max(this.#backOffMs(now), this.budget.waitMs(now));
  }

  /** True while a token request with unchanged credentials is pointless. */
  wantsChangedCredentials(now: number): boolean {
    return this.#lastFailure?.reason === 'rejected' && now < this.#probeAt;
  }

  /** What a caller is told who cannot wait until the gate opens. */
  refusal(now: number): TokenRequestFailure {
    const waitMs = this.waitMs(now);
    const last = this.#lastFailure;
    if (last !== undefined && this.#backOffMs(now) === waitMs) {
      const { reason, message, status } = last;
      return new TokenRequestFailure(reason, message, { status, retryAfterMs: last.isFinal ? undefined : waitMs });
    }
    return new TokenRequestFailure(
      'throttled',
      `The client has used up its budget of token requests (maxTokenRequestsPerMinute)${last ? `. ${last.message}` : ''}`,
      { retryAfterMs: waitMs },
    );
  }

  succeeded(sentAt: number, lifetimeMs: number): void {
    this.budget.spend(sentAt);
    this.budget.adaptTo(lifetimeMs);
    this.#failures = 0;
    this.#lastFailure = undefined;
    this.#closedForMs = 0;
  }

  /** @param sentAt when the token request was sent; absent if none was. */
  failed(failure: TokenRequestFailure, sentAt: number | undefined, now: number): void {
    const isUnchanged = sentAt === undefined && failure.reason === 'rejected';
    if (sentAt !== undefined) this.budget.spend(sentAt);
    // The failure that Didomi answered says more than that nothing has changed since.
    if (!isUnchanged) {
      this.#failures += 1;
      this.#lastFailure = failure;
      this.#probeAt = now + this.#jitter(PROBE_MS);
    }
    this.#closedAt = now;
    this.#closedForMs = this.#backOffAfter(failure, sentAt !== undefined);
  }

  #backOffAfter(failure: TokenRequestFailure, wasSent: boolean): number {
    if (failure.isFinal) {
      const sendsNothing = !wasSent || (failure.reason === 'rejected' && this.credentialsCanChange);
      return sendsNothing ? CREDENTIALS_CHECK_MS : this.#probeAt - this.#closedAt;
    }
    if (failure.reason === 'throttled') {
      return Math.min(failure.retryAfterMs ?? this.#jitter(DEFAULT_THROTTLE_MS), MAX_THROTTLE_MS);
    }
    return this.#jitter(Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(this.#failures - 1, 10), MAX_BACK_OFF_MS));
  }

  #backOffMs(now: number): number {
    // The clock was set back: waiting for a moment of the old time could take for ever.
    if (now < this.#closedAt) return 0;
    return Math.max(0, this.#closedAt + this.#closedForMs - now);
  }

  /** A random length between half and the whole of it, so that replicas do not try in step. */
  #jitter(ms: number): number {
    return ms * (0.5 + this.random() / 2);
  }
}
