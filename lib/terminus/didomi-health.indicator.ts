import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { DidomiAuthStatus } from '../auth/didomi-auth-status.interface.js';
import type { DidomiAuthService } from '../auth/didomi-auth.service.js';
import { getDidomiAuthServiceToken } from '../didomi.tokens.js';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';

/**
 * Options of a health check.
 *
 * @publicApi
 */
export interface DidomiHealthOptions {
  /**
   * The `name` of the client's registration.
   *
   * @default the default client
   */
  client?: string | undefined;
}

/** What the result of a check tells of the client. */
const DETAILS = [
  'phase',
  'expiresAt',
  'lastFailureReason',
  'nextAttemptAt',
] as const satisfies (keyof DidomiAuthStatus)[];

/**
 * A health indicator for `@nestjs/terminus`, 11 or 12: whether calls of a client get an access token. It reads
 * `DidomiAuthService.status`, so a check costs no request.
 *
 * - `up`: there is a usable access token, or nothing says that the next call will not get one. A client that was never used is up.
 * - `degraded`: there is a usable access token, but renewals fail. Terminus 12 has this status, and answers 200. Terminus 11 has
 *   not: there it is `up` with the detail `degraded: true`.
 * - `down`: there is none, and none can be had at the moment.
 *
 * Provide it in a module that imports `TerminusModule`.
 *
 * @publicApi
 */
@Injectable()
export class DidomiHealthIndicator {
  readonly #indicators: HealthIndicatorService;
  readonly #modules: ModuleRef;

  constructor(
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
    @Inject(ModuleRef) modules: ModuleRef,
  ) {
    this.#indicators = indicators;
    this.#modules = modules;
  }

  /**
   * The health of one client.
   *
   * @param key what the result is called in the answer of Terminus.
   * @param options which client.
   * @throws DidomiConfigurationError if no client has this name.
   */
  check<const Key extends string>(key: Key, { client }: DidomiHealthOptions = {}): HealthIndicatorResult<Key> {
    const { status } = this.#find(client);
    const indicator = this.#indicators.check(key);
    const details = Object.fromEntries(
      DETAILS.filter((name) => status[name] !== undefined).map((name) => [name, status[name]]),
    );
    const isFailing = status.lastFailureReason !== undefined;
    if (status.usable && !isFailing) return indicator.up(details);
    // Absent in Terminus 11.
    if (status.usable) return indicator.degraded?.(details) ?? indicator.up({ degraded: true, ...details });
    const isDown = isFailing || status.phase === 'backing-off' || status.phase === 'closed';
    return isDown ? indicator.down(details) : indicator.up(details);
  }

  #find(name: string | undefined): DidomiAuthService {
    try {
      return this.#modules.get(getDidomiAuthServiceToken(name), { strict: false });
    } catch {
      const client = name === undefined ? 'a default client' : `a client '${name}'`;
      throw new DidomiConfigurationError([
        `DidomiHealthIndicator checks ${client}, which is not registered: ` +
          "write check(key, { client: 'NAME' }) with the name of a registration, or register it with DidomiModule",
      ]);
    }
  }
}
