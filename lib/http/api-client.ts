import { type AxiosAdapter, type AxiosRequestConfig, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { CLOSED_FAILURE } from '../auth/token-request-failure.js';
import { foreignAdapter } from '../connection/foreign-adapter.js';
import type { DidomiRuntime } from '../didomi.runtime.js';
import { DidomiAuthenticationError } from '../errors/didomi-authentication.error.js';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { RequestEvents } from './events/request-events.js';
import { requestError } from './failures/request-failure.js';
import { ApiRequest } from './request/api-request.js';
import { AttemptDeadlines } from './request/attempt-deadlines.js';
import type { Cancellation } from './request/request-abort.js';
import { destroyBody } from './request/request-body.js';
import { readRequestOptions, type RequestOptions } from './request/request-options.js';
import type { RequestTarget } from './request/request-target.js';
import { isAccepted, type Answer } from './response/answer.js';
import { failureOf } from './steps/result.js';
import type { Next, StepParts } from './steps/step.js';
import { requestSteps } from './steps/request-steps.js';

export interface ApiClientParts extends Omit<StepParts, 'deadlines' | 'shutdown'> {
  /** What sends where no request says otherwise. */
  readonly adapter: AxiosAdapter;
  readonly defaults: RequestOptions;
  readonly events: RequestEvents;
  readonly runtime: DidomiRuntime;
  readonly shutdownGraceMs: number;
  readonly target: RequestTarget;
}

/**
 * Sends the API requests of one client, and ends them at the shutdown. Takes the place of Axios' adapter, below all interceptors
 * and request transforms, so that a retry or replay runs none of them again.
 */
export class ApiClient {
  readonly #open = new Set<ApiRequest>();
  readonly #shutdown = { isStarted: false };
  readonly #deadlines: AttemptDeadlines;
  readonly #handle: Next;
  #isClosed = false;
  #stopGrace: (() => void) | undefined;

  constructor(private readonly parts: ApiClientParts) {
    this.#deadlines = new AttemptDeadlines(parts.clock, this.#open);
    this.#handle = requestSteps({ ...parts, deadlines: this.#deadlines, shutdown: this.#shutdown });
  }

  /** The adapter of every request that names none. */
  readonly send: AxiosAdapter = (config) => this.#checked(config, this.parts.adapter);

  /** The same for one that its caller can cancel, or over another adapter, by whatever Axios takes for one. */
  over(given: AxiosRequestConfig['adapter'], cancellation: Cancellation | undefined): AxiosAdapter {
    const { adapter, runtime } = this.parts;
    const isOwn = given === this.send || given === adapter || given === undefined;
    if (!isOwn && !(runtime.isOffline && typeof given !== 'function')) {
      const foreign = foreignAdapter(given);
      return (config) => this.#checked(config, foreign, cancellation);
    }
    return cancellation === undefined ? this.send : (config) => this.#checked(config, adapter, cancellation);
  }

  /** From now on no request waits or is sent again; those in flight have a short grace. */
  beginShutdown(): void {
    this.#shutdown.isStarted = true;
    for (const { abort, isWaiting } of this.#open) if (isWaiting) abort.abort('closed');
    this.#stopGrace ??= this.parts.clock.schedule(() => this.#abortAll(), this.parts.shutdownGraceMs, true);
  }

  /** Ends every request and closes the connections. */
  close(): void {
    this.#stopGrace?.();
    this.#abortAll();
    this.#deadlines.close();
    this.parts.agents.destroy();
    this.parts.events.close();
  }

  #abortAll(): void {
    this.#shutdown.isStarted = this.#isClosed = true;
    for (const { abort } of this.#open) abort.abort('closed');
  }

  /** Not async: some libraries call every function that they find, and a promise that they ignore would end the process. */
  #checked(
    config: InternalAxiosRequestConfig | undefined,
    adapter: AxiosAdapter,
    cancellation?: Cancellation,
  ): Promise<AxiosResponse> {
    if (typeof config?.headers !== 'object') {
      throw new DidomiRequestError('The adapter of a request was called without a configuration');
    }
    const { runtime } = this.parts;
    if (runtime.supervise === undefined) return this.#send(config, adapter, cancellation);
    return runtime.supervise(() => this.#send(config, adapter, cancellation));
  }

  #send(
    config: InternalAxiosRequestConfig,
    adapter: AxiosAdapter,
    cancellation: Cancellation | undefined,
  ): Promise<AxiosResponse> {
    const { defaults, events, target } = this.parts;
    // A response shows its configuration, and what it shows may be called by anybody.
    config.adapter = undefined;
    let request: ApiRequest;
    try {
      if (this.#isClosed) throw new DidomiAuthenticationError(CLOSED_FAILURE);
      request = new ApiRequest(config, readRequestOptions(config, defaults), adapter, target, cancellation);
    } catch (error) {
      destroyBody(config.data);
      return Promise.reject(error);
    }
    return events.run(request, () => this.#answered(request));
  }

  async #answered(request: ApiRequest): Promise<AxiosResponse> {
    const { config } = request;
    let answer: Answer | undefined;
    this.#open.add(request);
    try {
      answer = await this.#handle(request);
      const { response } = answer;
      if (response !== undefined && isAccepted(response.status, config)) return response;
      throw await failureOf(request, answer, this.parts.clock);
    } catch (error) {
      destroyBody(config.data);
      throw requestError(error, request);
    } finally {
      // A streamed body can still be aborted, by its caller or by the shutdown.
      if (answer?.whenFree === undefined) this.#end(request);
      else void answer.whenFree.then(() => this.#end(request));
    }
  }

  #end(request: ApiRequest): void {
    request.abort.detach();
    this.#open.delete(request);
  }
}
