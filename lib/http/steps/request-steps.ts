import { AuthorizeStep } from './authorize.step.js';
import { CheckStep } from './check.step.js';
import { ReplayStep } from './replay.step.js';
import { RetryStep } from './retry.step.js';
import { SendStep } from './send.step.js';
import type { Next, Step, StepParts } from './step.js';
import { TurnStep } from './turn.step.js';

/**
 * The steps of an API request, outermost first: each calls the next. A new one (a cache, a metric) is a file and a
 * line here. What comes back becomes the response, or one of the library's errors, in `result.ts`.
 */
export function requestSteps(parts: StepParts): Next {
  const steps: readonly Step[] = [
    new CheckStep(), // refuses what must not or cannot be sent, and adds the organization
    new RetryStep(parts), // sends again after a transient failure
    new ReplayStep(parts), // sends once more after a 401, with another access token
    new TurnStep(parts), // waits for the rate limit and for a free connection
    new AuthorizeStep(parts), // takes the access token of this moment
    new SendStep(parts), // sends one attempt, within its deadline
  ];
  const end: Next = () => Promise.reject(new Error('the last step sends the request'));
  return steps.reduceRight<Next>((next, step) => (request) => step.handle(request, next), end);
}
