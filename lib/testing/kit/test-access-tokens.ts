import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { FakeDidomiAccessTokens } from '../fake-didomi/auth/access-tokens.js';
import { checkMilliseconds } from './milliseconds.js';
import { networkFailure, responseOf, type DidomiTestFailure } from './test-answer.js';

const ONE_HOUR_MS = 3_600_000;

/** What a token request gets in place of an access token. */
interface ScriptedFailure {
  readonly failure: number | DidomiTestFailure;
  times: number;
}

/** Answers the token requests of one client, and knows which access tokens are good. */
export class TestAccessTokens {
  requests = 0;
  #delayMs = 0;
  readonly #clock: DidomiClock;
  readonly #issued: FakeDidomiAccessTokens;
  #scripted: ScriptedFailure | undefined;

  constructor(clock: DidomiClock) {
    this.#clock = clock;
    this.#issued = new FakeDidomiAccessTokens(ONE_HOUR_MS, () => clock.now());
  }

  get lifetimeMs(): number {
    return this.#issued.lifetimeMs;
  }

  set lifetimeMs(lifetimeMs: number) {
    checkMilliseconds('accessTokenLifetimeMs', lifetimeMs, 1);
    this.#issued.lifetimeMs = lifetimeMs;
  }

  isGood(bearer: unknown): boolean {
    return typeof bearer === 'string' && this.#issued.organizationOf(bearer.replace(/^Bearer /, '')) !== undefined;
  }

  delay(delayMs: number): void {
    checkMilliseconds('delayMs', delayMs);
    this.#delayMs = delayMs;
  }

  revoke(): void {
    this.#issued.revokeAll();
  }

  fail(failure: number | DidomiTestFailure, times = Infinity): void {
    // Tried here, so that the test that gives something impossible is told, and not the client.
    if (typeof failure !== 'number') networkFailure(failure);
    else if (!Number.isInteger(failure) || failure < 300 || failure > 599) {
      throw new RangeError('A status that fails has to be a whole number from 300 to 599');
    }
    if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
      throw new RangeError('times has to be a whole number, 1 or more');
    }
    this.#scripted = { failure, times };
  }

  reset(): void {
    this.restore();
    this.requests = 0;
    this.#issued.lifetimeMs = ONE_HOUR_MS;
  }

  restore(): void {
    this.#scripted = undefined;
    this.#delayMs = 0;
  }

  async answer(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    this.requests += 1;
    const answer = this.#next(config);
    if (this.#delayMs > 0) await this.#delay(config);
    return answer();
  }

  /** Decided when the request comes, also if the answer leaves late. */
  #next(config: InternalAxiosRequestConfig): () => AxiosResponse {
    const scripted = this.#scripted;
    if (scripted !== undefined && scripted.times > 0) {
      scripted.times -= 1;
      const { failure } = scripted;
      if (typeof failure === 'number') return () => responseOf(undefined, { status: failure }, config);
      return () => {
        throw networkFailure(failure);
      };
    }
    const accessToken = this.#issued.issue('testing');
    return () => responseOf({ access_token: accessToken }, {}, config);
  }

  #delay({ signal }: InternalAxiosRequestConfig): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.schedule(resolve, this.#delayMs, true);
      signal?.addEventListener?.('abort', () => {
        cancel();
        reject(new AxiosError('canceled', 'ERR_CANCELED'));
      });
    });
  }
}
