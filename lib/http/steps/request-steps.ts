import type { AccessTokenCache } from '../../auth/access-token.cache.js';
import type { AttemptDeadlines } from '../request/attempt-deadlines.js';
import type { AttemptParts } from './attempt-config.js';
import { AuthorizeStep } from './authorize.step.js';
import { CheckStep } from './check.step.js';
import { ReplayStep } from './replay.step.js';
import { RetryStep } from './retry.step.js';
import { SendStep } from './send.step.js';
import type { Next, Step, WaitParts } from './step.js';
import { TurnStep } from './turn.step.js';

/** What the steps of one client are made with. */
export interface StepParts extends AttemptParts, WaitParts {
  readonly cache: AccessTokenCache;
  readonly deadlines: AttemptDeadlines;
}

/**
 * The steps of an API request, outermost first: each calls the next. A new one (a cache, a metric) is a file and a
 * line here. What comes back becomes the response, or one of the library's errors, in `result.ts`.
 */
export function requestSteps(parts: StepParts): Next {
  return chain([
    new CheckStep(), // refuses what must not or cannot be sent, and adds the organization
    new RetryStep(parts), // sends again after a transient failure
    new ReplayStep(parts), // sends once more after a 401, with another access token
    new TurnStep(parts), // waits for the rate limit and for a free connection
    new AuthorizeStep(parts), // takes the access token of this moment
    new SendStep(parts), // sends one attempt, within its deadline
  ]);
}

function chain(steps: readonly Step[]): Next {
  const end: Next = () => Promise.reject(new Error('the last step sends the request'));
  return steps.reduceRight<Next>((next, step) => (request) => step.handle(request, next), end);
}
