import type { AccessToken } from './access-token.js';

/** The access token in use, and what is known of it. */
export class CurrentAccessToken {
  #token: AccessToken | undefined;
  /** The last one that was invalidated: if Didomi issues it again, its expiry still stands. */
  #invalidated: AccessToken | undefined;
  #isAccepted = true;

  get token(): AccessToken | undefined {
    return this.#token;
  }

  /** Whether an API request with it has succeeded; true without one. */
  get isAccepted(): boolean {
    return this.#token === undefined || this.#isAccepted;
  }

  usable(now: number): AccessToken | undefined {
    return this.#token?.isUsable(now) ? this.#token : undefined;
  }

  /** The one in use, or the invalidated one, that has this value. */
  known(value: string): AccessToken | undefined {
    return [this.#token, this.#invalidated].find((token) => token?.is(value));
  }

  set(token: AccessToken): void {
    this.#token = token;
    this.#invalidated = undefined;
    this.#isAccepted = false;
  }

  /** Uses a known one again, with its expiry. */
  restore(token: AccessToken): void {
    this.#token = token;
  }

  accept(value: string | undefined): void {
    if (value !== undefined && this.#token?.is(value)) this.#isAccepted = true;
  }

  invalidate(value: string): void {
    if (!this.#token?.is(value)) return;
    this.#invalidated = this.#token;
    this.#token = undefined;
  }

  clear(): void {
    this.#token = undefined;
    this.#invalidated = undefined;
  }
}
