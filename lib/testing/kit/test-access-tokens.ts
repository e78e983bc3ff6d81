import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { FakeDidomiAccessTokens } from '../fake-didomi/auth/access-tokens.js';
import { onAbort } from './abort.js';
import { checkMilliseconds } from './milliseconds.js';
import { networkFailure, responseOf, type DidomiTestFailure } from './test-answer.js';

const ONE_HOUR_MS = 3_600_000;

/** What token requests get in place of an access token. */
interface ScriptedFailure {
  readonly failure: number | DidomiTestFailure;
  /** For how many more token requests. */
  times: number;
  isOver: boolean;
}

/** Answers the token requests of one client, and knows which access tokens are valid. */
export class TestAccessTokens {
  requests = 0;
  #delayMs = 0;
  #isKeyRevoked = false;
  #scripted: ScriptedFailure | undefined;
  readonly #clock: DidomiClock;
  readonly #issuer: FakeDidomiAccessTokens;
  readonly #issued = new Set<string>();
  readonly #revoked = new Set<string>();

  constructor(clock: DidomiClock) {
    this.#clock = clock;
    this.#issuer = new FakeDidomiAccessTokens(ONE_HOUR_MS, () => clock.now());
  }

  get lifetimeMs(): number {
    return this.#issuer.lifetimeMs;
  }

  set lifetimeMs(lifetimeMs: number) {
    checkMilliseconds('accessTokenLifetimeMs', lifetimeMs, 1);
    this.#issuer.lifetimeMs = lifetimeMs;
  }

  /** Why a request with this `Authorization` header gets a 401; undefined if it does not. */
  refusalOf(authorization: string | null): string | undefined {
    if (authorization === null) return 'no access token';
    const accessToken = authorization.replace(/^Bearer /, '');
    if (!this.#issued.has(accessToken)) return 'not an access token of this client';
    if (this.#revoked.has(accessToken))
      return this.#isKeyRevoked ? 'the API key is revoked' : 'the access token is revoked';
    return this.#issuer.organizationOf(accessToken) === undefined ? 'the access token has expired' : undefined;
  }

  delay(delayMs: number): void {
    checkMilliseconds('delayMs', delayMs);
    this.#delayMs = delayMs;
  }

  revoke(): void {
    for (const accessToken of this.#issued) this.#revoked.add(accessToken);
  }

  revokeKey(): void {
    this.revoke();
    this.fail(400);
    this.#isKeyRevoked = true;
  }

  fail(failure: number | DidomiTestFailure, times = Infinity): void {
    // Checked here: the test has to see the error, not the client.
    if (typeof failure !== 'number') networkFailure(failure);
    else if (!Number.isInteger(failure) || failure < 300 || failure > 599) {
      throw new RangeError('A status that fails has to be a whole number from 300 to 599');
    }
    if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
      throw new RangeError('times has to be a whole number, 1 or more');
    }
    this.#scripted = { failure, times, isOver: false };
    this.#isKeyRevoked = false;
  }

  reset(): void {
    this.restore();
    this.requests = 0;
    this.#issuer.lifetimeMs = ONE_HOUR_MS;
  }

  restore(): void {
    if (this.#scripted !== undefined) this.#scripted.isOver = true;
    this.#scripted = undefined;
    this.#delayMs = 0;
    this.#isKeyRevoked = false;
    this.#revoked.clear();
  }

  /** @param refused is called with the reason if it answers without an access token. */
  async answer(config: InternalAxiosRequestConfig, refused: (reason: string) => void): Promise<AxiosResponse> {
    this.requests += 1;
    // Decided on arrival, however late the answer is sent.
    const script = this.#takeScript();
    const isKeyRevoked = this.#isKeyRevoked;
    const issued = script === undefined ? this.#issue() : undefined;
    if (this.#delayMs > 0) await this.#delay(config);
    if (script === undefined || script.isOver) {
      return responseOf({ access_token: issued ?? this.#issue() }, {}, config);
    }
    const { failure } = script;
    refused(
      typeof failure !== 'number'
        ? `failed: ${failure}`
        : `${failure}${isKeyRevoked ? ': the API key is revoked' : ''}`,
    );
    if (typeof failure !== 'number') throw networkFailure(failure);
    return responseOf(undefined, { status: failure }, config);
  }

  #takeScript(): ScriptedFailure | undefined {
    const script = this.#scripted;
    if (script === undefined || script.times === 0) return undefined;
    script.times -= 1;
    return script;
  }

  #issue(): string {
    const accessToken = this.#issuer.issue('testing');
    this.#issued.add(accessToken);
    return accessToken;
  }

  #delay(config: InternalAxiosRequestConfig): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(
        () => {
          removeListener();
          resolve();
        },
        this.#delayMs,
        true,
      );
      const removeListener = onAbort(config, () => {
        cancel();
        reject(new AxiosError('canceled', 'ERR_CANCELED'));
      });
    });
  }
}
