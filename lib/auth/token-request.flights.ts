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
  /** Whether no token request may be sent, so that an access token of another replica is all that there may be. */
  readonly isRefused: boolean;
  /** Whether an access token of another replica will not do. */
  isForced: boolean;
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

  /** @param store keeps what Didomi has issued to this client or to another replica. */
  constructor(
    private readonly attempts: TokenRequestAttempts,
    private readonly gate: TokenRequestGate,
    private readonly clock: DidomiClock,
    private readonly pauses: Pauses,
    private readonly listener: AccessTokenListener,
    private readonly store: (
      result: AccessToken | IssuedAccessToken,
      attempt: TokenRequestAttempt,
    ) => TokenRequestResult,
  ) {}

  get isUnderWay(): boolean {
    return this.#current !== undefined && !this.#current.isRefused;
  }

  get isRequesting(): boolean {
    return this.#current?.isRequesting ?? false;
  }

  /** Whether one that joins may get an access token of another replica, although no token request may be sent. */
  get canLook(): boolean {
    return this.#current?.isRefused ?? this.attempts.requester.canLook;
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
    if (flight === undefined || !(flight.isRequesting || flight.isRefused)) return this.#force(trigger);
    this.#next ??= flight.result.then(() => {
      this.#next = undefined;
      return this.#force(trigger);
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

  /** The flight that is under way must not have begun its token request. */
  #force(trigger: DidomiRefreshTrigger): Promise<TokenRequestResult> {
    const result = this.join(trigger);
    if (this.#current !== undefined) this.#current.isForced = true;
    return result;
  }

  #start(trigger: DidomiRefreshTrigger): Flight | TokenRequestFailure {
    if (this.#isClosed) return CLOSED_FAILURE;
    const now = this.clock.monotonic();
    const waitMs = this.gate.waitMs(now);
    const isRefused = waitMs > 0 && !this.#isWorthWaiting(waitMs);
    if (isRefused && !this.attempts.requester.canLook) return this.gate.refusal(now);
    const flight: Flight = {
      trigger,
      isRequesting: false,
      isRefused,
      isForced: false,
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
      if (flight.isRefused) return await this.#look(flight);
      if (waitMs > 0 && !(await this.#waited(waitMs))) return CLOSED_FAILURE;
      if (this.#isClosed) return CLOSED_FAILURE;
      flight.isRequesting = true;
      const isAwaited = (): boolean => flight.release !== undefined;
      const { result, attempt } = await this.attempts.run(flight.trigger, isAwaited, flight.isForced);
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

  async #look({ isForced, trigger }: Flight): Promise<TokenRequestResult> {
    const shared = isForced ? undefined : await this.attempts.requester.look();
    if (this.#isClosed) return CLOSED_FAILURE;
    return shared === undefined
      ? this.gate.refusal(this.clock.monotonic())
      : this.store(shared, { trigger, number: 1, durationMs: undefined });
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
