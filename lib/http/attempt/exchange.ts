import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { AccessToken } from '../../auth/access-token.js';
import type { AccessTokenCache } from '../../auth/access-token.cache.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { Pauses } from '../../auth/pauses.js';
import { CLOSED_FAILURE, TokenRequestFailure } from '../../auth/token-request-failure.js';
import type { DidomiAgents } from '../../connection/didomi-agents.js';
import type { DidomiApiError } from '../../errors/didomi-api.error.js';
import { DidomiAuthenticationError } from '../../errors/didomi-authentication.error.js';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { DidomiTransportError } from '../../errors/didomi-transport.error.js';
import { Answer } from './answer.js';
import { AttemptToken } from './attempt-token.js';
import { bearerOf, ownHeaders, setBearer } from '../bearer/bearer.js';
import { abortedError, cancellationOf, untilCancelled } from '../request/cancellation.js';
import { apiError, transportError } from '../failures/didomi-failure.js';
import { readErrorBody } from '../failures/error-body.js';
import { PacingRefusal } from '../pacing/pacing-refusal.js';
import { isRateLimited } from '../pacing/rate-limited.js';
import type { DidomiRoutes } from '../request/didomi-routes.js';
import { requestFacts } from '../request/request-facts.js';
import { isRepeatable } from '../request/request-body.js';
import { checkStream, unsentStream } from '../request/request-stream.js';
import { readRequestOptions, type RequestOptions } from '../request/request-options.js';
import type { Permit, RequestPacer } from '../pacing/request-pacer.js';
import { detachBody } from './response-stream.js';
import { isTransient, retryDelayMs } from './retry-policy.js';

const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;
const USED_UP = 'not sent again: the body is a stream, and used up';

/** What the exchanges of one client share. */
export interface ExchangeParts {
  readonly agents: DidomiAgents;
  readonly cache: AccessTokenCache;
  readonly clock: DidomiClock;
  readonly defaults: RequestOptions;
  /** The attempts under way. */
  readonly inFlight: Set<AttemptToken>;
  readonly pacer: RequestPacer;
  readonly pauses: Pauses;
  readonly routes: DidomiRoutes;
}

/**
 * One API request from its first attempt to its end: one replay after a 401, and retries after transient failures. Each
 * attempt has the access token of its own moment.
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #adapter: AxiosAdapter;
  #config: InternalAxiosRequestConfig;
  #attempts = 0;
  #isReplay = false;
  /** Whether the attempt is the first of an access token that was requested because of a 401. */
  #isProbation = false;
  #note: string | undefined;
  #last: Answer | undefined;
  #rejection: DidomiApiError | undefined;

  constructor(parts: ExchangeParts, adapter: AxiosAdapter, config: InternalAxiosRequestConfig) {
    this.#parts = parts;
    this.#adapter = adapter;
    this.#config = config;
  }

  async run(): Promise<AxiosResponse> {
    for (;;) {
      const answer = await this.#attempt();
      const { success } = answer;
      if (success !== undefined && !mayBeFollowed(answer)) return success;
      if (await this.#prepareNext(answer)) continue;
      if (success !== undefined) return success;
      throw await this.#failure(answer);
    }
  }

  /** The error of a request whose body, a stream, has failed. */
  uploadFailure(): Error {
    const attempts = this.#attempts;
    if (attempts === 0) return unsentStream();
    const { method, path } = requestFacts(this.#config);
    const message = `${method} ${path} was not sent to its end: its body is a stream that failed`;
    return new DidomiTransportError({ reason: 'unknown', method, path, attempts, message });
  }

  async #attempt(): Promise<Answer> {
    const { cache, pacer, routes } = this.#parts;
    const config = this.#config;
    const { maxWaitMs } = this.#options.retry;
    const entry = pacer.enter(isRateLimited(config, routes), cancellationOf(config), this.#attempts, maxWaitMs);
    const isImmediate = !(entry instanceof Promise);
    const permit = isImmediate ? entry : await this.#admission(entry);
    let answer: Answer | undefined;
    try {
      // Whoever has waited may hold an access token that has expired meanwhile.
      if (!isImmediate || this.#attempts > 0) await this.#authorize();
      checkStream(config.data);
      this.#attempts += 1;
      answer = await this.#send(config);
    } finally {
      permit.leave(answer?.response?.headers);
    }
    if (cache.isUnproven && isAcceptance(answer.status)) cache.accepted(bearerOf(config));
    if (this.#isProbation) this.#judge(answer.status);
    return answer;
  }

  async #send(config: InternalAxiosRequestConfig): Promise<Answer> {
    const { agents, inFlight, pauses } = this.#parts;
    const { cancelToken } = config;
    const attempt = new AttemptToken(cancelToken);
    inFlight.add(attempt);
    config.cancelToken = attempt;
    agents.lend(config);
    const answer = await Answer.of(this.#adapter, config);
    agents.takeBack(config);
    config.cancelToken = cancelToken;
    const end = (): void => {
      inFlight.delete(attempt);
      attempt.end();
    };
    // A streamed body can still be given up, by its caller or by the shutdown.
    if (answer.response === undefined) end();
    else detachBody(answer.response, this.#bodyFailure(config), end);
    if (answer.error !== undefined && pauses.areOver) throw new DidomiAuthenticationError(CLOSED_FAILURE);
    return answer;
  }

  async #admission(entry: Promise<Permit>): Promise<Permit> {
    try {
      return await entry;
    } catch (error) {
      if (!(error instanceof PacingRefusal)) throw error;
      if (error.reason === 'aborted') throw abortedError(this.#config, this.#attempts);
      if (error.reason === 'closed') throw new DidomiAuthenticationError(CLOSED_FAILURE);
      if (this.#last !== undefined) throw await this.#failure(this.#last);
      throw new DidomiRequestError(`${error.message}: it was not sent`, error.retryAfterMs);
    }
  }

  #judge(status: number | undefined): void {
    this.#isProbation = false;
    if (status === UNAUTHORIZED) this.#parts.cache.rejectedAgain();
    else if (isAcceptance(status)) this.#parts.cache.replayAccepted();
  }

  async #authorize(): Promise<void> {
    const { cache } = this.#parts;
    const accessToken = cache.peek();
    setBearer(
      this.#config,
      accessToken ?? this.#revealed(await untilCancelled(cache.obtain(), this.#config, this.#attempts)),
    );
  }

  #revealed(result: AccessToken | TokenRequestFailure): string {
    if (result instanceof TokenRequestFailure) throw new DidomiAuthenticationError(result, this.#rejection);
    return result.reveal();
  }

  /** Waits for the moment of the next attempt; false if there is none. */
  async #prepareNext(answer: Answer): Promise<boolean> {
    const delayMs = answer.status === UNAUTHORIZED ? await this.#replayDelayMs(answer) : this.#retryDelayMs(answer);
    if (delayMs === undefined) return false;
    if (!isRepeatable(this.#config)) {
      this.#note = USED_UP;
      return false;
    }
    answer.discard();
    this.#last = answer;
    if (delayMs > 0) await this.#pause(delayMs);
    // A copy: the adapter may have left headers of its own making on the configuration.
    this.#config = { ...this.#config, headers: ownHeaders(this.#config.headers) };
    return true;
  }

  async #replayDelayMs(answer: Answer): Promise<number | undefined> {
    const rejected = bearerOf(this.#config);
    if (this.#isReplay || rejected === undefined || !this.#options.replay) return undefined;
    const replacing = this.#parts.cache.replace(rejected);
    // Nobody waits for the other access token then, but the next request needs it.
    if (!isRepeatable(this.#config)) return 0;
    const replacement = await untilCancelled(replacing, this.#config, this.#attempts);
    if (replacement === undefined) return undefined;
    // Its meaning would be lost by what comes next.
    this.#rejection = answer.response && (await this.#apiError(answer.response));
    if (replacement instanceof TokenRequestFailure) throw new DidomiAuthenticationError(replacement, this.#rejection);
    this.#isReplay = true;
    this.#isProbation = replacement.isRequested;
    return replacement.delayMs;
  }

  #retryDelayMs(answer: Answer): number | undefined {
    const { clock, pacer, routes } = this.#parts;
    const { maxAttempts, maxWaitMs } = this.#options.retry;
    const attempts = this.#attempts - (this.#isReplay ? 1 : 0);
    const delayMs = retryDelayMs(this.#config, routes, answer, attempts, maxWaitMs, clock.now());
    const isThrottled = answer.status === TOO_MANY_REQUESTS && isRateLimited(this.#config, routes);
    if (isThrottled && delayMs !== undefined) pacer.noteThrottled(delayMs);
    if (delayMs === undefined || attempts >= maxAttempts || delayMs > maxWaitMs) return undefined;
    // The pacer holds it back until then, in its place among the others.
    return isThrottled ? 0 : delayMs;
  }

  /** Waits until the time is over, the caller gives up or the client is closed. */
  async #pause(ms: number): Promise<void> {
    const pause = this.#parts.pauses.start(ms);
    try {
      await untilCancelled(pause.ended, this.#config, this.#attempts);
    } finally {
      pause.end();
    }
    if (this.#parts.pauses.areOver) throw new DidomiAuthenticationError(CLOSED_FAILURE);
  }

  /** What becomes of an error that breaks a streamed body off, long after the exchange maybe. */
  #bodyFailure(config: InternalAxiosRequestConfig): (error: unknown) => Error {
    const attempts = this.#attempts;
    return (error) =>
      this.#parts.pauses.areOver
        ? new DidomiAuthenticationError(CLOSED_FAILURE)
        : transportError(error, config, { attempts });
  }

  async #failure({ response, error }: Answer): Promise<Error> {
    if (response !== undefined) return await this.#apiError(response);
    return transportError(error, this.#config, { attempts: this.#attempts, note: this.#note });
  }

  async #apiError(response: AxiosResponse): Promise<DidomiApiError> {
    const isStillRefused = this.#isReplay && response.status === UNAUTHORIZED;
    response.data = await readErrorBody(response.data, this.#parts.pauses);
    return apiError(response, {
      attempts: this.#attempts,
      now: this.#parts.clock.now(),
      note: isStillRefused ? 'with another access token, too' : this.#note,
      cause: this.#rejection,
    });
  }

  get #options(): RequestOptions {
    return readRequestOptions(this.#config, this.#parts.defaults);
  }
}

/** An answer that another attempt may change, although its caller welcomes every status. */
function mayBeFollowed({ status }: Answer): boolean {
  return status === UNAUTHORIZED || isTransient(status);
}

/** A 429 or a 5xx may come from a server in front that looks at no access token. */
function isAcceptance(status: number | undefined): boolean {
  return status !== undefined && status < 500 && status !== UNAUTHORIZED && status !== TOO_MANY_REQUESTS;
}
