import type { AccessToken } from './access-token.js';
import type { DidomiRefreshTrigger } from './didomi-auth-event.interface.js';

/** How the client came by an access token. */
export interface Refresh {
  readonly trigger: DidomiRefreshTrigger;
  /** When it came, by `DidomiClock.monotonic()`. */
  readonly at: number;
}

/** An access token of this age may not have reached all of Didomi's replicas yet. */
const YOUNG_MS = 5_000;
/** An access token that is older than this when another one is refused may have been revoked together with it. */
const SURELY_NEWER_MS = 15_000;

/** The access token in use, and what is known of it. */
export class CurrentAccessToken {
  #token: AccessToken | undefined;
  /** The last one that was invalidated: if Didomi issues it again, its expiry still stands. */
  #invalidated: AccessToken | undefined;
  #isAccepted = true;
  /** Whether Didomi has answered 401 to it, at any time, and since it last accepted it. */
  #wasRejected = false;
  #isRejected = false;
  #isAdopted = false;
  #lastRefresh: Refresh | undefined;

  get token(): AccessToken | undefined {
    return this.#token;
  }

  /** Whether an API request with it has succeeded; true without one. */
  get isAccepted(): boolean {
    return this.#token === undefined || this.#isAccepted;
  }

  /** Whether Didomi has answered 401 to it since it last accepted it. */
  get isRejected(): boolean {
    return this.#token !== undefined && this.#isRejected;
  }

  /** Whether it was issued to another replica. */
  get isAdopted(): boolean {
    return this.#isAdopted;
  }

  /** How the last one came, in use or not; undefined if there was none. */
  get lastRefresh(): Refresh | undefined {
    return this.#lastRefresh;
  }

  usable(now: number): AccessToken | undefined {
    return this.#token?.isUsable(now) ? this.#token : undefined;
  }

  /** The one in use, unless Didomi has answered 401 to it since it last accepted it. */
  promising(now: number): AccessToken | undefined {
    return this.#isRejected ? undefined : this.usable(now);
  }

  /** Whether there is a usable one that is not due for renewal yet. */
  isFresh(now: number): boolean {
    return this.usable(now)?.isDue(now) === false;
  }

  /** Whether a 401 to this value may mean that Didomi does not know it yet. */
  isYoung(value: string, now: number): boolean {
    const token = this.#token;
    return token !== undefined && token.is(value) && !this.#isAccepted && now - token.requestedAt < YOUNG_MS;
  }

  /** The one in use, or the invalidated one, that has this value. */
  known(value: string): AccessToken | undefined {
    return [this.#token, this.#invalidated].find((token) => token?.is(value));
  }

  set(token: AccessToken, refresh: Refresh): void {
    this.#token = token;
    this.#lastRefresh = refresh;
    this.#invalidated = undefined;
    this.#isAccepted = false;
    this.#wasRejected = false;
    this.#isRejected = false;
    this.#isAdopted = false;
  }

  /** Uses one that was issued to another replica. */
  adopt(token: AccessToken, refresh: Refresh): void {
    this.set(token, refresh);
    this.#isAdopted = true;
  }

  /** Uses a known one again, with its expiry. */
  restore(token: AccessToken): void {
    this.#token = token;
  }

  accept(value: string | undefined): void {
    if (value === undefined || !this.#token?.is(value)) return;
    this.#isAccepted = true;
    this.#isRejected = false;
  }

  /** Didomi has answered 401 to this value. Returns the access token if it is the one in use, and the first 401 to it. */
  reject(value: string): AccessToken | undefined {
    if (!this.#token?.is(value)) return undefined;
    const isFirst = !this.#wasRejected;
    this.#wasRejected = true;
    this.#isRejected = true;
    return isFirst ? this.#token : undefined;
  }

  /** Returns the access token with this value if it was the one in use. */
  invalidate(value: string): AccessToken | undefined {
    if (!this.#token?.is(value)) return undefined;
    this.#invalidated = this.#token;
    this.#token = undefined;
    return this.#invalidated;
  }

  /**
   * What to do with an access token of another replica: `adopt` it in place of a token request, or not; it is `refused` if it is the
   * one that Didomi has answered 401 to, or that the application has invalidated.
   *
   * @param canRequest whether there is a choice: if no token request may be sent, any newer one is better than none.
   */
  verdictOn(other: AccessToken, now: number, canRequest: boolean): 'adopt' | 'ignore' | 'refused' {
    const last = this.#token ?? this.#invalidated;
    const isRefused = last !== undefined && (this.#token === undefined || this.#isRejected);
    if (last?.is(other.reveal())) return isRefused ? 'refused' : 'ignore';
    if (!other.isUsable(now) || (last !== undefined && other.requestedAt <= last.requestedAt)) return 'ignore';
    if (isRefused && canRequest && now - other.requestedAt > SURELY_NEWER_MS) return 'ignore';
    return other.isDue(now) && this.promising(now) !== undefined ? 'ignore' : 'adopt';
  }

  clear(): void {
    this.#token = undefined;
    this.#invalidated = undefined;
  }
}
