import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { Pauses } from '../auth/pauses.js';
import { CLOSED_FAILURE, TokenRequestFailure } from '../auth/token-request-failure.js';
import { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import { Answer } from './answer.js';
import { bearerOf, setBearer } from './bearer.js';
import { untilCancelled } from './cancellation.js';
import { isRepeatable, makeRepeatable } from './request-body.js';

const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;

/**
 * The Axios adapter of API requests: sends one through the adapter below it, and replays it once with another access token
 * after a 401. It sits below the interceptors and request transforms, so that a replay runs none of them again.
 */
export class DidomiTransport {
  readonly #pauses: Pauses;
  #isClosed = false;

  constructor(
    private readonly adapter: AxiosAdapter,
    private readonly cache: AccessTokenCache,
    clock: DidomiClock,
  ) {
    this.#pauses = new Pauses(clock);
  }

  /** Ends every wait for a replay. */
  close(): void {
    this.#isClosed = true;
    this.#pauses.endAll();
  }

  readonly send: AxiosAdapter = async (config) => {
    makeRepeatable(config);
    const answer = await this.#attempt(config);
    if (answer.status !== UNAUTHORIZED) return answer.settle();
    return await this.#replay(config, answer);
  };

  async #attempt(config: InternalAxiosRequestConfig): Promise<Answer> {
    const answer = await Answer.of(this.adapter, config);
    if (this.cache.isUnproven && isAcceptance(answer.status)) this.cache.accepted(bearerOf(config));
    return answer;
  }

  async #replay(config: InternalAxiosRequestConfig, rejection: Answer): Promise<AxiosResponse> {
    const rejected = bearerOf(config);
    if (rejected === undefined) return rejection.settle();
    const replacing = this.cache.replace(rejected);
    if (!isRepeatable(config)) return settleUsedUp(rejection);
    const replacement = await untilCancelled(replacing, config);
    if (replacement === undefined) return rejection.settle();
    if (replacement instanceof TokenRequestFailure) throw new DidomiAuthenticationError(replacement);

    rejection.discard();
    if (replacement.delayMs > 0) await this.#pause(replacement.delayMs, config);
    // A copy: the first attempt's adapter may have left headers of its own making on the configuration.
    const again = { ...config, headers: new AxiosHeaders(config.headers) };
    setBearer(again, replacement.accessToken);
    const answer = await this.#attempt(again);
    if (answer.status === UNAUTHORIZED) this.cache.rejectedAgain();
    return answer.settle();
  }

  /** Waits on behalf of a request, until the time is over, its caller gives up or the client is closed. */
  async #pause(ms: number, config: InternalAxiosRequestConfig): Promise<void> {
    const pause = this.#pauses.start(ms);
    try {
      await untilCancelled(pause.ended, config);
    } finally {
      pause.end();
    }
    if (this.#isClosed) throw new DidomiAuthenticationError(CLOSED_FAILURE);
  }
}

/** A 429 or a 5xx may come from a server in front that looks at no access token. */
function isAcceptance(status: number | undefined): boolean {
  return status !== undefined && status < 500 && status !== UNAUTHORIZED && status !== TOO_MANY_REQUESTS;
}

function settleUsedUp(rejection: Answer): AxiosResponse {
  try {
    return rejection.settle();
  } catch (error) {
    if (error instanceof Error) {
      error.message += ' (not replayed with another access token: the body is a stream and used up)';
    }
    throw error;
  }
}
