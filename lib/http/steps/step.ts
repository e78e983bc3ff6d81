import type { AccessTokenCache } from '../../auth/access-token.cache.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { DidomiConnections } from '../../options/didomi-transport.interface.js';
import type { RequestGate } from '../rate-limit/request-gate.js';
import type { ApiRequest } from '../request/api-request.js';
import type { AttemptDeadlines } from '../request/attempt-deadlines.js';
import type { RequestLog } from '../request/request-log.js';
import type { Answer } from '../response/answer.js';

/** The rest of the way: the next step and all behind it. */
export type Next = (request: ApiRequest) => Promise<Answer>;

/**
 * One step on the way of a request. It does one thing, before or after it calls `next`, or in place of it. What it may know
 * is the request and what it was made with.
 */
export interface Step {
  handle(request: ApiRequest, next: Next): Promise<Answer>;
}

/** What the steps of one client are made with. */
export interface StepParts {
  readonly agents: DidomiConnections;
  readonly cache: AccessTokenCache;
  readonly clock: DidomiClock;
  readonly deadlines: AttemptDeadlines;
  readonly gate: RequestGate;
  readonly log: RequestLog;
  /** The limit of the client for responses, in bytes. */
  readonly maxContentLength: number;
  /** Once the shutdown has begun, no request waits or is sent again. */
  readonly shutdown: { readonly isStarted: boolean };
}
