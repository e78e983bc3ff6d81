import type { AxiosAdapter } from 'axios';
import type { DidomiClock } from '../auth/didomi.clock.js';
import type { DidomiRuntime } from '../didomi.runtime.js';
import type { DidomiTestRequest } from './kit/didomi-test-request.js';
import { checkMilliseconds } from './kit/milliseconds.js';
import { readMatch, type DidomiTestMatch } from './kit/request-match.js';
import type { DidomiStandingAnswers } from './kit/standing-answers.js';
import type { DidomiTestFailure } from './kit/test-answer.js';
import { TestBackend } from './kit/test-backend.js';
import { TestClock } from './kit/test-clock.js';
import { TestTraffic } from './kit/test-traffic.js';

/**
 * How long the kit waits in real time, so that what a test forgets ends with a message and not with the test runner's time limit.
 *
 * @publicApi
 */
export interface DidomiTestingOptions {
  /**
   * Longest time for which `expectOne()` waits for a request, in milliseconds.
   *
   * @default 1_000
   */
  readonly arrivalTimeoutMs?: number;
  /**
   * Longest time for which a request waits to be answered by the test, in milliseconds. It fails then, and `verify()` too.
   *
   * @default 4_000
   */
  readonly answerTimeoutMs?: number;
}

/** What the controllers of all clients share. */
interface Shared {
  readonly arrivalTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly clock: TestClock;
  readonly traffic: TestTraffic;
  readonly controllers: Map<string | undefined, DidomiTestingController>;
  /** Names of the clients that the application has. */
  readonly registered: Set<string | undefined>;
}

/**
 * Didomi in a test: takes the API requests of one client in place of the network, and answers them as the test says. Token
 * requests are answered by themselves. Everything above the network is real: access token, replay, retry, pacing, errors.
 *
 * Comes from `DidomiTestingModule`; or cuts a whole application off from the network with
 * `overrideProvider(DIDOMI_RUNTIME).useValue(new DidomiTestingController())`, where it stands for the default client and
 * `client(name)` for the others.
 *
 * @publicApi
 */
export class DidomiTestingController implements DidomiRuntime {
  /** There is no network in a test. */
  readonly isOffline = true;
  readonly #shared: Shared;
  readonly #name: string | undefined;
  readonly #backend: TestBackend;

  constructor(options?: DidomiTestingOptions);
  /** @internal */
  constructor(options: DidomiTestingOptions, shared: Shared, name: string);
  constructor(
    { arrivalTimeoutMs = 1_000, answerTimeoutMs = 4_000 }: DidomiTestingOptions = {},
    shared?: Shared,
    name?: string,
  ) {
    checkMilliseconds('arrivalTimeoutMs', arrivalTimeoutMs);
    checkMilliseconds('answerTimeoutMs', answerTimeoutMs);
    this.#shared = shared ?? {
      arrivalTimeoutMs,
      answerTimeoutMs,
      clock: new TestClock(),
      traffic: new TestTraffic(),
      controllers: new Map(),
      registered: new Set(),
    };
    this.#name = name;
    this.#shared.controllers.set(name, this);
    const { clock, traffic } = this.#shared;
    this.#backend = new TestBackend(name, clock, traffic, this.#shared.answerTimeoutMs);
  }

  /** The controller of another client of the application; without a name, of the default client. */
  client(name?: string): DidomiTestingController {
    return this.#shared.controllers.get(name) ?? new DidomiTestingController({}, this.#shared, name!);
  }

  /**
   * The one request that is meant, as soon as it is there. It is taken: no later expectation finds it.
   *
   * @throws Error if none arrives within a second, or more than one does. The message lists what did arrive.
   */
  async expectOne(match: DidomiTestMatch): Promise<DidomiTestRequest> {
    const wanted = readMatch(match);
    const { traffic, arrivalTimeoutMs } = this.#shared;
    const found = await traffic.waitFor(wanted, this.#name, arrivalTimeoutMs);
    const [request] = found;
    if (request === undefined || found.length > 1) {
      const count = found.length === 0 ? `none arrived within ${arrivalTimeoutMs} ms` : `${found.length} arrived`;
      throw this.#miss(`Expected one request${this.#ofClient}, ${wanted.description}: ${count}.`);
    }
    traffic.claim(found);
    return request;
  }

  /**
   * Makes sure that no such request has arrived, but for those that were taken. Call it when whatever could send one is over.
   *
   * @throws Error if one has.
   */
  expectNone(match: DidomiTestMatch): void {
    const wanted = readMatch(match);
    const { length } = this.#shared.traffic.find(wanted, this.#name);
    if (length === 0) return;
    throw this.#miss(`Expected no request${this.#ofClient}, ${wanted.description}: ${length} arrived.`);
  }

  /** All requests that are meant and have arrived until now, in order. They are taken. */
  match(match: DidomiTestMatch): DidomiTestRequest[] {
    const found = this.#shared.traffic.find(readMatch(match), this.#name);
    this.#shared.traffic.claim(found);
    return found;
  }

  /**
   * Makes sure that nothing is left: no request that the test has neither asked for nor set up an answer for, and none that
   * waits for its answer. The controller of the default client looks at those of all clients.
   *
   * @throws Error with a list of them.
   */
  verify(): void {
    const left = this.#shared.traffic.leftOf((client) => this.#name === undefined || client === this.#name);
    if (left.length === 0) return;
    const [first] = left;
    throw this.#miss(
      left.length === 1
        ? `A request is left: ${String(first)}.`
        : `${left.length} requests are left, the first: ${String(first)}.`,
    );
  }

  /**
   * Sets up answers for every such request from now on. A request finds the newest of them; `expectOne()` and `match()` find
   * the request as well, answered already.
   */
  when(match: DidomiTestMatch): DidomiStandingAnswers {
    return this.#backend.standing.add(readMatch(match));
  }

  /** How many token requests were made. */
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

  /** Didomi accepts none of the access tokens issued until now: they get a 401, and the client requests another one. */
  revokeAccessToken(): void {
    this.#backend.accessTokens.revoke();
  }

  /** The API key was revoked: its access tokens get a 401, and its token requests a 400, until {@link restore}. */
  revokeApiKey(): void {
    this.revokeAccessToken();
    this.failAccessTokenRequests(400);
  }

  /**
   * Lets token requests fail from now on, until {@link restore}.
   *
   * @param failure the status of the answer, 400 for rejected credentials for instance; or why none comes.
   * @param times how many of them; default all.
   */
  failAccessTokenRequests(failure: number | DidomiTestFailure, { times }: { readonly times?: number } = {}): void {
    this.#backend.accessTokens.fail(failure, times);
  }

  /** Answers token requests this much later, until {@link restore}; in the kit's own time, see {@link advance}. */
  delayAccessTokenRequests(delayMs: number): void {
    this.#backend.accessTokens.delay(delayMs);
  }

  /**
   * Didomi is down for this client: API requests and token requests fail, until {@link restore}.
   *
   * @param failure the status of the answer; or why none comes.
   */
  goDown(failure: number | DidomiTestFailure = 503): void {
    this.failAccessTokenRequests(failure);
    this.#backend.outage = failure;
  }

  /** Ends what `goDown()`, `revokeApiKey()`, `failAccessTokenRequests()` and `delayAccessTokenRequests()` began. */
  restore(): void {
    this.#backend.outage = undefined;
    this.#backend.accessTokens.restore();
  }

  /**
   * Forgets requests, counts, standing answers and scripts of all clients, and lets time go again, for a controller that several
   * tests share. Access tokens and their age stay. Call it after `verify()`.
   */
  reset(): void {
    for (const controller of this.#shared.controllers.values()) controller.#backend.reset();
    this.#shared.traffic.clear();
    this.#shared.clock.release();
  }

  /**
   * Moves the library's time on, for all clients: access tokens age, and what was due meanwhile happens. Otherwise its time
   * stands still, except that the waits of the library are over at once, the one before a retry for instance.
   *
   * The cron job goes by the real time. After this, it is the next call that renews an access token.
   */
  async advance(ms: number): Promise<void> {
    await this.#shared.clock.advance(ms);
  }

  /** From now on, until {@link reset}, the library's waits last until {@link advance} has moved the time on by as much. */
  holdTime(): void {
    this.#shared.clock.hold();
  }

  /** The library's time, that of all clients. */
  get clock(): DidomiClock {
    return this.#shared.clock;
  }

  /** The transport of a client, for `DIDOMI_RUNTIME`. */
  adapterOf(name: string | undefined): AxiosAdapter {
    this.#shared.registered.add(name);
    return this.client(name).#backend.adapter;
  }

  get #ofClient(): string {
    return this.#name === undefined ? '' : ` of client '${this.#name}'`;
  }

  #miss(message: string): Error {
    const { registered, traffic } = this.#shared;
    const names = [...registered].map((name) => (name === undefined ? 'the default client' : `'${name}'`));
    const hint = registered.has(this.#name)
      ? ''
      : `\nThe application has no such client, only: ${names.join(', ') || 'none'}.`;
    return new Error(`${message}${hint}\n${traffic.report}`);
  }
}
