import type { Observable } from 'rxjs';
import type { AccessToken } from './access-token.js';
import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import { ClientEvents } from './client-events.js';
import type { DidomiAuthEvent, DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/** Publishes what happens to the access token of one client, never its value. */
export class AccessTokenEvents implements AccessTokenListener {
  readonly events$: Observable<DidomiAuthEvent>;
  readonly #events: ClientEvents<DidomiAuthEvent>;

  constructor(
    client: string | undefined,
    private readonly clock: DidomiClock,
  ) {
    this.#events = new ClientEvents(client, clock);
    this.events$ = this.#events.events$;
  }

  /** Completes the events. */
  close(): void {
    this.#events.complete();
  }

  obtained(accessToken: AccessToken, _isLifetimeAssumed: boolean, attempt: TokenRequestAttempt): void {
    this.#events.publish({
      type: 'refreshed',
      trigger: attempt.trigger,
      attempt: attempt.number,
      durationMs: attempt.durationMs ?? 0,
      expiresAt: this.#expiryOf(accessToken),
      lifetimeMs: accessToken.lifetimeMs,
    });
  }

  failed({ reason, status }: TokenRequestFailure, attempt: TokenRequestAttempt, retryInMs: number): void {
    const { trigger, number, durationMs } = attempt;
    this.#events.publish({
      type: 'refresh-failed',
      trigger,
      attempt: number,
      ...(durationMs === undefined ? {} : { durationMs }),
      reason,
      ...(status === undefined ? {} : { status }),
      retryInMs: Math.round(retryInMs),
    });
  }

  retrying(failure: TokenRequestFailure, attempt: TokenRequestAttempt, pauseMs: number): void {
    this.failed(failure, attempt, pauseMs);
  }

  waiting(): void {
    // The failure before it has told how long the next attempt waits.
  }

  rejected(accessToken: AccessToken): void {
    this.#events.publish({ type: 'rejected', expiresAt: this.#expiryOf(accessToken) });
  }

  invalidated(accessToken: AccessToken): void {
    this.#events.publish({ type: 'invalidated', expiresAt: this.#expiryOf(accessToken) });
  }

  adopted(accessToken: AccessToken, trigger: DidomiRefreshTrigger): void {
    this.#events.publish({ type: 'adopted', trigger, expiresAt: this.#expiryOf(accessToken) });
  }

  #expiryOf({ expiresAt }: AccessToken): number {
    return Math.round(this.clock.now() + expiresAt - this.clock.monotonic());
  }
}
