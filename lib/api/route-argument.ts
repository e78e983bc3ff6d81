import type { DidomiListRoute, DidomiRoute } from './didomi-routes.interface.js';

type FirstOf<A, B, C> = [A] extends [never] ? ([B] extends [never] ? C : B) : A;

type HowToWrite = 'METHOD /path, as in GET /consents/users/{id}';

/** Known routes that begin with the same letters, preferably of the same method. */
type Near<
  Written extends string,
  Known extends string,
> = Written extends `${infer Method} /${infer A}${infer B}${infer C}${string}`
  ? FirstOf<
      Extract<Known, `${Uppercase<Method>} /${A}${B}${C}${string}`>,
      Extract<Known, `${string} /${A}${B}${C}${string}`>,
      Known
    >
  : Written extends `/${string}`
    ? FirstOf<Extract<Known, `${string} ${Written}`>, never, HowToWrite>
    : FirstOf<Extract<Known, `${Written}${string}`>, never, HowToWrite>;

/**
 * The type of a `route` parameter. For an unknown route, error messages and completions list similar routes instead of all.
 * Without `NoInfer`, the template literals would infer a prefix of the string in addition to the string.
 */
export type RouteArgument<Written extends string> = Written extends DidomiRoute
  ? Written
  : Near<NoInfer<Written>, DidomiRoute>;

/** The same for the routes of lists. */
export type ListRouteArgument<Written extends string> = Written extends DidomiListRoute
  ? Written
  : Near<NoInfer<Written>, DidomiListRoute>;
