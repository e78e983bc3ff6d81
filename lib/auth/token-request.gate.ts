import type { DidomiNextAttemptReason } from './didomi-auth-status.interface.js';
import type { TokenRequestBudget } from './token-request.budget.js';
import { TokenRequestFailure } from './token-request-failure.js';

const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 60_000;
/** Didomi's rate limit counts in windows of 15 s: waiting one of them is right when a 429 names no time. */
const DEFAULT_THROTTLE_MS = 15_000;
/** Several windows of Didomi's rate limit. An answer that asks for more is wrong or not Didomi's, and must not stop logins for hours. */
const MAX_RETRY_AFTER_MS = 60_000;
/** How often rejected credentials are tried again, in case they were enabled meanwhile. */
const PROBE_MS = 300_000;
/** How often rejected credentials are compared with what `credentials()` returns now. Sends nothing. */
const CREDENTIALS_CHECK_MS = 10_000;

/**
 * Decides when the next token request may be sent: after failures by a back-off, and at all times by the budget.
 *
 * Every moment is one of `DidomiClock.monotonic()`.
 */
export class TokenRequestGate {
  #failures = 0;
  #failedRequests = 0;
  #lastFailure: TokenRequestFailure | undefined;
  #closedUntil = 0;
  /** Until then, it is pointless to send the rejected credentials again. */
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

  /** How many token requests were sent in vain. */
  get failedRequests(): number {
    return this.#failedRequests;
  }

  /** Milliseconds until a token request may be sent; 0 if it may now. */
  waitMs(now: number): number {
    return Math.max(this.#backOffMs(now), this.budget.waitMs(now));
  }

  /** What the next token request waits for. */
  waitReason(now: number): Exclude<DidomiNextAttemptReason, 'renewal'> {
    if (this.budget.waitMs(now) > this.#backOffMs(now)) return 'budget';
    if (!this.#lastFailure?.isFinal) return 'back-off';
    return this.needsOtherCredentials(this.#closedUntil) ? 'credentials-check' : 'probe';
  }

  /** Whether the budget has room for a retry. */
  allowsRetry(now: number): boolean {
    return this.budget.hasRoomForRetry(now);
  }

  /** Whether there may be other credentials than rejected ones, and the budget has room for them. */
  allowsOtherCredentials(now: number): boolean {
    return this.credentialsCanChange && this.allowsRetry(now);
  }

  /** Whether only other credentials than the rejected ones are worth a token request. */
  needsOtherCredentials(now: number): boolean {
    return now < this.#probeAt;
  }

  /** Why no token request may be sent now. */
  refusal(now: number): TokenRequestFailure {
    const waitMs = this.waitMs(now);
    const last = this.#lastFailure;
    if (last !== undefined && this.#backOffMs(now) === waitMs) return last.withRetryAfter(waitMs);
    return new TokenRequestFailure(
      'throttled',
      `The client has used up its budget of token requests (maxTokenRequestsPerMinute)${last ? `. ${last.message}` : ''}`,
      { retryAfterMs: waitMs },
    );
  }

  succeeded(sentAt: number, lifetimeMs: number): void {
    this.budget.spend(sentAt);
    this.adopted(lifetimeMs);
  }

  /** Another replica has got an access token, so whatever has failed here works again. Nothing was sent. */
  adopted(lifetimeMs: number): void {
    this.budget.adaptTo(lifetimeMs);
    this.#forgetFailures();
  }

  /** Forgets everything, token requests that were sent included. */
  reset(): void {
    this.budget.reset();
    this.#forgetFailures();
  }

  /** @param sentAt when the token request was sent; absent if none was. */
  failed(failure: TokenRequestFailure, sentAt: number | undefined, now: number): void {
    this.#failures += 1;
    this.#lastFailure = failure;
    this.#closedUntil = now + this.#backOffAfter(failure, sentAt !== undefined);
    if (sentAt === undefined) return;
    this.#failedRequests += 1;
    this.budget.spend(sentAt);
    // Credentials that cannot change have nothing else to wait for.
    if (failure.isFinal) this.#probeAt = this.credentialsCanChange ? now + this.#jitter(PROBE_MS) : this.#closedUntil;
  }

  #forgetFailures(): void {
    this.#failures = 0;
    this.#lastFailure = undefined;
    this.#closedUntil = 0;
    this.#probeAt = 0;
  }

  #backOffAfter(failure: TokenRequestFailure, wasSent: boolean): number {
    if (failure.isFinal) return !wasSent || this.credentialsCanChange ? CREDENTIALS_CHECK_MS : this.#jitter(PROBE_MS);
    const askedMs = failure.retryAfterMs === undefined ? undefined : Math.min(failure.retryAfterMs, MAX_RETRY_AFTER_MS);
    if (failure.reason === 'throttled') return askedMs ?? this.#jitter(DEFAULT_THROTTLE_MS);
    const backOffMs = this.#jitter(
      Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(this.#failures - 1, 10), MAX_BACK_OFF_MS),
    );
    return Math.max(backOffMs, askedMs ?? 0);
  }

  #backOffMs(now: number): number {
    return Math.max(0, this.#closedUntil - now);
  }

  /** A random length between half and the whole of it, so that replicas do not try in step. */
  #jitter(ms: number): number {
    return ms * (0.5 + this.random() / 2);
  }
}
