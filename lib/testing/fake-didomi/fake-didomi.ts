import { inspect } from 'node:util';
import { Backend } from './backend.js';
import type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
  FakeDidomiSeed,
  FakeDidomiState,
} from './fake-didomi.types.js';
import { HttpServer } from './http/server.js';

/**
 * A fake of the Didomi API: a real HTTP server on loopback that issues access tokens, refuses bad ones, limits the
 * rate of requests, keeps what it is sent in memory and misbehaves on demand. Works with any test runner.
 *
 * @example
 * const didomi = await FakeDidomi.start();
 * didomi.script('api-requests', { status: 503 }, { times: 1 });
 * // point the application at didomi.baseURL, then
 * await didomi.stop();
 */
export class FakeDidomi {
  /** The organization that owns the API key, and what is seeded without another one. */
  readonly organizationId: string;
  /** How far the fake's clock runs ahead of the `now` option, in milliseconds; default 0, negative if it is slow. */
  clockOffsetMs = 0;
  readonly #backend: Backend;
  readonly #server: HttpServer;
  #origin = '';

  private constructor(options: FakeDidomiOptions) {
    this.organizationId = options.organizationId ?? 'fake-organization';
    // Looked up at each call, so that a test runner's fake Date moves the fake along with the application.
    const now = options.now ?? (() => Date.now());
    this.#backend = new Backend(this.organizationId, options, now, () => now() + this.clockOffsetMs);
    const { receiver } = this.#backend;
    this.#server = new HttpServer((incoming, response) => receiver.receive(incoming, response));
  }

  /** Starts a fake and resolves once it listens; rejects if the port is taken. */
  static async start(options: FakeDidomiOptions = {}): Promise<FakeDidomi> {
    const didomi = new FakeDidomi(options);
    didomi.#origin = await didomi.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
    return didomi;
  }

  /** What a client takes as its base URL, for example `http://127.0.0.1:41234/v1`. */
  get baseURL(): string {
    return `${this.#origin}/v1`;
  }

  /** The same without `/v1`. */
  get origin(): string {
    return this.#origin;
  }

  /** The API key that token requests must present. */
  get apiKey(): string {
    return this.#backend.apiKey;
  }

  /** The API secret that token requests must present now. */
  get apiSecret(): string {
    return this.#backend.apiKeys.secret;
  }

  /** Lifetime of the access tokens issued from now on, in milliseconds; default one hour. */
  get accessTokenLifetimeMs(): number {
    return this.#backend.accessTokens.lifetimeMs;
  }

  set accessTokenLifetimeMs(lifetimeMs: number) {
    this.#backend.accessTokens.lifetimeMs = lifetimeMs;
  }

  /**
   * Replaces the claims of the access tokens issued from now on, to leave out `exp`, to give it in the wrong unit and
   * so on; `undefined`, the default, leaves them alone. When the fake itself stops to accept an access token depends
   * on `accessTokenLifetimeMs` only.
   */
  get accessTokenClaims(): ((claims: FakeDidomiAccessTokenClaims) => object) | undefined {
    return this.#backend.accessTokens.claims;
  }

  set accessTokenClaims(claims: ((claims: FakeDidomiAccessTokenClaims) => object) | undefined) {
    this.#backend.accessTokens.claims = claims;
  }

  /** Whether {@link apiKey} obtains access tokens; default `true`. Requests to `/keys/{id}` change it, too. */
  get enabled(): boolean {
    return this.#backend.apiKeys.isEnabled;
  }

  /** Every request received since the start or the last `reset()`, in the order in which they were complete. */
  get requests(): readonly FakeDidomiRequest[] {
    return this.#backend.receiver.requests;
  }

  /** Number of token requests (`POST /sessions`) received. */
  get tokenRequests(): number {
    return this.#backend.receiver.tokenRequests;
  }

  /** Number of all other requests received. */
  get apiRequests(): number {
    return this.#backend.receiver.apiRequests;
  }

  /** Number of TCP connections accepted. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Refuses the API key from the next token request on; access tokens already issued live on. */
  disableApiKey(): void {
    this.#backend.apiKeys.disable();
  }

  /** Takes {@link disableApiKey} back, and even the deletion of the key by a request. */
  enableApiKey(): void {
    this.#backend.apiKeys.enable();
  }

  /** Replaces the API secret; token requests with the old one are refused from now on. */
  rotateApiSecret(newSecret: string): void {
    this.#backend.apiKeys.secret = newSecret;
  }

  /** Refuses every access token issued until now with a 401. */
  revokeAccessTokens(): void {
    this.#backend.accessTokens.revokeAll();
  }

  /**
   * Gives the next `times` matching requests (default: all to come) the fault. Of several scripts that match, the one
   * scripted first is used up first. The returned function takes the script back.
   */
  script(match: FakeDidomiMatch, fault: FakeDidomiFault, { times = Infinity }: { times?: number } = {}): () => void {
    return this.#backend.receiver.scripts.add(match, fault, times);
  }

  /** Takes all scripts back. */
  clearScripts(): void {
    this.#backend.receiver.scripts.clear();
  }

  /**
   * What is stored now, in deep copies: what the application wrote and what was seeded. Holds neither API secrets nor
   * access tokens.
   *
   * @example
   * expect(didomi.state.consentEvents).toMatchObject([{ user: { organization_user_id: 'jane@example.com' } }]);
   */
  get state(): FakeDidomiState {
    return this.#backend.state();
  }

  /**
   * Adds to what is stored, until the next {@link reset}; the `seed` option is for what has to outlive it. Consent events
   * update their users as if they had been sent.
   *
   * @throws TypeError if an entity is malformed or its id exists already; the message names it.
   */
  seed(seed: FakeDidomiSeed): void {
    this.#backend.seed(seed);
  }

  /**
   * Forgets requests, counts, scripts and the rate limit's windows, and goes back to what was stored at the start.
   * Credentials, access tokens and connections stay.
   */
  reset(): void {
    this.#backend.reset();
    this.#server.connections = 0;
  }

  /** Closes the server and every open connection, those of unanswered requests included. Harmless when repeated. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** @internal Keeps credentials and recorded requests out of logs, even where getters are printed. */
  [inspect.custom](): string {
    const { baseURL, tokenRequests, apiRequests } = this;
    return `FakeDidomi ${inspect({ baseURL, tokenRequests, apiRequests })}`;
  }
}
