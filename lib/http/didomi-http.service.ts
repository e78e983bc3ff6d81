import type { OnApplicationShutdown } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import axios, { type AxiosAdapter, type AxiosPromise, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { Observable } from 'rxjs';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { DidomiAgents } from '../connection/didomi-agents.js';
import type { DidomiRateLimit } from '../headers/rate-limit.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { AttemptToken } from './attempt/attempt-token.js';
import { dropForeignDefaults } from './axios-defaults.js';
import { Authorization } from './bearer/authorization.js';
import type { DidomiAxiosInstance } from './request/didomi-axios-instance.interface.js';
import type { DidomiPageConfig, DidomiRequestConfig } from './request/didomi-request-config.interface.js';
import { DidomiPages, type FetchPage } from './paging/didomi-pages.js';
import { DidomiOrigin } from './bearer/didomi-origin.js';
import { FailureInterceptor } from './failures/failure.interceptor.js';
import { DidomiTransport } from './attempt/didomi.transport.js';
import { TransportInterceptor } from './attempt/transport.interceptor.js';
import { takePaging, withPage } from './paging/page-params.js';
import { serializeQuery } from './query/query-serializer.js';
import { DidomiRoutes } from './request/didomi-routes.js';
import type { RequestOptions } from './request/request-options.js';
import { bodyTransforms } from './request/request-transforms.js';
import { RequestPacer } from './pacing/request-pacer.js';

/** More requests than this are refused while they would wait for the rate limit: they would only fail later. */
const MAX_QUEUED = 10_000;

/**
 * The `HttpService` of `@nestjs/axios` for Didomi's API: paths are relative to `baseURL`, and each request carries the access
 * token. Same Observables, same `axiosRef`, over an Axios instance of its own.
 *
 * @publicApi
 */
export class DidomiHttpService extends HttpService implements OnApplicationShutdown {
  readonly #transport: DidomiTransport;
  readonly #pacer: RequestPacer;

  /** @internal */
  constructor(
    options: ResolvedDidomiOptions,
    cache: AccessTokenCache,
    adapter: AxiosAdapter,
    clock: DidomiClock,
    isOffline = false,
  ) {
    const { baseURL, timeoutMs, organizationId, retry, maxConcurrent } = options.settings;
    const given = options.axiosDefaults();
    const defaults: RequestOptions = { organizationId, retry, replay: true };
    const routes = new DidomiRoutes(baseURL);
    const authorization = new Authorization(cache, new DidomiOrigin(baseURL), defaults, routes);
    const agents = new DidomiAgents(given, baseURL);
    const pacer = new RequestPacer(clock, {
      // What waits inside of an agent waits in no order of ours, and its timeout runs.
      maxConcurrent: Math.min(maxConcurrent ?? Infinity, agents.maxConnections),
      maxQueued: MAX_QUEUED,
      maxWaitMs: retry.maxWaitMs,
    });
    const transport = new DidomiTransport(
      { agents, cache, clock, defaults, pacer, routes },
      authorization,
      adapter,
      isOffline,
    );
    const instance = axios.create({
      baseURL,
      timeout: timeoutMs,
      maxRedirects: 0,
      maxBodyLength: -1,
      maxContentLength: -1,
      ...bodyTransforms(),
      paramsSerializer: { serialize: serializeQuery },
      adapter: transport.send,
    });
    dropForeignDefaults(instance.defaults, given.headers);
    instance.interceptors.request.use(new TransportInterceptor(transport).route, undefined, { synchronous: true });
    // Registered first, so it runs before the response interceptors of the application.
    instance.interceptors.response.use(undefined, new FailureInterceptor(clock).translate);
    // @nestjs/axios 4 sees the types of Axios' CommonJS copy, which are the same by another name.
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- necessary with @nestjs/axios 4
    super(instance as unknown as ConstructorParameters<typeof HttpService>[0]);
    this.#transport = transport;
    this.#pacer = pacer;
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
    return this.#pacer.rateLimit;
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
      const token = given?.cancelToken === undefined ? new AttemptToken(undefined) : undefined;
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
        if (!isSettled) token?.cancel();
      };
    });
  }

  /** Ends what waits, and closes the connections. */
  onApplicationShutdown(): void {
    this.#transport.close();
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
