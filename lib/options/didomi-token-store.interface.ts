/**
 * Where the replicas of a service keep the access token that they share. A `Keyv` is one, and so is the `CACHE_MANAGER` of
 * `@nestjs/cache-manager`. Both functions may return a promise.
 *
 * Values are encrypted with a key that is derived from the API secret. What the store returns is not trusted: anything that is not
 * a live access token, written by a client with the same credentials, counts as nothing.
 *
 * @publicApi
 */
export interface DidomiTokenStore {
  /** What was stored under the key last. */
  get(key: string): unknown;

  /**
   * Stores a value. What it returns does not matter, unless it is a promise that rejects.
   *
   * @param ttlMs how long the value is of use, in whole milliseconds.
   */
  set(key: string, value: string, ttlMs: number): unknown;
}
