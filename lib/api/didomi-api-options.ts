import type { DidomiRequestOptions } from '../http/request/didomi-request-config.interface.js';
import type {
  DidomiResponseOf,
  DidomiItemOf,
  DidomiListRoute,
  DidomiRoute,
  RouteOf,
} from './didomi-routes.interface.js';

/** Options of every request. */
export interface DidomiApiCommonOptions {
  /** Aborts the request, or the pagination. */
  readonly signal?: AbortSignal;

  /**
   * Longest duration of an attempt, in milliseconds.
   *
   * @default the `timeoutMs` of the client
   */
  readonly timeoutMs?: number;

  /** Overrides of the client's options for this request. */
  readonly didomi?: DidomiRequestOptions;
}

/** The names in braces. */
export type PathParameter<Route> = Route extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** An optional member if nothing in it is required. */
type Member<Name extends string, Value> =
  Record<never, never> extends Value ? { readonly [N in Name]?: Value } : { readonly [N in Name]: Value };

type PathOf<Route> = [PathParameter<Route>] extends [never]
  ? { readonly path?: undefined }
  : { readonly path: { readonly [Name in PathParameter<Route>]: string | number } };

type QueryOf<Route> =
  RouteOf<Route> extends { query: infer Query } ? Member<'query', Query> : { readonly query?: undefined };

type BodyOf<Route> =
  RouteOf<Route> extends { body: infer Body } ? { readonly body: Body } : { readonly body?: undefined };

type HeadersOf<Route> =
  RouteOf<Route> extends { headers: infer Headers }
    ? Member<'headers', Headers & Readonly<Record<string, string>>>
    : { readonly headers?: Readonly<Record<string, string>> };

type Parts<Route> = PathOf<Route> & QueryOf<Route> & BodyOf<Route> & HeadersOf<Route> & DidomiApiCommonOptions;

/**
 * The options of a request: `path`, `query`, `body` and `headers` as the route defines them, and options of all requests.
 *
 * @publicApi
 */
// One mapped type, so that editors show its name in place of the intersection.
export type DidomiApiOptions<Route> = { [Name in keyof Parts<Route>]: Parts<Route>[Name] };

/**
 * Infers `Length` as a number if the body is an array, where the response depends on that. A type parameter for the whole body
 * would disable the check for unknown members.
 */
type ListProbe<Route, Length> = RouteOf<Route> extends { responseToList: unknown } ? BodyOfLength<Length> : unknown;

interface BodyOfLength<Length> {
  readonly body?: { readonly length?: Length };
}

/** An optional parameter if nothing in the options is required. */
type OptionalIfEmpty<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/** The parameters of `request()` after the route. */
export type ArgumentsOf<Route, Length> = OptionalIfEmpty<DidomiApiOptions<Route> & ListProbe<Route, Length>>;

/** The parameters of `paginate()` after the route. */
export type ListArgumentsOf<Route> = OptionalIfEmpty<DidomiApiOptions<Route>>;

/** The data that `request()` resolves with. */
export type ResponseTo<Route, Length> = [Length] extends [number]
  ? RouteOf<Route> extends { responseToList: infer Answer }
    ? Answer
    : never
  : Route extends DidomiRoute
    ? DidomiResponseOf<Route>
    : never;

/** The items that `paginate()` yields. */
export type ItemOf<Route> = Route extends DidomiListRoute ? DidomiItemOf<Route> : never;
