/**
 * When a request is sent again after a transient failure. A 429 is retried for every method, since Didomi has not processed the
 * request; a network error or a 502, 503 or 504 only where sending it twice is safe: GET, HEAD, OPTIONS, QUERY, PUT, DELETE, and
 * `POST /consents/events` if the caller has set the `id` of every event.
 *
 * @publicApi
 */
export interface DidomiRetryOptions {
  /**
   * How many times a request is sent at most, including the first time. A replay after a 401 does not count.
   *
   * @default 3
   */
  readonly maxAttempts?: number | undefined;

  /**
   * Longest wait before a request is sent, in milliseconds. If Didomi asks for more, the call fails at once and its error
   * says how long to wait.
   *
   * @default 30000
   */
  readonly maxWaitMs?: number | undefined;
}
