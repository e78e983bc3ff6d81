import { inspect } from 'node:util';
import { CanceledError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { onAbort } from './abort.js';
import { deadline } from './deadline.js';
import { normalizedPath, urlWithParams, type SentRequest } from './sent-request.js';
import {
  networkFailure,
  responseOf,
  testMistake,
  type DidomiTestAnswerOptions,
  type DidomiTestBody,
  type DidomiTestFailure,
} from './test-answer.js';

/** @internal What the request itself does not say. */
export interface DidomiTestRequestContext {
  readonly client: string | undefined;
  readonly answerTimeoutMs: number;
  /** Whether the application sent it while it answered an HTTP request of its own. */
  readonly isServed: boolean;
}

/**
 * An API request that has reached the testing kit in place of Didomi: one attempt of it, after interceptors and serialization.
 *
 * @typeParam Answer the data that its route returns; `unknown` if the test did not name the route.
 * @publicApi
 */
export class DidomiTestRequest<Answer = unknown> {
  /** HTTP method in capitals. */
  readonly method: string;
  /** Path as sent, relative to `baseURL`: `/properties`. Outside of it, from the root: `/dsar/requests`. */
  readonly url: string;
  /** The query as sent. */
  readonly params: URLSearchParams;
  /** Headers as sent, with the access token. */
  readonly headers: Headers;
  /** The parsed JSON body; any other body as sent; undefined without one. */
  readonly body: unknown;
  /** Name of the client that sent it; undefined for the default client. */
  readonly client: string | undefined;
  /** @internal */
  readonly routePath: string;
  readonly #config: InternalAxiosRequestConfig;
  readonly #paths: ReadonlySet<string>;
  readonly #isServed: boolean;
  readonly #settled: Promise<AxiosResponse>;
  readonly #stopDeadline: () => void;
  #removeAbortListener: () => void = () => undefined;
  #resolve: (response: AxiosResponse) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #state = 'not answered';
  #isOpen = true;
  #isTaken = false;
  #hasMistake = false;

  /** @internal */
  constructor(
    config: InternalAxiosRequestConfig,
    sent: SentRequest,
    { client, answerTimeoutMs, isServed }: DidomiTestRequestContext,
  ) {
    this.method = sent.method;
    this.url = sent.url;
    this.params = sent.params;
    this.headers = sent.headers;
    this.body = sent.body;
    this.client = client;
    this.routePath = sent.routePath;
    this.#config = config;
    this.#paths = sent.paths;
    this.#isServed = isServed;
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopDeadline = deadline(() => this.#timeOut(answerTimeoutMs), answerTimeoutMs);
    this.#removeAbortListener = onAbort(config, this.#cancel);
  }

  /** `url` and query, not encoded, as patterns and messages see them: `/properties?$limit=10`. */
  get urlWithParams(): string {
    return urlWithParams(this);
  }

  /** Whether it can be answered: it was neither answered nor aborted. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether it was aborted, by its caller or by the shutdown, before it was answered. */
  get isCancelled(): boolean {
    return this.#state === 'cancelled';
  }

  /**
   * Answers it.
   *
   * @param body text and bytes as they are, null as an empty body, anything else as JSON. Without one, a status of 400 or
   * more gets Didomi's error envelope. With a 2xx status, it has to be what the route returns, if that is known.
   * @throws Error if it was answered or aborted before.
   */
  flush<Status extends number = 200>(
    body?: DidomiTestBody<Answer, Status>,
    options: DidomiTestAnswerOptions<Status> = {},
  ): void {
    this.#mustBeOpen();
    const response = responseOf(body, options, this.#config);
    this.#settle(`answered ${response.status}`, () => this.#resolve(response));
  }

  /**
   * Fails it with a network error. The client may send it again.
   *
   * @throws Error if it was answered or aborted before.
   */
  error(reason: DidomiTestFailure): void {
    this.#mustBeOpen();
    const failure = networkFailure(reason);
    this.#settle(`failed: ${reason}`, () => this.#reject(failure));
  }

  /** @internal Whether it was sent there: a path relative to `baseURL`, one from the root, or a whole URL. */
  isAt(path: string): boolean {
    const isRelative = !path.startsWith('/') && !path.includes('://');
    return this.#paths.has(normalizedPath(isRelative ? `/${path}` : path));
  }

  /** @internal Whether the test has asked for it. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** @internal The test has asked for it, and answers it. */
  take(): void {
    this.#isTaken = true;
  }

  /** @internal Whether it failed because of a mistake of the test. */
  get hasMistake(): boolean {
    return this.#hasMistake;
  }

  /** @internal What became of it, for messages. */
  get state(): string {
    return this.#state;
  }

  /** @internal The test is over, so nobody may await it. The application awaits what it needs for an answer of its own. */
  stopDeadline(): void {
    if (!this.#isServed) this.#stopDeadline();
  }

  /** @internal Fails it because of a mistake of the test. */
  fail(problem: string, advice: string): void {
    this.#hasMistake = true;
    const error = testMistake(`${this.toString()} was ${problem}: ${advice}`);
    this.#settle(problem, () => this.#reject(error));
  }

  /** @internal The answer, for the adapter. */
  get settled(): Promise<AxiosResponse> {
    return this.#settled;
  }

  /** As messages of the kit name the request: `GET /properties`. */
  toString(): string {
    const client = this.client === undefined ? '' : ` of client '${this.client}'`;
    return `${this.method} ${this.urlWithParams}${client}`;
  }

  /** @internal Keeps the access token out of logs. */
  [inspect.custom](): string {
    return `DidomiTestRequest ${inspect({ method: this.method, url: this.urlWithParams, body: this.body })} (${this.#state})`;
  }

  readonly #cancel = (): void => {
    if (this.#isOpen) this.#settle('cancelled', () => this.#reject(new CanceledError()));
  };

  #timeOut(answerTimeoutMs: number): void {
    const problem = `not answered by the test within ${answerTimeoutMs} ms`;
    const advice = 'flush() it, or set up an answer with when()';
    // A test that has taken it may have failed since, or stands still in a debugger.
    if (this.#isServed || !this.#isTaken) this.fail(problem, advice);
    else process.emitWarning(`${this.toString()} was ${problem}: ${advice}`, { type: 'DidomiTestingWarning' });
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) throw new Error(`${this.toString()} cannot be answered any more: ${this.#state}`);
  }

  #settle(state: string, settle: () => void): void {
    this.#isOpen = false;
    this.#state = state;
    this.#stopDeadline();
    this.#removeAbortListener();
    settle();
  }
}
