import type { AccessToken } from './access-token.js';
import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { Pauses } from './pauses.js';
import type { TokenRequestAttempts } from './token-request.attempts.js';
import { CLOSED_FAILURE, TokenRequestFailure } from './token-request-failure.js';
import type { TokenRequestGate } from './token-request.gate.js';
import type { IssuedAccessToken } from './token-requester.js';

/** The longest time for which a caller without a usable access token waits for the next attempt. */
const MAX_CALLER_WAIT_MS = 2_000;

export type TokenRequestResult = AccessToken | TokenRequestFailure;

/** One token request with its retries, shared by everybody who needs an access token meanwhile. */
interface Flight {
  /** Why it was started. */
  readonly trigger: DidomiRefreshTrigger;
  /** Never rejects, so that a flight nobody waits for cannot become an unhandled rejection. */
  readonly result: Promise<TokenRequestResult>;
  /** False while it waits for back-off or budget. */
  isRequesting: boolean;
  /** Set once somebody waits: ends what keeps the process alive for them. */
  release: (() => void) | undefined;
}

/**
 * Single flight: at most one token request is under way, and it starts when the gate allows it.
 */
export class TokenRequestFlights {
  #current: Flight | undefined;
  #next: Promise<TokenRequestResult> | undefined;
  #isClosed = false;

  /** @param store keeps what Didomi has issued. */
  constructor(
    private readonly attempts: TokenRequestAttempts,
    private readonly gate: TokenRequestGate,
    private readonly clock: DidomiClock,
    private readonly pauses: Pauses,
    private readonly listener: AccessTokenListener,
    private readonly store: (issued: IssuedAccessToken, attempt: TokenRequestAttempt) => TokenRequestResult,
  ) {}

  get isUnderWay(): boolean {
    return this.#current !== undefined;
  }

  get isRequesting(): boolean {
    return this.#current?.isRequesting ?? false;
  }

  /** The result of the flight under way, or of one that starts now. */
  join(trigger: DidomiRefreshTrigger): Promise<TokenRequestResult> {
    const flight = this.#current ?? this.#start(trigger);
    if (flight instanceof TokenRequestFailure) return Promise.resolve(flight);
    flight.release ??= this.clock.keepAlive();
    return flight.result;
  }

  /** The result of a token request that is sent after this call; shared by all who ask before it is sent. */
  joinNext(trigger: DidomiRefreshTrigger): Promise<TokenRequestResult> {
    const flight = this.#current;
    if (!flight?.isRequesting) return this.join(trigger);
    this.#next ??= flight.result.then(() => {
      this.#next = undefined;
      return this.join(trigger);
    });
    return this.#next;
  }

  /** Starts a flight that nobody waits for, unless one is under way or the gate is closed. */
  startInBackground(trigger: DidomiRefreshTrigger): void {
    if (this.#current === undefined && this.gate.waitMs(this.clock.monotonic()) === 0) this.#start(trigger);
  }

  /** From now on nothing waits and nothing is retried. Token requests may still be sent: shutdown hooks may need Didomi. */
  beginShutdown(): void {
    this.pauses.endAll();
  }

  close(): void {
    this.#isClosed = true;
    this.pauses.endAll();
    this.attempts.abort();
  }

  #start(trigger: DidomiRefreshTrigger): Flight | TokenRequestFailure {
    if (this.#isClosed) return CLOSED_FAILURE;
    const now = this.clock.monotonic();
    const waitMs = this.gate.waitMs(now);
    if (waitMs > 0 && !this.#isWorthWaiting(waitMs)) return this.gate.refusal(now);
    const flight: Flight = {
      trigger,
      isRequesting: false,
      release: undefined,
      // Starts in a microtask, so that callers of refresh() in this turn share this flight.
      result: Promise.resolve().then(() => this.#run(flight, waitMs)),
    };
    this.#current = flight;
    return flight;
  }

  #isWorthWaiting(waitMs: number): boolean {
    return waitMs <= MAX_CALLER_WAIT_MS && !this.gate.lastFailure?.isFinal && !this.pauses.areOver;
  }

  async #run(flight: Flight, waitMs: number): Promise<TokenRequestResult> {
    try {
      if (waitMs > 0 && !(await this.#waited(waitMs))) return CLOSED_FAILURE;
      if (this.#isClosed) return CLOSED_FAILURE;
      flight.isRequesting = true;
      const { result, attempt } = await this.attempts.run(flight.trigger, () => flight.release !== undefined);
      if (this.#isClosed) return CLOSED_FAILURE;
      const stored = result instanceof TokenRequestFailure ? result : this.store(result, attempt);
      return stored instanceof TokenRequestFailure ? this.#failed(stored, attempt) : stored;
    } catch {
      // A clock of the application's failed in a way it must not. Callers get an answer all the same.
      const failure = new TokenRequestFailure('unavailable', 'The token request failed unexpectedly');
      this.gate.failed(failure, undefined, this.clock.monotonic());
      return failure;
    } finally {
      flight.release?.();
      this.#current = undefined;
    }
  }

  /** False if the shutdown has ended the wait. */
  async #waited(waitMs: number): Promise<boolean> {
    this.listener.waiting(waitMs);
    await this.pauses.start(waitMs).ended;
    return !this.pauses.areOver;
  }

  #failed(failure: TokenRequestFailure, attempt: TokenRequestAttempt): TokenRequestFailure {
    const waitMs = this.gate.waitMs(this.clock.monotonic());
    this.listener.failed(failure, attempt, waitMs);
    return failure.withRetryAfter(waitMs);
  }
}
