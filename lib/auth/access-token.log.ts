import { Logger } from '@nestjs/common';
import type { DidomiAuthenticationReason } from '../errors/didomi-authentication.error.js';
import type { AccessToken } from './access-token.js';
import type { AccessTokenListener, TokenRequestAttempt } from './access-token.listener.js';
import type { DidomiClock } from './didomi.clock.js';
import type { SharingLog } from './store/sharing.log.js';
import type { TokenRequestFailure } from './token-request-failure.js';

/**
 * Writes the life of the access token to Nest's logger, never its value: the first one and the first after failures as `log`, renewals,
 * waits and retries as `debug`, each kind of failure once until the next success.
 */
export class AccessTokenLog implements AccessTokenListener, SharingLog {
  readonly #logger: Logger;
  readonly #reported = new Set<DidomiAuthenticationReason>();
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
    const expires = `it expires in ${seconds(accessToken.expiresAt - this.clock.monotonic())} s`;
    if (this.#obtained === 1) this.#write('log', `Got the first access token, ${expires}`);
    else if (this.#reported.size > 0) this.#write('log', `Got an access token again, ${expires}`);
    else this.#write('debug', `Renewed the access token (${this.#obtained - 1}), ${expires}`);
    this.#reported.clear();
    if (isLifetimeAssumed && !this.#hasWarnedOfLifetime) {
      this.#hasWarnedOfLifetime = true;
      this.#write('warn', 'The access token does not say when it expires: assuming the documented hour');
    }
  }

  failed(failure: TokenRequestFailure): void {
    const { reason, message } = failure;
    if (this.#reported.has(reason)) return;
    this.#reported.add(reason);
    const isMistake = reason === 'rejected' || reason === 'misconfigured';
    this.#write(isMistake ? 'error' : 'warn', `No new access token (${reason}): ${message}`);
  }

  sharingFailed(message: string): void {
    this.#write('warn', message);
  }

  sharingRestored(message: string): void {
    this.#write('log', message);
  }

  waiting(waitMs: number): void {
    this.#write('debug', `Calls wait ${Math.round(waitMs)} ms for the next token request`);
  }

  retrying({ message }: TokenRequestFailure, { number }: TokenRequestAttempt, pauseMs: number): void {
    this.#write('debug', `Retrying the token request in ${Math.round(pauseMs)} ms (retry ${number}): ${message}`);
  }

  adopted(accessToken: AccessToken): void {
    const expires = `it expires in ${seconds(accessToken.expiresAt - this.clock.monotonic())} s`;
    this.#write('debug', `Took over the access token of another replica, ${expires}`);
  }

  rejected(): void {
    this.#write('debug', 'Didomi answered 401 to the access token');
  }

  invalidated(): void {
    this.#write('debug', 'The application has invalidated the access token');
  }

  /** The application's logger may throw. That must not cost anybody the access token. */
  #write(level: 'log' | 'debug' | 'warn' | 'error', message: string): void {
    try {
      this.#logger[level](message);
    } catch {
      // The logger itself has failed, so there is nowhere to report it.
    }
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
