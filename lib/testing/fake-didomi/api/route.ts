import type { Answer } from './answers.js';

/** An authenticated request, as a route sees it. */
export interface Call {
  /** Path without `/v1` and without the query. */
  readonly path: string;
  /** The last segment of the path, decoded, where the route has an `{id}`; else empty. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The organization that owns the API key. */
  readonly organizationId: string;
}

/** Answers a call, or throws a {@link Refusal}. */
export type Handler = (call: Call) => Answer;

/** A method and a path, such as `GET /keys/{id}`, and what answers there. */
export type Route = readonly [methodAndPath: string, handler: Handler];

export function withoutVersion(path: string): string {
  return path.startsWith('/v1/') ? path.slice('/v1'.length) : path;
}

export function isTokenRequest({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && withoutVersion(path) === '/sessions';
}
