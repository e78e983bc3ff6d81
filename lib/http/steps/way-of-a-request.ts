import type { AccessTokenCache } from '../../auth/access-token.cache.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { DidomiAgents } from '../../connection/didomi-agents.js';
import type { RequestGate } from '../rate-limit/request-gate.js';
import type { AttemptDeadlines } from '../request/attempt-deadlines.js';
import type { RequestLog } from '../request/request-log.js';
import { AuthorizeStep } from './authorize.step.js';
import { CheckStep } from './check.step.js';
import { ReplayStep } from './replay.step.js';
import { RetryStep } from './retry.step.js';
import { SendStep } from './send.step.js';
import type { Next, Step } from './step.js';
import { TurnStep } from './turn.step.js';

/** What the steps of one client are made with. */
export interface StepParts {
  readonly agents: DidomiAgents;
  readonly cache: AccessTokenCache;
  readonly clock: DidomiClock;
  readonly deadlines: AttemptDeadlines;
  readonly gate: RequestGate;
  readonly log: RequestLog;
  /** The limit of the client for responses, in bytes. */
  readonly maxContentLength: number;
  /** Once the shutdown has begun, no request waits or is sent again. */
  readonly shutdown: { readonly hasBegun: boolean };
}

/**
 * The whole way of an API request, outermost first: each step calls the next. A new one (a cache, a metric) is a file and a
 * line here. What comes back becomes the response, or one of the library's errors, in `result.ts`.
 */
export function wayOfARequest(parts: StepParts): Next {
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
