import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import type { AxiosAdapter, AxiosPromise, AxiosRequestConfig, AxiosResponse } from 'axios';
import { Observable } from 'rxjs';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { DidomiAgents } from '../connection/didomi-agents.js';
import type { DidomiRateLimit } from '../headers/rate-limit.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { ApiClient, type HttpRuntime } from './api-client.js';
import { createAxiosInstance } from './axios-instance.js';
import { DidomiPages, type FetchPage } from './paging/didomi-pages.js';
import { takePaging, withPage } from './paging/page-params.js';
import { RequestGate } from './rate-limit/request-gate.js';
import type { DidomiAxiosInstance } from './request/didomi-axios-instance.interface.js';
import type { DidomiPageConfig, DidomiRequestConfig } from './request/didomi-request-config.interface.js';
import { RequestAbort } from './request/request-abort.js';
import { RequestLog } from './request/request-log.js';
import { RequestTarget } from './request/request-target.js';

/** How many requests may wait to be sent. Further ones are refused: they would only fail later. */
const MAX_WAITING = 10_000;

/** What the client takes from outside. */
export interface DidomiHttpParts {
  readonly adapter: AxiosAdapter;
  readonly cache: AccessTokenCache;
  readonly clock: DidomiClock;
  /** Absent for the default client. */
  readonly name: string | undefined;
  readonly runtime: HttpRuntime;
}

/**
 * The `HttpService` of `@nestjs/axios` for Didomi's API: paths are relative to `baseURL`, and each request carries the access
 * token. Same Observables, same `axiosRef`, over an Axios instance of its own.
 *
 * @publicApi
 */
export class DidomiHttpService extends HttpService implements OnModuleDestroy, OnApplicationShutdown {
  readonly #client: ApiClient;
  readonly #gate: RequestGate;

  /** @internal */
  constructor(options: ResolvedDidomiOptions, { adapter, cache, clock, name, runtime }: DidomiHttpParts) {
    const { baseURL, timeoutMs, organizationId, retry, maxConcurrent, shutdownGraceMs } = options.settings;
    const given = options.axiosDefaults();
    const { headers, maxContentLength } = given;
    const agents = new DidomiAgents(given, baseURL);
    const gate = new RequestGate(clock, {
      // What waits inside of an agent waits in an order of its own, and its deadline runs.
      maxConcurrent: Math.min(maxConcurrent ?? Infinity, agents.maxConnections),
      maxWaiting: MAX_WAITING,
    });
    const client = new ApiClient({
      adapter,
      agents,
      cache,
      clock,
      defaults: { organizationId, retry, replay: true },
      gate,
      log: new RequestLog(name),
      maxContentLength,
      runtime,
      shutdownGraceMs,
      target: new RequestTarget(baseURL),
    });
    const instance = createAxiosInstance(client, clock, { baseURL, headers, maxContentLength, timeout: timeoutMs });
    // @nestjs/axios 4 sees the types of Axios' CommonJS copy, which are the same by another name.
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- necessary with @nestjs/axios 4
    super(instance as unknown as ConstructorParameters<typeof HttpService>[0]);
    this.#client = client;
    this.#gate = gate;
    runtime.track?.(name, gate);
  }

  /**
   * All items of a list that Didomi answers in pages, in whichever of its ways; a page is requested when an item of it is
   * wanted. Iterate with `for await`, or take `.toObservable()`. `$limit`, `$skip` and `$cursor` of `params` choose the page
   * size and where to start. Rejects with what `get()` fails with, and with a `DidomiRequestError` if the answer is no list.
   *
   * @param config may hold `pageSize`, the number of items to ask for at a time; Didomi sends fewer than 100 whatever is asked.
   * @throws DidomiRequestError if the page size or the place to start is no possible number.
   */
  paginate<T>(url: string, config: DidomiPageConfig = {}): DidomiPages<T> {
    const { pageSize, signal, ...rest } = config;
    const { query, start, limit } = takePaging(config.params);
    const fetchPage: FetchPage = async (page, pageSignal) =>
      (await this.axiosRef.get<unknown>(url, { ...rest, params: withPage(query, page), signal: pageSignal })).data;
    return new DidomiPages<T>(fetchPage, { pageSize: pageSize ?? limit, signal, start });
  }

  /**
   * State of the organization's rate limit as the answers told it last; undefined while they have told none. Every process of
   * the organization counts against it.
   */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#gate.rateLimit;
  }

  /**
   * The Observable of `HttpService`, but for its end: that one cancels every request when it is unsubscribed from, also the
   * one that has just been answered, and builds an error with a stack for it.
   */
  protected override makeObservable<T>(
    send: (...args: unknown[]) => AxiosPromise<T>,
    ...args: unknown[]
  ): Observable<AxiosResponse<T, any, {}, any>> {
    return new Observable((subscriber) => {
      const given = args.at(-1) as AxiosRequestConfig | undefined;
      // Axios' own token makes two promises and four closures.
      const token = given?.cancelToken === undefined ? new RequestAbort() : undefined;
      const config = token === undefined ? given : { ...given, cancelToken: token };
      let isSettled = false;
      send(...args.slice(0, -1), config).then(
        (response) => {
          isSettled = true;
          subscriber.next(response);
          subscriber.complete();
        },
        (error: unknown) => {
          isSettled = true;
          subscriber.error(error);
        },
      );
      return () => {
        if (!isSettled) token?.abort('caller');
      };
    });
  }

  /** From now on no request waits or is sent again; those in flight have `shutdownGraceMs` to end. */
  onModuleDestroy(): void {
    this.#client.beginShutdown();
  }

  /** Ends what is left, and closes the connections. */
  onApplicationShutdown(): void {
    this.#client.close();
  }
}

/**
 * The methods of `HttpService` with the request configuration of this library in place of Axios' own: types only, so that
 * nothing is written twice. `any` as in `HttpService` itself.
 */
export interface DidomiHttpService {
  /** For promises. Its answers and errors are those of the Observables. */
  get axiosRef(): DidomiAxiosInstance;
  request<T = any>(config: DidomiRequestConfig): Observable<AxiosResponse<T>>;
  get<T = any, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  delete<T = any, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  head<T = any, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  post<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  put<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  patch<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  postForm<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  putForm<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  patchForm<T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  query: QueryMethod;
}

/** Only `@nestjs/axios` 12 has it, and with 4 it must not pass for one that is there. */
type QueryMethod = HttpService extends { query: unknown }
  ? <T = any, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>) => Observable<AxiosResponse<T, D>>
  : undefined;
