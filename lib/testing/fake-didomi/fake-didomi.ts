import { inspect } from 'node:util';
import { FakeDidomiAccessTokens } from './access-tokens.js';
import { FakeDidomiApi } from './api.js';
import { FakeDidomiServer } from './server.js';
import { FakeDidomiSessions } from './sessions.js';
import { FakeDidomiTraffic } from './traffic.js';
import type {
  FakeDidomiAccessTokenClaims,
  FakeDidomiFault,
  FakeDidomiMatch,
  FakeDidomiOptions,
  FakeDidomiRequest,
} from './types.js';

/**
 * A fake of the Didomi API: a real HTTP server on loopback that issues access tokens, refuses bad ones, keeps consents
 * in memory and misbehaves on demand. Works with any test runner.
 *
 * @example
 * const didomi = await FakeDidomi.start();
 * didomi.script('api-requests', { status: 503 }, { times: 1 });
 * // point the application at didomi.baseURL, then
 * await didomi.stop();
 */
export class FakeDidomi {
  /** The organization that owns the seeded properties. */
  readonly organizationId: string;
  /** How far the fake's clock runs ahead of the `now` option, in milliseconds; default 0, negative if it is slow. */
  clockOffsetMs = 0;
  readonly #accessTokens: FakeDidomiAccessTokens;
  readonly #sessions: FakeDidomiSessions;
  readonly #api: FakeDidomiApi;
  readonly #traffic: FakeDidomiTraffic;
  readonly #server: FakeDidomiServer;
  #origin = '';

  private constructor(options: FakeDidomiOptions) {
    this.organizationId = options.organizationId ?? 'fake-organization';
    // Looked up at each call, so that a test runner's fake Date moves the fake along with the application.
    const now = options.now ?? (() => Date.now());
    const clock = () => now() + this.clockOffsetMs;
    this.#accessTokens = new FakeDidomiAccessTokens(options.accessTokenLifetimeMs ?? 3_600_000, clock);
    const { apiKey = 'fake-api-key', apiSecret = 'fake-api-secret' } = options;
    this.#sessions = new FakeDidomiSessions(apiKey, apiSecret, this.#accessTokens);
    this.#api = new FakeDidomiApi(this.organizationId, this.#sessions, this.#accessTokens, clock);
    this.#traffic = new FakeDidomiTraffic(this.#api, now, clock);
    this.#server = new FakeDidomiServer((incoming, response) => void this.#traffic.receive(incoming, response));
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

  /** The same without `/v1`; every route is served there as well. */
  get origin(): string {
    return this.#origin;
  }

  /** The API key that token requests must present. */
  get apiKey(): string {
    return this.#sessions.apiKey;
  }

  /** The API secret that token requests must present now. */
  get apiSecret(): string {
    return this.#sessions.apiSecret;
  }

  /** Lifetime of the access tokens issued from now on, in milliseconds; default one hour. */
  get accessTokenLifetimeMs(): number {
    return this.#accessTokens.lifetimeMs;
  }

  set accessTokenLifetimeMs(lifetimeMs: number) {
    this.#accessTokens.lifetimeMs = lifetimeMs;
  }

  /**
   * Replaces the claims of the access tokens issued from now on, to leave out `exp`, to give it in the wrong unit and
   * so on; `undefined`, the default, leaves them alone. When the fake itself stops to accept an access token depends
   * on `accessTokenLifetimeMs` only.
   */
  get accessTokenClaims(): ((claims: FakeDidomiAccessTokenClaims) => object) | undefined {
    return this.#accessTokens.claims;
  }

  set accessTokenClaims(claims: ((claims: FakeDidomiAccessTokenClaims) => object) | undefined) {
    this.#accessTokens.claims = claims;
  }

  /** Whether the API key obtains access tokens; default `true`. */
  get enabled(): boolean {
    return this.#sessions.enabled;
  }

  /** Every request received since the start or the last `reset()`, in the order in which they were complete. */
  get requests(): readonly FakeDidomiRequest[] {
    return this.#traffic.requests;
  }

  /** Number of token requests (`POST /sessions`) received. */
  get tokenRequests(): number {
    return this.#traffic.tokenRequests;
  }

  /** Number of all other requests received. */
  get apiRequests(): number {
    return this.requests.length - this.tokenRequests;
  }

  /** Number of TCP connections accepted. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Refuses the API key from the next token request on; access tokens already issued live on. */
  disableApiKey(): void {
    this.#sessions.enabled = false;
  }

  /** Takes {@link disableApiKey} back. */
  enableApiKey(): void {
    this.#sessions.enabled = true;
  }

  /** Replaces the API secret; token requests with the old one are refused from now on. */
  rotateApiSecret(newSecret: string): void {
    this.#sessions.apiSecret = newSecret;
  }

  /** Refuses every access token issued until now with a 401. */
  revokeAccessTokens(): void {
    this.#accessTokens.revokeAll();
  }

  /**
   * Gives the next `times` matching requests (default: all to come) the fault. Of several scripts that match, the one
   * scripted first is used up first. The returned function takes the script back.
   */
  script(match: FakeDidomiMatch, fault: FakeDidomiFault, { times = Infinity }: { times?: number } = {}): () => void {
    return this.#traffic.scripts.add(match, fault, times);
  }

  /** Takes all scripts back. */
  clearScripts(): void {
    this.#traffic.scripts.clear();
  }

  /** Forgets requests, counts, scripts and stored consents. Credentials, access tokens and connections stay. */
  reset(): void {
    this.#traffic.forget();
    this.#server.connections = 0;
    this.#api.forgetConsents();
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
