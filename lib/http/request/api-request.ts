import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { DidomiApiError } from '../../errors/didomi-api.error.js';
import type { DidomiTransportError } from '../../errors/didomi-transport.error.js';
import type { OwnConnection } from '../../options/didomi-transport.interface.js';
import type { DidomiWaitedEvent } from '../events/didomi-http-event.interface.js';
import type { RequestTrace } from '../events/request-trace.js';
import { isRateLimited } from '../rate-limit/rate-limited.js';
import { RequestAbort, type Cancellation } from './request-abort.js';
import { describeRequest, type RequestDescription } from './request-description.js';
import type { RequestOptions } from './request-options.js';
import type { RequestTarget } from './request-target.js';

/** One API request, from its first attempt to its last. All that a step knows of it. */
export class ApiRequest {
  readonly abort = new RequestAbort();
  /** The access token of the current attempt. */
  accessToken = '';
  /** How many times it was sent. */
  attempts = 0;
  /** How many of these were answered 429, and so count for nothing. */
  throttled = 0;
  /** When the attempt in flight has to be over, on the monotonic clock. */
  deadline = Infinity;
  isReplayed = false;
  /** Whether it waits to be sent, see {@link wait}. */
  isWaiting = false;
  /** For how much longer it may wait to be sent, all its waits together. */
  waitLeftMs: number;
  /** Why it was not sent again; a part of its error. */
  note: string | undefined;
  /** The 401 before the replay. */
  rejection: DidomiApiError | undefined;
  /** The failure of an earlier attempt that Didomi may have carried out all the same. */
  uncertain: DidomiApiError | DidomiTransportError | undefined;
  /** What is told of it; undefined if nobody listens. */
  trace: RequestTrace | undefined;
  /** Longest time of an attempt, in milliseconds; 0 for any. */
  readonly timeoutMs: number;
  /** Agents and proxy that the caller has given. Agents show the headers of other requests, and a proxy may have a password. */
  readonly connection: OwnConnection;
  #isCounted: boolean | undefined;

  constructor(
    /** As the application sees it: without access token, agents and proxy. */
    readonly config: InternalAxiosRequestConfig,
    readonly options: RequestOptions,
    readonly adapter: AxiosAdapter,
    readonly target: RequestTarget,
    readonly cancellation: Cancellation = config,
  ) {
    const { httpAgent, httpsAgent, proxy, httpVersion, http2Options } = config;
    this.waitLeftMs = options.retry.maxWaitMs;
    // The type of the option is checked later.
    this.timeoutMs = Number(String(config.timeout ?? 0));
    this.connection = { httpAgent, httpsAgent, proxy, httpVersion, http2Options };
    if (httpAgent !== undefined) config.httpAgent = undefined;
    if (httpsAgent !== undefined) config.httpsAgent = undefined;
    if (proxy !== undefined) config.proxy = undefined;
  }

  /** Such as `/consents/events`. */
  get route(): string {
    return this.target.routeOf(this.config);
  }

  /** Whether it counts against the rate limit of the organization. */
  get isCounted(): boolean {
    const { config, target } = this;
    return (this.#isCounted ??= !target.mayHold('consents', config) || isRateLimited(config, this.route));
  }

  /** Attempts that count for `retry.maxAttempts`. */
  get countedAttempts(): number {
    return this.attempts - this.throttled - (this.isReplayed ? 1 : 0);
  }

  /** Waits for what comes before it is sent, or sent again. The shutdown ends a request that waits at once. */
  async wait<T>(until: () => Promise<T>, reason?: DidomiWaitedEvent['reason']): Promise<T> {
    this.isWaiting = true;
    try {
      return await (this.trace === undefined ? until() : this.trace.wait(until, reason));
    } finally {
      this.isWaiting = false;
    }
  }

  get description(): RequestDescription {
    return describeRequest(this.config);
  }
}
