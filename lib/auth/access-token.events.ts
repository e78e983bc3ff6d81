import { Subject, type Observable } from 'rxjs';
import type { AccessToken } from './access-token.js';
import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import type { DidomiAuthEvent, DidomiClientEvent } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';
import type { TokenRequestFailure } from './token-request-failure.js';

type WithoutOrigin<E> = E extends DidomiClientEvent ? Omit<E, keyof DidomiClientEvent> : never;

/** Publishes what happens to the access token of one client, never its value. */
export class AccessTokenEvents implements AccessTokenListener {
  readonly #events = new Subject<DidomiAuthEvent>();
  readonly events$: Observable<DidomiAuthEvent> = this.#events.asObservable();

  constructor(
    private readonly client: string | undefined,
    private readonly clock: DidomiClock,
  ) {}

  obtained(accessToken: AccessToken, _isLifetimeAssumed: boolean, attempt: TokenRequestAttempt): void {
    this.#publish({
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
    this.#publish({
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
    this.#publish({ type: 'rejected', expiresAt: this.#expiryOf(accessToken) });
  }

  invalidated(accessToken: AccessToken): void {
    this.#publish({ type: 'invalidated', expiresAt: this.#expiryOf(accessToken) });
  }

  adopted(accessToken: AccessToken): void {
    this.#publish({ type: 'adopted', expiresAt: this.#expiryOf(accessToken) });
  }

  /** Completes the events. */
  close(): void {
    this.#events.complete();
  }

  #publish(event: WithoutOrigin<DidomiAuthEvent>): void {
    if (!this.#events.observed) return;
    try {
      this.#events.next({ ...event, client: this.client, at: this.clock.now() });
    } catch {
      // RxJS reports what a subscriber throws by itself, unless it is set to throw it here. It is none of the client's failures.
    }
  }

  #expiryOf({ expiresAt }: AccessToken): number {
    return Math.round(this.clock.now() + expiresAt - this.clock.monotonic());
  }
}
