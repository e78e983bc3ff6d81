import type { FakeDidomiAnswer } from './envelopes.js';

/** A request that has passed the gate, as a route sees it. */
export interface FakeDidomiCall {
  /** Path without `/v1` and without the query. */
  readonly path: string;
  /** The last segment of the path, decoded, where the route has an `{id}`; else empty. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The organization that owns the API key. */
  readonly organizationId: string;
}

/** Answers a call, or throws a refusal. */
export type FakeDidomiHandler = (call: FakeDidomiCall) => FakeDidomiAnswer;

/** A method and a path, such as `GET /keys/{id}`, and what answers there. */
export type FakeDidomiRoute = readonly [methodAndPath: string, handler: FakeDidomiHandler];
