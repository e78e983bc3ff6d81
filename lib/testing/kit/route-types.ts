import type { PathParameter } from '../../api/didomi-api-options.js';
import type { DidomiResponseOf, DidomiRoute, RouteOf } from '../../api/didomi-routes.interface.js';
import type { OpenText } from '../../api/shapes/fields.js';
import type { DidomiTestRequest } from './didomi-test-request.js';
import type { DidomiStandingAnswers } from './standing-answers.js';

/** Any string. Editors propose the known routes. */
export type WrittenRoute = OpenText<DidomiRoute>;

/** Without a literal type, the names are not known. */
type ParameterOf<Match> = Match extends string ? (string extends Match ? string : PathParameter<Match>) : never;

type PathOf<Match> = [ParameterOf<Match>] extends [never]
  ? undefined
  : { readonly [Name in ParameterOf<Match>]?: string | number };

/**
 * Options of a match by route.
 *
 * @publicApi
 */
export interface DidomiTestMatchOptions<Match> {
  /** Decoded values of path parameters. One that is left out may have any value. */
  readonly path?: PathOf<Match>;
}

/** The data that the route of a match returns; `unknown` if it is no known route. */
type AnswerTo<Match> = Match extends DidomiRoute ? DidomiResponseOf<Match> | AnswerToList<Match> : unknown;

/** Not documented, but a list as well. */
type AnswerToList<Route> = RouteOf<Route> extends { responseToList: unknown } ? readonly unknown[] : never;

/** A request that was found by a match. */
export type RequestFor<Match> = DidomiTestRequest<AnswerTo<Match>>;

/** Answers for the requests that a match finds. */
export type AnswersFor<Match> = DidomiStandingAnswers<AnswerTo<Match>>;
