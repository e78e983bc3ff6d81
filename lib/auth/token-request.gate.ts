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
  /** For how long after the rejection, in milliseconds, it is pointless to send the same credentials again. */
  #probeAfterMs = 0;
  #rejectedAt = 0;

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
    this.#rejectedAt = Math.min(this.#rejectedAt, now);
    return now < this.#rejectedAt + this.#probeAfterMs;
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
    this.#probeAfterMs = 0;
  }

  /** @param sentAt when the token request was sent; absent if none was. */
  failed(failure: TokenRequestFailure, sentAt: number | undefined, now: number): void {
    this.#failures += 1;
    this.#lastFailure = failure;
    this.#closedAt = now;
    this.#closedForMs = this.#backOffAfter(failure, sentAt !== undefined);
    if (sentAt === undefined) return;
    this.budget.spend(sentAt);
    if (failure.reason === 'rejected') {
      this.#rejectedAt = now;
      this.#probeAfterMs = this.#jitter(PROBE_MS);
    }
  }

  #backOffAfter(failure: TokenRequestFailure, wasSent: boolean): number {
    if (failure.isFinal) {
      const sendsNothing = !wasSent || (failure.reason === 'rejected' && this.credentialsCanChange);
      return sendsNothing ? CREDENTIALS_CHECK_MS : this.#jitter(PROBE_MS);
    }
    if (failure.reason === 'throttled') {
      return Math.min(failure.retryAfterMs ?? this.#jitter(DEFAULT_THROTTLE_MS), MAX_THROTTLE_MS);
    }
    return this.#jitter(Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(this.#failures - 1, 10), MAX_BACK_OFF_MS));
  }

  #backOffMs(now: number): number {
    // Where the clock was set back, the wait begins anew: for a moment of the old time it could take for ever.
    this.#closedAt = Math.min(this.#closedAt, now);
    return Math.max(0, this.#closedAt + this.#closedForMs - now);
  }

  /** A random length between half and the whole of it, so that replicas do not try in step. */
  #jitter(ms: number): number {
    return ms * (0.5 + this.random() / 2);
  }
}
