import { SetMetadata, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import type { AxiosAdapter, AxiosPromise, AxiosRequestConfig, AxiosResponse } from 'axios';
import { Observable } from 'rxjs';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import type { DidomiConnections } from '../options/didomi-transport.interface.js';
import type { DidomiRuntime } from '../didomi.runtime.js';
import { serviceInProviders } from '../errors/service-in-providers.js';
import type { DidomiRateLimit } from '../headers/rate-limit.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { ApiClient } from './api-client.js';
import { createAxiosInstance } from './axios-instance.js';
import type { DidomiHttpEvent } from './events/didomi-http-event.interface.js';
import { RequestEvents } from './events/request-events.js';
import { DidomiPages, type FetchPage } from './paging/didomi-pages.js';
import { takePaging, withPage } from './paging/page-params.js';
import type { RequestGate } from './rate-limit/request-gate.js';
import type { DidomiAxiosInstance } from './request/didomi-axios-instance.interface.js';
import type { DidomiPageConfig, DidomiRequestConfig } from './request/didomi-request-config.interface.js';
import { RequestAbort } from './request/request-abort.js';
import { RequestLog } from './request/request-log.js';
import { RequestTarget } from './request/request-target.js';

/** What the client takes from outside. */
export interface DidomiHttpParts {
  readonly adapter: AxiosAdapter;
  readonly agents: DidomiConnections;
  readonly cache: AccessTokenCache;
  readonly clock: DidomiClock;
  readonly gate: RequestGate;
  /** Absent for the default client. */
  readonly name: string | undefined;
  readonly runtime: DidomiRuntime;
}

/**
 * The `HttpService` of `@nestjs/axios` for Didomi's API: paths are relative to `baseURL`, and each request carries the access
 * token. Same Observables, same `axiosRef` for promises, over an Axios instance of its own.
 *
 * Requests fail with a `DidomiApiError`, `DidomiTransportError`, `DidomiAuthenticationError` or `DidomiRequestError`. They are sent
 * when their Observable is subscribed to, and unsubscribing aborts them.
 *
 * @publicApi
 */
// Without these, Nest would inject what HttpService needs, and complain about a token that nobody knows.
@SetMetadata('self:paramtypes', [])
@SetMetadata('design:paramtypes', [])
export class DidomiHttpService extends HttpService implements OnModuleDestroy, OnApplicationShutdown {
  readonly #parts: { readonly client: ApiClient; readonly events: RequestEvents; readonly gate: RequestGate };

  /** @internal */
  constructor(options: ResolvedDidomiOptions, parts: DidomiHttpParts) {
    if (options === undefined) throw serviceInProviders(new.target.name);
    const { adapter, agents, cache, clock, gate, name, runtime } = parts;
    const { baseURL, timeoutMs, organizationId, retry, shutdownGraceMs } = options.settings;
    const { headers, maxContentLength } = options.axiosDefaults();
    const events = new RequestEvents(name, clock);
    const client = new ApiClient({
      adapter,
      agents,
      cache,
      clock,
      defaults: { organizationId, retry, replay: true },
      events,
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
    this.#parts = { client, events, gate };
  }

  /**
   * All items of a list, from as many pages as it has. A page is requested when an item of it is needed. Iterate with
   * `for await`, or use `.toObservable()`. `$limit`, `$skip` and `$cursor` of `params` choose the page size and where to start.
   * Fails as `get()` does, and with a `DidomiRequestError` if the answer is not a list.
   *
   * @param config `pageSize` is the number of items to ask for at a time. Didomi sends fewer than 100, whatever is asked.
   * @throws DidomiRequestError if `pageSize`, `$limit` or `$skip` is not a whole number in range.
   */
  paginate<T>(url: string, config: DidomiPageConfig = {}): DidomiPages<T> {
    const { pageSize, signal, ...rest } = config;
    const { query, start, limit } = takePaging(config.params);
    const fetchPage: FetchPage = async (page, pageSignal) =>
      (await this.axiosRef.get<unknown>(url, { ...rest, params: withPage(query, page), signal: pageSignal })).data;
    return new DidomiPages<T>(fetchPage, { pageSize: pageSize ?? limit, signal, start });
  }

  /**
   * What happens to the API requests of this client, for logs, metrics and traces: sent, retried, replayed, waited, ended. A call is
   * told from its beginning or not at all. Completes when the application shuts down. Without a subscriber, it costs nothing.
   */
  // Not a property: JSON.stringify() would find the subscribers, which lead back to themselves.
  get events$(): Observable<DidomiHttpEvent> {
    return this.#parts.events.events$;
  }

  /**
   * Rate limit of the organization, as the last answer told it; undefined while none has. All processes of the organization
   * share it.
   */
  get rateLimit(): DidomiRateLimit | undefined {
    return this.#parts.gate.rateLimit;
  }

  // That of HttpService cancels every request when it is unsubscribed from, also one that has just been answered, and makes an
  // error with a stack for it.
  protected override makeObservable<T>(
    send: (...args: unknown[]) => AxiosPromise<T>,
    ...args: unknown[]
  ): Observable<AxiosResponse<T, any, {}, any>> {
    return new Observable((subscriber) => {
      const given = args.at(-1) as AxiosRequestConfig | undefined;
      // Axios' own token makes two promises and four closures.
      const token = !given?.cancelToken ? new RequestAbort() : undefined;
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

  /** From now on no request waits or is sent again. Those in flight have `shutdownGraceMs` to end. */
  onModuleDestroy(): void {
    this.#parts.client.beginShutdown();
  }

  /** Ends the requests that are left, and closes the connections. */
  onApplicationShutdown(): void {
    this.#parts.client.close();
  }
}

// The methods of HttpService with this library's request configuration in place of Axios' own. Types only, so that no code is
// written twice. `any` as in HttpService itself.
export interface DidomiHttpService {
  /** The Axios instance, for promises. Responses and errors are the same as those of the Observables. */
  get axiosRef(): DidomiAxiosInstance;
  /** Sends the request that `config` describes. */
  request<T = unknown>(config: DidomiRequestConfig): Observable<AxiosResponse<T>>;
  /**
   * Sends a GET request.
   *
   * @param url path relative to `baseURL`, or an absolute URL of the same origin.
   * @param config as for Axios, and `didomi` for the organization, retries and the replay after a 401.
   */
  get<T = unknown, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a DELETE request. */
  delete<T = unknown, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a HEAD request. */
  head<T = unknown, D = any>(url: string, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a POST request, with `data` as JSON. Only events with an `id` are retried after a lost answer. */
  post<T = unknown, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a PUT request, with `data` as JSON. */
  put<T = unknown, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a PATCH request, with `data` as JSON. Not retried after a lost answer. */
  patch<T = unknown, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>): Observable<AxiosResponse<T, D>>;
  /** Sends a POST request, with `data` as a form. */
  postForm<T = unknown, D = any>(
    url: string,
    data?: D,
    config?: DidomiRequestConfig<D>,
  ): Observable<AxiosResponse<T, D>>;
  /** Sends a PUT request, with `data` as a form. */
  putForm<T = unknown, D = any>(
    url: string,
    data?: D,
    config?: DidomiRequestConfig<D>,
  ): Observable<AxiosResponse<T, D>>;
  /** Sends a PATCH request, with `data` as a form. */
  patchForm<T = unknown, D = any>(
    url: string,
    data?: D,
    config?: DidomiRequestConfig<D>,
  ): Observable<AxiosResponse<T, D>>;
  /** Sends a QUERY request, with `data` as JSON. Absent with `@nestjs/axios` 4. */
  query: HttpService extends { query: unknown }
    ? <T = unknown, D = any>(url: string, data?: D, config?: DidomiRequestConfig<D>) => Observable<AxiosResponse<T, D>>
    : undefined;
}
