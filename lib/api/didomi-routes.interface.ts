import type { KnownRoutes } from './routes/known-routes.js';

/**
 * Routes that an application adds or corrects, by `METHOD /path`. Extend it by declaration merging:
 *
 * ```ts
 * declare module 'nestjs-didomi' {
 *   interface DidomiRoutes {
 *     'GET /exports/{id}': { response: { id: string; status: string } };
 *   }
 * }
 * ```
 *
 * `response` is required; `query`, `body` and `headers` are for routes that take them. A route with an `item` is accepted by
 * `paginate()`. Names in braces are path parameters.
 *
 * @publicApi
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- an application adds to it
export interface DidomiRoutes {}

/**
 * A route of Didomi's API, such as `'GET /consents/users/{id}'`.
 *
 * @publicApi
 */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- the second is empty until an application adds to it
export type DidomiRoute = Extract<keyof KnownRoutes | keyof DidomiRoutes, string>;

/** The definition of a route; an application's own takes precedence. An unknown route takes no query and no body. */
export type RouteOf<Route> = Route extends keyof DidomiRoutes
  ? DidomiRoutes[Route]
  : Route extends keyof KnownRoutes
    ? KnownRoutes[Route]
    : Record<never, never>;

/**
 * A route that returns a list, for `paginate()`.
 *
 * @publicApi
 */
export type DidomiListRoute = {
  [Route in DidomiRoute]: RouteOf<Route> extends { item: unknown } ? Route : never;
}[DidomiRoute];

type Part<Route, Name extends string> = RouteOf<Route> extends { readonly [N in Name]: infer Value } ? Value : never;

/**
 * The data that a route returns.
 *
 * @publicApi
 */
export type DidomiResponseOf<Route extends DidomiRoute> = Part<Route, 'response'>;

/**
 * The body of a route; `never` if it takes none.
 *
 * @publicApi
 */
export type DidomiBodyOf<Route extends DidomiRoute> = Part<Route, 'body'>;

/**
 * The query of a route; `never` if it takes none.
 *
 * @publicApi
 */
export type DidomiQueryOf<Route extends DidomiRoute> = Part<Route, 'query'>;

/**
 * An item of the list that a route returns.
 *
 * @publicApi
 */
export type DidomiItemOf<Route extends DidomiListRoute> = Part<Route, 'item'>;
