import { AccessToken, type AccessTokenWindows } from './access-token.js';
import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import { readStatus, type AccessTokenStatus } from './access-token.status.js';
import type { CurrentAccessToken } from './current-access-token.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import { Pauses } from './pauses.js';
import { RejectionCoolDown } from './rejection-cool-down.js';
import { TokenRequestAttempts } from './token-request.attempts.js';
import { TokenRequestFailure } from './token-request-failure.js';
import { TokenRequestFlights, type TokenRequestResult } from './token-request.flights.js';
import type { TokenRequestGate } from './token-request.gate.js';
import type { IssuedAccessToken, TokenRequester } from './token-requester.js';

/** How long an access token that Didomi may not know everywhere yet is given before its replay. */
const SETTLING_MS = 500;

/** How to replay with another access token, which is the current one by now. */
export interface Replacement {
  /** How long to wait before the replay, in milliseconds. */
  readonly delayMs: number;
  /** Whether it came from a token request, and was not there already. */
  readonly isRequested: boolean;
}

/**
 * The access token of one client and everything that happens to it. Its state is the sum of four:
 *
 * - the access token in use, if any: usable, due for renewal, or neither ({@link CurrentAccessToken});
 * - the token request under way, if any ({@link TokenRequestFlights});
 * - the gate, which back-off and budget keep closed for a while ({@link TokenRequestGate});
 * - the cool-down after 401s that no new access token has helped against ({@link RejectionCoolDown}).
 */
export class AccessTokenCache {
  readonly #current: CurrentAccessToken;
  readonly #flights: TokenRequestFlights;
  readonly #coolDown = new RejectionCoolDown();
  #isClosed = false;
  /** Whether anybody has asked for an access token, see {@link renewIfDue}. */
  #isUsed = false;

  /** @param timeoutMs bounds a token request and its retries. */
  constructor(
    private readonly requester: TokenRequester,
    private readonly gate: TokenRequestGate,
    private readonly clock: DidomiClock,
    private readonly windows: AccessTokenWindows,
    private readonly listener: AccessTokenListener,
    timeoutMs: number,
    current: CurrentAccessToken,
  ) {
    this.#current = current;
    const pauses = new Pauses(clock);
    const attempts = new TokenRequestAttempts(requester, gate, clock, pauses, listener, timeoutMs);
    this.#flights = new TokenRequestFlights(attempts, gate, clock, pauses, listener, (issued, attempt) =>
      this.#store(issued, attempt),
    );
  }

  /** The access token if it is usable. Starts a renewal in the background if one is due. */
  peek(): string | undefined {
    this.#isUsed = true;
    const now = this.clock.monotonic();
    const current = this.#current.usable(now);
    if (current?.isDue(now)) this.#flights.startInBackground('renewal');
    return current?.reveal();
  }

  /** What the token request under way brings, or one that starts now. Never rejects. */
  obtain(trigger: DidomiRefreshTrigger): Promise<TokenRequestResult> {
    this.#isUsed = true;
    return this.#flights.join(trigger);
  }

  /** What a token request brings that is sent after this call; shared by all who ask before it is sent. */
  refresh(): Promise<TokenRequestResult> {
    this.#isUsed = true;
    return this.#flights.joinNext('refresh');
  }

  /** Requests an access token for which nobody waits yet. */
  warmUp(): void {
    this.#isUsed = true;
    this.#flights.startInBackground('warmup');
  }

  /** Renews in the background if that is due and the client was called; `isOncePerUse`: since the last such renewal. */
  renewIfDue(isOncePerUse = false): void {
    if (!this.#isUsed || this.#current.isFresh(this.clock.monotonic())) return;
    this.#isUsed = !isOncePerUse;
    this.#flights.startInBackground('renewal');
  }

  /** Stops using this access token; ignored if it is not the current one. */
  invalidate(accessToken: string): void {
    const invalidated = this.#current.invalidate(accessToken);
    if (invalidated !== undefined) this.listener.invalidated(invalidated);
  }

  /**
   * Another access token in place of one that Didomi answered 401 to; the failure of the token request; or undefined if
   * the 401 has to be passed on. After the current one was replaced, a late 401 gets it without a token request.
   */
  async replace(rejected: string): Promise<Replacement | TokenRequestFailure | undefined> {
    const now = this.clock.monotonic();
    this.#reject(rejected);
    const current = this.#current.usable(now);
    if (current !== undefined && !current.is(rejected)) return { delayMs: 0, isRequested: false };
    const canRequest = this.#flights.isUnderWay || (!this.#coolDown.isOpen(now) && this.gate.waitMs(now) === 0);
    if (!canRequest && (this.#coolDown.isOpen(now) || !this.#flights.canLook)) return undefined;
    const isYoung = this.#current.isYoung(rejected, now);
    // The rejected one stays in use until the other is here: if none can be had, it may be good for other requests.
    const replacement = await this.obtain('rejected');
    if (replacement instanceof TokenRequestFailure) return canRequest ? replacement : undefined;
    const needsTime = isYoung || replacement.is(rejected);
    return { delayMs: needsTime ? SETTLING_MS : 0, isRequested: !this.#current.isAdopted };
  }

  /** Didomi answered 401 to a replay with an access token that was requested for it. */
  rejectedAgain(accessToken: string): void {
    this.#reject(accessToken);
    this.#coolDown.open(this.clock.monotonic());
  }

  /** Didomi accepted such a replay. */
  replayAccepted(): void {
    this.#coolDown.reset();
  }

  /** True until Didomi has accepted the current access token, and again after a 401. */
  get isUnproven(): boolean {
    return !this.#current.isAccepted || this.#current.isRejected;
  }

  /** Didomi has accepted this access token. */
  accepted(accessToken: string | undefined): void {
    this.#current.accept(accessToken);
  }

  /** Forgets failures, back-off and cool-down, as if the client were new. The access token and a flight under way stay. */
  reset(): void {
    this.gate.reset();
    this.#coolDown.reset();
  }

  /** Ends what waits for the next attempt or a retry. Token requests are still sent if calls need them. */
  beginShutdown(): void {
    this.#flights.beginShutdown();
  }

  /** Aborts the token request under way; from now on every call is refused as `closed`. */
  close(): void {
    this.#isClosed = true;
    this.#current.clear();
    this.#flights.close();
    this.requester.close();
  }

  get status(): AccessTokenStatus {
    const { clock, gate, requester } = this;
    const parts = { isClosed: this.#isClosed, isRequesting: this.#flights.isRequesting, coolDown: this.#coolDown };
    return readStatus({ ...parts, current: this.#current, gate, requester, clock });
  }

  #reject(accessToken: string): void {
    const rejected = this.#current.reject(accessToken);
    if (rejected !== undefined) this.listener.rejected(rejected);
  }

  #store(result: AccessToken | IssuedAccessToken, attempt: TokenRequestAttempt): TokenRequestResult {
    if (result instanceof AccessToken) return this.#adopt(result, attempt);
    const { value, sentAt, lifetimeMs, isAssumed } = result;
    const known = this.#current.known(value);
    if (known !== undefined && !isAssumed) return this.#storeAgain(known, sentAt, attempt);
    const accessToken = new AccessToken(value, sentAt, lifetimeMs, this.windows);
    this.gate.succeeded(sentAt, lifetimeMs);
    this.#current.set(accessToken, { trigger: attempt.trigger, at: this.clock.monotonic() });
    this.listener.obtained(accessToken, isAssumed, attempt);
    return accessToken;
  }

  #adopt(accessToken: AccessToken, { trigger }: TokenRequestAttempt): AccessToken {
    this.gate.adopted(accessToken.lifetimeMs);
    this.#current.adopt(accessToken, { trigger, at: this.clock.monotonic() });
    this.listener.adopted(accessToken, trigger);
    return accessToken;
  }

  /** The same access token once more lives no longer than before: asking again at once would ask for ever. */
  #storeAgain(known: AccessToken, sentAt: number, attempt: TokenRequestAttempt): TokenRequestResult {
    const now = this.clock.monotonic();
    const failure = new TokenRequestFailure('malformed', 'Didomi answered with the same access token as before');
    this.gate.failed(failure, sentAt, now);
    if (now >= known.expiresAt) return failure;
    this.listener.failed(failure, attempt, this.gate.waitMs(now));
    this.#current.restore(known);
    return known;
  }
}
