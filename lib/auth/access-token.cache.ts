import { readLifetime } from './access-token.claims.js';
import { AccessToken, type AccessTokenWindows } from './access-token.js';
import type { DidomiAuthPhase, DidomiAuthStatus } from './didomi-auth-status.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import { Pauses } from './pauses.js';
import { RejectionCoolDown } from './rejection-cool-down.js';
import { CLOSED_FAILURE, TokenRequestFailure } from './token-request-failure.js';
import type { TokenRequestGate } from './token-request.gate.js';
import type { IssuedAccessToken, TokenRequester } from './token-requester.js';

/** The longest time for which a caller without a usable access token waits for the next attempt. */
const MAX_CALLER_WAIT_MS = 2_000;
/** An access token of this age may not have reached all of Didomi's replicas yet. */
const YOUNG_MS = 5_000;
/** How long such an access token is given before its replay. */
const SETTLING_MS = 500;

/** Told of what happens to the access token. */
export interface AccessTokenListener {
  obtained(accessToken: AccessToken, isLifetimeAssumed: boolean): void;
  failed(failure: TokenRequestFailure): void;
}

/** The access token for a replay. */
export interface Replacement {
  readonly accessToken: string;
  /** How long to wait before the replay, in milliseconds. */
  readonly delayMs: number;
  /** Whether it came from a token request, and was not there already. */
  readonly isRequested: boolean;
}

interface Flight {
  readonly result: Promise<AccessToken | TokenRequestFailure>;
  hasBegun: boolean;
}

/**
 * Keeps the access token of one client and sees to it that at most one token request is in flight. Flights resolve in
 * every case, so none can become an unhandled rejection.
 */
export class AccessTokenCache {
  #current: AccessToken | undefined;
  /** The last one that was invalidated: if Didomi hands it out again, its expiry still stands. */
  #invalidated: AccessToken | undefined;
  #flight: Flight | undefined;
  #flightAfter: Promise<AccessToken | TokenRequestFailure> | undefined;
  #isAccepted = true;
  #isClosed = false;
  #failed = 0;
  readonly #coolDown = new RejectionCoolDown();
  readonly #pauses: Pauses;

  constructor(
    private readonly requester: TokenRequester,
    private readonly gate: TokenRequestGate,
    private readonly clock: DidomiClock,
    private readonly windows: AccessTokenWindows,
    private readonly listener: AccessTokenListener,
  ) {
    this.#pauses = new Pauses(clock);
  }

  /** The access token if a usable one is there. Starts a renewal in the background when one is due. */
  peek(): string | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const now = this.clock.now();
    if (!current.isUsable(now)) return undefined;
    if (current.isDue(now)) this.#startInBackground(now);
    return current.reveal();
  }

  /** What the flight under way brings, or one that starts now. */
  obtain(): Promise<AccessToken | TokenRequestFailure> {
    return this.#flight?.result ?? this.#start();
  }

  /** What a token request brings that begins after this call; shared by all who ask before it begins. */
  refresh(): Promise<AccessToken | TokenRequestFailure> {
    const flight = this.#flight;
    if (!flight?.hasBegun) return this.obtain();
    this.#flightAfter ??= flight.result.then(() => {
      this.#flightAfter = undefined;
      return this.obtain();
    });
    return this.#flightAfter;
  }

  /** Renews in the background what has been in use and is due. */
  renewIfDue(): void {
    const now = this.clock.now();
    const wasNeverNeeded = this.requester.sent === 0 && this.gate.lastFailure === undefined;
    if (wasNeverNeeded || (this.#current?.isUsable(now) && !this.#current.isDue(now))) return;
    this.#startInBackground(now);
  }

  /** Stops using this access token; ignored if it is not the current one. */
  invalidate(accessToken: string): void {
    if (!this.#current?.is(accessToken)) return;
    this.#invalidated = this.#current;
    this.#current = undefined;
  }

  /**
   * Another access token in place of one that Didomi answered 401 to; the failure of the token request; or undefined if
   * the 401 has to be passed on. Whoever comes late gets the current one, without a token request.
   */
  async replace(rejected: string): Promise<Replacement | TokenRequestFailure | undefined> {
    const now = this.clock.now();
    const current = this.#current;
    if (current !== undefined && !current.is(rejected) && current.isUsable(now)) {
      return { accessToken: current.reveal(), delayMs: 0, isRequested: false };
    }
    const canRequest = !this.#coolDown.isOpen(now) && this.gate.waitMs(now) === 0;
    if (this.#flight === undefined && !canRequest) return undefined;
    const isYoung = current?.is(rejected) && !this.#isAccepted && now - current.requestedAt < YOUNG_MS;
    // The rejected one stays in place until the other is here: if none can be had, it may be good for other requests.
    const replacement = await this.obtain();
    if (replacement instanceof TokenRequestFailure) return replacement;
    return {
      accessToken: replacement.reveal(),
      delayMs: isYoung || replacement.is(rejected) ? SETTLING_MS : 0,
      isRequested: true,
    };
  }

  /** Didomi answered 401 to a replay with an access token that was requested for it. */
  rejectedAgain(): void {
    this.#coolDown.open(this.clock.now());
  }

  /** Didomi accepted such a replay. */
  replayAccepted(): void {
    this.#coolDown.reset();
  }

  /** True until Didomi has accepted the current access token. */
  get isUnproven(): boolean {
    return !this.#isAccepted;
  }

  /** Didomi has accepted this access token. */
  accepted(accessToken: string | undefined): void {
    if (accessToken !== undefined && this.#current?.is(accessToken)) this.#isAccepted = true;
  }

  close(): void {
    this.#isClosed = true;
    this.#current = undefined;
    this.#invalidated = undefined;
    this.#pauses.endAll();
    this.requester.close();
  }

  get status(): DidomiAuthStatus {
    const now = this.clock.now();
    const { lastFailure } = this.gate;
    const needsAttempt = lastFailure !== undefined || !this.#current?.isUsable(now);
    const waitMs = needsAttempt ? this.gate.waitMs(now) : 0;
    return {
      phase: this.#phase(now, waitMs),
      ...(this.#current === undefined ? {} : { expiresAt: Math.round(this.#current.expiresAt) }),
      ...(waitMs === 0 ? {} : { nextAttemptAt: Math.round(now + waitMs) }),
      tokenRequests: { sent: this.requester.sent, failed: this.#failed },
      ...(lastFailure === undefined ? {} : { lastFailureReason: lastFailure.reason }),
    };
  }

  #phase(now: number, waitMs: number): DidomiAuthPhase {
    if (this.#isClosed) return 'closed';
    if (this.#flight?.hasBegun) return 'refreshing';
    if (this.gate.lastFailure?.isFinal) return 'rejected';
    if (waitMs > 0) return 'backing-off';
    if (this.#current?.isUsable(now)) return 'fresh';
    return this.requester.sent === 0 ? 'cold' : 'expired';
  }

  #startInBackground(now: number): void {
    if (this.#flight === undefined && this.gate.waitMs(now) === 0) void this.#start();
  }

  #start(): Promise<AccessToken | TokenRequestFailure> {
    if (this.#isClosed) return Promise.resolve(CLOSED_FAILURE);
    const now = this.clock.now();
    const waitMs = this.gate.waitMs(now);
    if (waitMs > MAX_CALLER_WAIT_MS || (waitMs > 0 && this.gate.lastFailure?.isFinal)) {
      return Promise.resolve(this.gate.refusal(now));
    }
    const flight: Flight = { hasBegun: false, result: Promise.resolve().then(() => this.#fly(flight, waitMs)) };
    this.#flight = flight;
    return flight.result;
  }

  async #fly(flight: Flight, waitMs: number): Promise<AccessToken | TokenRequestFailure> {
    try {
      if (this.#isClosed) return CLOSED_FAILURE;
      if (waitMs > 0) await this.#pauses.start(waitMs).ended;
      if (this.#isClosed) return CLOSED_FAILURE;
      flight.hasBegun = true;
      return await this.#request();
    } catch {
      // An adapter or a clock of the application's failed in a way it must not. Callers get an answer all the same.
      const failure = new TokenRequestFailure('unavailable', 'The token request failed unexpectedly');
      this.gate.failed(failure, undefined, this.clock.now());
      return failure;
    } finally {
      this.#flight = undefined;
    }
  }

  async #request(): Promise<AccessToken | TokenRequestFailure> {
    const onlyIfChanged = this.gate.wantsChangedCredentials(this.clock.now());
    const outcome = await this.requester.request(onlyIfChanged);
    if (this.#isClosed) return CLOSED_FAILURE;
    if (outcome.result instanceof TokenRequestFailure) return this.#fail(outcome.result, outcome.sentAt);
    return this.#keep(outcome.result);
  }

  #keep({ value, sentAt }: IssuedAccessToken): AccessToken | TokenRequestFailure {
    const { lifetimeMs, isAssumed } = readLifetime(value, sentAt);
    const known = [this.#current, this.#invalidated].find((accessToken) => accessToken?.is(value));
    if (known !== undefined && !isAssumed) return this.#keepKnown(known, sentAt);
    const accessToken = new AccessToken(value, sentAt, lifetimeMs, this.windows);
    this.gate.succeeded(sentAt, lifetimeMs);
    this.#current = accessToken;
    this.#invalidated = undefined;
    this.#isAccepted = false;
    this.#tell(() => this.listener.obtained(accessToken, isAssumed));
    return accessToken;
  }

  /** The same access token once more lives no longer than before: asking again at once would ask for ever. */
  #keepKnown(known: AccessToken, sentAt: number): AccessToken | TokenRequestFailure {
    const failure = new TokenRequestFailure('malformed', 'Didomi answered with the same access token as before');
    this.#fail(failure, sentAt);
    if (this.clock.now() >= known.expiresAt) return failure;
    this.#current = known;
    return known;
  }

  #fail(failure: TokenRequestFailure, sentAt: number | undefined): TokenRequestFailure {
    this.#failed += sentAt === undefined ? 0 : 1;
    this.gate.failed(failure, sentAt, this.clock.now());
    this.#tell(() => this.listener.failed(failure));
    return failure;
  }

  /** The application's logger stands behind the listener, and may throw. That must not cost anybody the access token. */
  #tell(event: () => void): void {
    try {
      event();
    } catch {
      // There is nobody to tell: the logger is what has failed.
    }
  }
}
