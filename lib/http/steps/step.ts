import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { RequestGate } from '../rate-limit/request-gate.js';
import type { ApiRequest } from '../request/api-request.js';
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

/** What a step is made with in which requests wait. */
export interface WaitParts {
  readonly clock: DidomiClock;
  readonly gate: RequestGate;
  readonly log: RequestLog;
  /** Once the shutdown has begun, no request waits or is sent again. */
  readonly shutdown: { readonly isStarted: boolean };
}
