import type { DidomiHttpService } from '../http/didomi-http.service.js';
import type { DidomiPages } from '../http/paging/didomi-pages.js';
import type { DidomiRequestConfig } from '../http/request/didomi-request-config.interface.js';
import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { lowerCased } from '../headers/lower-cased.js';
import { OptionProblems } from '../options/option-problems.js';
import { ownOptions } from '../options/own-options.js';
import type { DidomiApiResponse } from './didomi-api-response.interface.js';
import type { ResponseTo, ArgumentsOf, ItemOf, ListArgumentsOf } from './didomi-api-options.js';
import { hasOrganization, organizationNamedIn, withOrganization } from './organization.js';
import type { ListRouteArgument, RouteArgument } from './route-argument.js';
import { targetOf } from './route.js';

const OPTIONS = {
  path: true,
  query: true,
  body: true,
  headers: true,
  signal: true,
  timeoutMs: true,
  didomi: true,
} as const;

type Options = Record<keyof typeof OPTIONS, unknown>;

/** Axios goes through every name that a configuration has, also of what is undefined. */
function withDefined<T extends object>(target: T, more: Readonly<Record<string, unknown>>): T & DidomiRequestConfig {
  for (const name in more) if (more[name] !== undefined) (target as Record<string, unknown>)[name] = more[name];
  return target;
}

/**
 * A typed client of Didomi's API: for `request('GET /consents/users/{id}', { path: { id } })` the compiler checks path parameters,
 * query and body, and knows the response. Returns promises of the data. Requests go through `DidomiHttpService`, with its access
 * token, replay, retry, rate limit and errors.
 *
 * The organization id of the client is added to the query, the body, both or neither, as the route requires, unless the request
 * names another.
 *
 * @publicApi
 */
export class DidomiApi {
  readonly #http: DidomiHttpService;
  readonly #organizationId: string | undefined;

  /**
   * @param http the service that sends the requests.
   * @param organizationId the default organization id, normally the `organizationId` of the options of `http`.
   */
  constructor(http: DidomiHttpService, organizationId?: string) {
    this.#http = http;
    this.#organizationId = organizationId;
  }

  /**
   * Sends a request and resolves with the data of the response.
   *
   * @param route `METHOD /path`, as in Didomi's documentation. Each `{name}` in it is a member of `path`.
   * @param options optional if the route requires none of them.
   * @throws DidomiRequestError for a malformed route and for a path parameter that is missing or invalid; and whatever
   * `DidomiHttpService` throws.
   */
  async request<Route extends string, Length = unknown>(
    route: RouteArgument<Route>,
    ...options: ArgumentsOf<Route, Length>
  ): Promise<ResponseTo<Route, Length>> {
    return (await this.requestWithResponse<Route, Length>(route, ...options)).data;
  }

  /** Like {@link request}, but resolves with the status and the headers as well. */
  async requestWithResponse<Route extends string, Length = unknown>(
    route: RouteArgument<Route>,
    ...[options]: ArgumentsOf<Route, Length>
  ): Promise<DidomiApiResponse<ResponseTo<Route, Length>>> {
    const { data, status, headers } = await this.#http.axiosRef.request<ResponseTo<Route, Length>>(
      this.#configOf(route, options),
    );
    return {
      // Axios returns an empty string for a response without content.
      data: status === 204 ? (undefined as ResponseTo<Route, Length>) : data,
      status,
      headers: { ...lowerCased(headers) } as DidomiApiResponse<unknown>['headers'],
    };
  }

  /**
   * All items of a list, whatever the shape of its pages. Iterate with `for await`. `$limit` sets the page size; `$skip` and
   * `$cursor` set the start.
   *
   * @param route a route that returns a list.
   * @throws DidomiRequestError synchronously, for the same reasons as {@link request}. The iteration rejects like that of
   * `DidomiHttpService.paginate()`.
   */
  paginate<Route extends string>(
    route: ListRouteArgument<Route>,
    ...[options]: ListArgumentsOf<Route>
  ): DidomiPages<ItemOf<Route>> {
    const { method, url, ...config } = this.#configOf(route, options);
    if (method !== 'GET') throw new DidomiRequestError('paginate() needs a GET route');
    return this.#http.paginate<ItemOf<Route>>(url, config);
  }

  #configOf(route: string, options: unknown) {
    const problems = new OptionProblems();
    const given: Partial<Options> = options === undefined ? {} : problems.group('options', options, OPTIONS);
    if (problems.list.length > 0) throw new DidomiRequestError(problems.list.join('; '));
    const { path, query, body, headers, signal, timeoutMs, didomi } = given;
    const target = targetOf(route, path, this.#http.axiosRef.defaults.baseURL ?? '');
    const chosen = didomi && ownOptions(didomi, { organizationId: true }).organizationId;
    const organizationId =
      chosen ??
      ((query ?? body) && organizationNamedIn(query, body)) ??
      (hasOrganization(route) ? this.#organizationId : false);
    return withDefined(target, {
      params: query,
      data: withOrganization(route, body, organizationId),
      headers,
      signal,
      timeout: timeoutMs,
      didomi: organizationId === undefined ? didomi : { ...(didomi as object), organizationId },
    });
  }
}
