import type { AxiosAdapter } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { clientNameOf } from '../clients/client-id.js';
import type { DidomiRuntime } from '../didomi.runtime.js';
import type { DidomiTestingOptions } from './didomi-testing-options.interface.js';
import { Expectations } from './kit/expectations.js';
import { readMatch, type DidomiTestMatch } from './kit/request-match.js';
import type { AnswersFor, DidomiTestMatchOptions, RequestFor } from './kit/route-types.js';
import type { DidomiTestFailure } from './kit/test-answer.js';
import { TestBackend } from './kit/test-backend.js';
import { TestEnvironment, type ClientState } from './kit/test-environment.js';

/**
 * Didomi in a test: answers the API requests of one client as the test says, and token requests by itself. Everything above the
 * network is real: access token, replay, retry, rate limit, errors.
 *
 * `DidomiTestingModule` provides it. In `overrideProvider(DIDOMI_RUNTIME).useValue(new DidomiTestingController())`, for tests of a
 * whole application, it stands for the default client, and `client()` for the others.
 *
 * @publicApi
 */
export class DidomiTestingController implements DidomiRuntime {
  readonly isOffline = true;
  readonly #environment: TestEnvironment;
  readonly #controllers: Map<string | undefined, DidomiTestingController>;
  readonly #name: string | undefined;
  readonly #backend: TestBackend;
  readonly #expectations: Expectations;

  constructor(options?: DidomiTestingOptions);
  /** @internal */
  constructor(options: DidomiTestingOptions, main: DidomiTestingController, name: string);
  constructor(options: DidomiTestingOptions = {}, main?: DidomiTestingController, name?: string) {
    this.#environment = main === undefined ? new TestEnvironment(options) : main.#environment;
    this.#controllers = main === undefined ? new Map() : main.#controllers;
    this.#controllers.set(name, this);
    this.#name = name;
    this.#backend = new TestBackend(name, this.#environment);
    this.#expectations = new Expectations(this.#environment, name);
  }

  /**
   * The controller of another client of the application.
   *
   * @param client the `name` of its registration, or the API key that `DidomiClients` got; absent for the default client.
   */
  client(client?: string | { readonly apiKey: string }): DidomiTestingController {
    const name = typeof client === 'object' ? clientNameOf(client) : client;
    return this.#controllers.get(name) ?? new DidomiTestingController({}, this, name!);
  }

  /**
   * Waits for the one request that matches, and takes it: no later expectation finds it.
   *
   * @throws Error if none arrives within a second (`arrivalTimeoutMs`), or more than one does. The message lists what did.
   */
  async expectOne<M extends DidomiTestMatch>(match: M, options?: DidomiTestMatchOptions<M>): Promise<RequestFor<M>> {
    return await this.#expectations.one(readMatch(match, options));
  }

  /**
   * Checks that no such request has arrived, apart from those that were taken. Call it once the code under test has ended.
   *
   * @throws Error if one has.
   */
  expectNone<M extends DidomiTestMatch>(match: M, options?: DidomiTestMatchOptions<M>): void {
    this.#expectations.none(readMatch(match, options));
  }

  /** Takes all matching requests that have arrived, in order. */
  match<M extends DidomiTestMatch>(match: M, options?: DidomiTestMatchOptions<M>): RequestFor<M>[] {
    return this.#expectations.all(readMatch(match, options));
  }

  /**
   * Checks that nothing is left: no request that the test has neither taken nor set up an answer for, and none without an answer.
   * The controller of the default client checks all clients. Requests that are left stay open, and fail no more.
   *
   * @throws Error with a list of them; or if no application uses this controller.
   */
  verify(): void {
    this.#expectations.nothingLeft();
  }

  /**
   * Sets up answers for all matching requests from now on. The newest that matches is used. `expectOne()` and `match()` find
   * such a request as well, already answered.
   */
  when<M extends DidomiTestMatch>(match: M, options?: DidomiTestMatchOptions<M>): AnswersFor<M> {
    return this.#backend.standing.add(readMatch(match, options));
  }

  /** How many token requests were sent. */
  get accessTokenRequests(): number {
    return this.#backend.accessTokens.requests;
  }

  /** Lifetime of the access tokens issued from now on, in milliseconds; default one hour. */
  get accessTokenLifetimeMs(): number {
    return this.#backend.accessTokens.lifetimeMs;
  }

  set accessTokenLifetimeMs(lifetimeMs: number) {
    this.#backend.accessTokens.lifetimeMs = lifetimeMs;
  }

  /** Requests with an access token issued until now get a 401, until {@link restore}: the client requests another one. */
  revokeAccessToken(): void {
    this.#backend.accessTokens.revoke();
  }

  /** Until {@link restore}, access tokens issued until now get a 401, and token requests a 400. */
  revokeApiKey(): void {
    this.#backend.accessTokens.revokeKey();
  }

  /**
   * Token requests fail from now on, until {@link restore}.
   *
   * @param failure the status of the answer, 400 for rejected credentials for instance; or why there is none.
   * @param times how many fail; default all.
   */
  failAccessTokenRequests(failure: number | DidomiTestFailure, { times }: { readonly times?: number } = {}): void {
    this.#backend.accessTokens.fail(failure, times);
  }

  /** Token requests are answered this much later, until {@link restore}; in the library's time, see {@link advance}. */
  delayAccessTokenRequests(delayMs: number): void {
    this.#backend.accessTokens.delay(delayMs);
  }

  /**
   * Didomi is down for this client: API requests and token requests fail, until {@link restore}, with the status of an answer, or
   * with the reason why there is none.
   */
  goDown(failure: number | DidomiTestFailure = 503): void {
    this.failAccessTokenRequests(failure);
    this.#backend.outage = failure;
  }

  /**
   * Didomi works again for this client: outage, revocations, scripted failures, delays and held time end, and it forgets what it has
   * learned from them (rejected key, back-off, rate limit). Requests under way, standing answers and counts stay.
   */
  restore(): void {
    this.#environment.restore(this.#name);
  }

  /**
   * Begins anew, for a controller that several tests share: {@link restore} for all clients, without requests, counts and standing
   * answers. Valid access tokens stay. Call it after `verify()`. Requests that are still open never settle.
   */
  reset(): void {
    this.#environment.reset();
  }

  /**
   * Advances the library's time, for all clients: access tokens age, and timers that are due run. Otherwise it stands still, but the
   * library's own waits, before a retry for instance, are over at once. The cron job keeps to real time.
   */
  async advance(ms: number): Promise<void> {
    await this.#environment.clock.advance(ms);
  }

  /** From now on, until {@link restore} or {@link reset}, the library's waits end only by {@link advance}. */
  holdTime(): void {
    this.#environment.clock.hold();
  }

  /** The library's time, of all clients. */
  get clock(): DidomiClock {
    return this.#environment.clock;
  }

  /** The transport of a client, for `DIDOMI_RUNTIME`. */
  adapterOf(name: string | undefined): AxiosAdapter {
    this.#environment.supervisor.open();
    return this.client(name).#backend.adapter;
  }

  /** @internal */
  supervise<T>(request: () => Promise<T>): Promise<T> {
    return this.#environment.supervisor.run(request);
  }

  /** @internal */
  track(name: string | undefined, state: ClientState): void {
    this.#environment.track(name, state);
  }

  /** @internal */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#environment.endHeldTime();
  }

  /** @internal */
  onApplicationShutdown(): void {
    this.#environment.close();
  }
}
