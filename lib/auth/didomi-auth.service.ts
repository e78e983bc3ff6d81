import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import { serviceInProviders } from '../errors/service-in-providers.js';
import type { DidomiSettings } from '../options/resolved-didomi-options.js';
import type { AccessToken } from './access-token.js';
import type { AccessTokenCache } from './access-token.cache.js';
import type { AccessTokenCron } from './access-token.cron.js';
import type { AccessTokenEvents } from './access-token.events.js';
import type { DidomiAuthEvent, DidomiRefreshTrigger } from './didomi-auth-event.interface.js';
import type { DidomiAuthStatus } from './didomi-auth-status.interface.js';
import { TokenRequestFailure } from './token-request-failure.js';

/** What the service takes beside the access token. */
export interface DidomiAuthInsight {
  readonly events: AccessTokenEvents;
  /** The API requests of the client. */
  readonly readRequests: () => Pick<DidomiAuthStatus, 'requests' | 'rateLimit'>;
}

/**
 * Keeps one access token for Didomi's API and renews it before it expires. `DidomiHttpService` uses it by itself; inject it
 * for health checks, or to send an access token through another client.
 *
 * @publicApi
 */
export class DidomiAuthService implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #cache: AccessTokenCache;
  readonly #cron: AccessTokenCron | undefined;
  readonly #settings: DidomiSettings;
  readonly #insight: DidomiAuthInsight;

  /**
   * @internal
   * @param cron absent where another renews the access token.
   */
  constructor(
    cache: AccessTokenCache,
    cron: AccessTokenCron | undefined,
    settings: DidomiSettings,
    insight: DidomiAuthInsight,
  ) {
    if (cache === undefined) throw serviceInProviders(new.target.name);
    this.#cache = cache;
    this.#cron = cron;
    this.#settings = settings;
    this.#insight = insight;
  }

  /**
   * A usable access token: the current one, or else the one of a token request that all callers share. A token request without an
   * answer, or with a 5xx, is retried up to twice within `tokenRequestTimeoutMs`.
   *
   * @throws DidomiAuthenticationError if there is none.
   */
  async getAccessToken(): Promise<string> {
    return await this.#obtain('call');
  }

  /**
   * The access token of a token request that is sent after this call, shared by all who ask before that. Needed only when the
   * current one is known to be unsuitable; renewals before expiry happen by themselves.
   *
   * @throws DidomiAuthenticationError if there is none. A current one that is still usable stays in use.
   */
  async refresh(): Promise<string> {
    return reveal(await this.#cache.refresh());
  }

  /**
   * Stops using an access token that Didomi has refused, so that the next call requests another. Ignored if it is not the
   * current one, since it has been replaced then.
   */
  invalidate(accessToken: string): void {
    this.#cache.invalidate(accessToken);
  }

  /** A snapshot of the access token's life, and of the API requests of the client. Costs no request. */
  get status(): DidomiAuthStatus {
    return { ...this.#cache.status, ...this.#insight.readRequests() };
  }

  /**
   * What happens to the access token, for logs, metrics and alerts. Never holds its value. Completes when the application shuts
   * down. A subscriber that throws harms no call: RxJS reports it as it does everywhere, see `config.onUnhandledError` of `rxjs`.
   */
  // Not a property: who prints the service as JSON would find the subscribers, which lead back to themselves.
  get events$(): Observable<DidomiAuthEvent> {
    return this.#insight.events.events$;
  }

  /** Requests the first access token as `warmup` says. */
  async onModuleInit(): Promise<void> {
    if (this.#settings.warmup === 'required') await this.#obtain('warmup');
    else if (this.#settings.warmup === 'background') this.#cache.warmUp();
  }

  /** Starts the cron job. */
  async onApplicationBootstrap(): Promise<void> {
    const { cron } = this.#settings.refresh;
    if (cron !== false) await this.#cron?.start(cron, () => this.#cache.renewIfDue());
  }

  /** Stops the cron job. From now on no call waits for a later attempt, and no token request is retried. */
  onModuleDestroy(): void {
    // Here and no later: the schedule module empties its registry in the next phase of the shutdown.
    this.#cron?.stop();
    this.#cache.beginShutdown();
  }

  /** Aborts a token request in flight; from now on every call is refused with reason `closed`. */
  onApplicationShutdown(): void {
    // Here and no earlier: requests that the application is still answering may need Didomi.
    this.#cache.close();
    this.#insight.events.close();
  }

  async #obtain(trigger: DidomiRefreshTrigger): Promise<string> {
    return this.#cache.peek() ?? reveal(await this.#cache.obtain(trigger));
  }
}

function reveal(result: AccessToken | TokenRequestFailure): string {
  if (result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(result);
  return result.reveal();
}
