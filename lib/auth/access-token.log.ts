import { Logger } from '@nestjs/common';
import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';
import type { AccessToken } from './access-token.js';
import type { AccessTokenListener } from './access-token.cache.js';
import type { DidomiClock } from './didomi.clock.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/**
 * Writes the life of the access token to Nest's logger, never the access token: the first one, each renewal for debugging,
 * each kind of failure once until the next success.
 */
export class AccessTokenLog implements AccessTokenListener {
  readonly #logger: Logger;
  readonly #told = new Set<DidomiAuthenticationReason>();
  #obtained = 0;
  #hasWarnedOfLifetime = false;

  constructor(
    name: string | undefined,
    private readonly clock: DidomiClock,
  ) {
    this.#logger = new Logger(name === undefined ? 'Didomi' : `Didomi:${name}`);
  }

  obtained(accessToken: AccessToken, isLifetimeAssumed: boolean): void {
    this.#obtained += 1;
    const seconds = Math.round((accessToken.expiresAt - this.clock.now()) / 1_000);
    if (this.#obtained === 1) this.#logger.log(`Got the first access token, it expires in ${seconds} s`);
    else if (this.#told.size > 0) this.#logger.log(`Got an access token again, it expires in ${seconds} s`);
    else this.#logger.debug(`Renewed the access token (${this.#obtained - 1}), it expires in ${seconds} s`);
    this.#told.clear();
    if (isLifetimeAssumed && !this.#hasWarnedOfLifetime) {
      this.#hasWarnedOfLifetime = true;
      this.#logger.warn('The access token does not say when it expires: taking the documented hour');
    }
  }

  failed(failure: TokenRequestFailure): void {
    if (this.#told.has(failure.reason)) return;
    this.#told.add(failure.reason);
    const message = `No new access token (${failure.reason}): ${failure.message}`;
    if (failure.isFinal) this.#logger.error(message);
    else this.#logger.warn(message);
  }
}
