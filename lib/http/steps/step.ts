import type { ApiRequest } from '../request/api-request.js';
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
