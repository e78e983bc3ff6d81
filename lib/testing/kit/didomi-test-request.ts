import { inspect } from 'node:util';
import axios, { AxiosError, CanceledError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { deadline } from './deadline.js';
import { networkFailure, responseOf, type DidomiTestAnswerOptions, type DidomiTestFailure } from './test-answer.js';

/**
 * An API request that has reached the testing kit in place of Didomi: one attempt of it, after interceptors and serialization.
 *
 * @publicApi
 */
export class DidomiTestRequest {
  /** HTTP method in capitals. */
  readonly method: string;
  /** Path as sent, relative to `baseURL`: `/properties`. Outside of it, from the root: `/dsar/requests`. */
  readonly url: string;
  /** The query as sent. */
  readonly params: URLSearchParams;
  /** Headers as sent, with the access token. */
  readonly headers: Headers;
  /** What the JSON of the body says; a body that is no JSON as it is; undefined without one. */
  readonly body: unknown;
  /** Name of the client that sent it; undefined for the default client. */
  readonly client: string | undefined;
  readonly #config: InternalAxiosRequestConfig;
  readonly #paths: ReadonlySet<string>;
  readonly #settled: Promise<AxiosResponse>;
  readonly #stopDeadline: () => void;
  #resolve: (response: AxiosResponse) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #state = 'not answered';
  #isOpen = true;
  #isBlamed = false;

  /** @internal */
  constructor(config: InternalAxiosRequestConfig, client: string | undefined, answerTimeoutMs: number) {
    const base = new URL(config.baseURL ?? 'http://localhost');
    const url = new URL(axios.getUri(config), base);
    const prefix = base.pathname.replace(/\/$/, '');
    const isBelow = url.origin === base.origin && url.pathname.startsWith(`${prefix}/`);
    this.method = (config.method ?? 'get').toUpperCase();
    this.url = isBelow ? url.pathname.slice(prefix.length) : url.pathname;
    this.params = url.searchParams;
    this.headers = headersOf(config);
    this.body = bodyOf(config.data, this.headers.get('content-type'));
    this.client = client;
    this.#config = config;
    this.#paths = new Set([this.url, url.pathname, url.origin + url.pathname].map(decoded));
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#stopDeadline = deadline(() => this.#forget(answerTimeoutMs), answerTimeoutMs);
    this.#listen();
  }

  /** `url` and query in a form to read, for messages and patterns: `/properties?$limit=10`. */
  get urlWithParams(): string {
    const query = [...this.params].map(([name, value]) => `${name}=${value}`).join('&');
    return query === '' ? this.url : `${this.url}?${query}`;
  }

  /** Whether nobody has answered it yet, and somebody still waits for an answer. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether its caller, or the shutdown, has given it up before it was answered. */
  get isCancelled(): boolean {
    return this.#state === 'cancelled';
  }

  /**
   * Answers it.
   *
   * @param body of the answer: text and bytes as they are, null as nothing, anything else as JSON. Without one, a status of 400 or more gets Didomi's
   * error envelope.
   * @throws Error if it was answered or given up already.
   */
  flush(body?: unknown, options: DidomiTestAnswerOptions = {}): void {
    this.#mustBeOpen();
    const response = responseOf(body, options, this.#config);
    this.#settle(`answered ${response.status}`, () => this.#resolve(response));
  }

  /**
   * Lets the network fail in place of an answer. The client may send the request again.
   *
   * @throws Error if it was answered or given up already.
   */
  error(reason: DidomiTestFailure): void {
    this.#mustBeOpen();
    const failure = networkFailure(reason);
    this.#settle(`failed: ${reason}`, () => this.#reject(failure));
  }

  /** @internal Whether it went there: a path relative to `baseURL`, one from the root, or a whole URL. */
  isAt(path: string): boolean {
    const isRelative = !path.startsWith('/') && !path.includes('://');
    return this.#paths.has(decoded(isRelative ? `/${path}` : path));
  }

  /** @internal Whether it failed for something that the test has to mend. */
  get isBlamed(): boolean {
    return this.#isBlamed;
  }

  /** @internal What became of it, for messages. */
  get state(): string {
    return this.#state;
  }

  /** @internal Fails for something that the test has to mend: what is wrong, and what to do. */
  blame(problem: string, advice: string): void {
    this.#isBlamed = true;
    const error = new AxiosError(problem, 'ERR_TEST');
    // The one kind of error that the library passes on as it is.
    error.cause = new DidomiRequestError(`${this.toString()} was ${problem}: ${advice}`);
    this.#settle(problem, () => this.#reject(error));
  }

  /** @internal The answer, for the adapter. */
  get settled(): Promise<AxiosResponse> {
    return this.#settled;
  }

  toString(): string {
    const client = this.client === undefined ? '' : ` of client '${this.client}'`;
    return `${this.method} ${this.urlWithParams}${client}`;
  }

  /** @internal Keeps the access token out of logs. */
  [inspect.custom](): string {
    return `DidomiTestRequest ${inspect({ method: this.method, url: this.urlWithParams, body: this.body })} (${this.#state})`;
  }

  #listen(): void {
    const { signal, cancelToken } = this.#config;
    (cancelToken as { subscribe?(listener: () => void): void } | undefined)?.subscribe?.(this.#cancel);
    signal?.addEventListener?.('abort', this.#cancel);
    if (signal?.aborted) this.#cancel();
  }

  readonly #cancel = (): void => {
    if (this.#isOpen) this.#settle('cancelled', () => this.#reject(new CanceledError()));
  };

  #forget(answerTimeoutMs: number): void {
    this.blame(`not answered by the test within ${answerTimeoutMs} ms`, 'flush() it, or set up an answer with when()');
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) throw new Error(`${this.toString()} cannot be answered any more: ${this.#state}`);
  }

  #settle(state: string, settle: () => void): void {
    this.#isOpen = false;
    this.#state = state;
    this.#stopDeadline();
    this.#config.signal?.removeEventListener?.('abort', this.#cancel);
    settle();
  }
}

function headersOf({ headers, data }: InternalAxiosRequestConfig): Headers {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers.toJSON())) {
    // Axios leaves null and false out.
    if (typeof value === 'string' || Array.isArray(value) || typeof value === 'number') sent.set(name, String(value));
  }
  // Axios' own adapter writes it with a boundary, later than this.
  if (data instanceof FormData) sent.set('content-type', 'multipart/form-data');
  return sent;
}

function bodyOf(data: unknown, contentType: string | null): unknown {
  if (typeof data !== 'string' || !contentType?.includes('json')) return data ?? undefined;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}

/** Ids in a path may be encoded; a slash that is part of one stays apart from those between segments. */
function decoded(path: string): string {
  return path
    .split('/')
    .map((segment) => {
      try {
        return encodeURIComponent(decodeURIComponent(segment));
      } catch {
        return segment;
      }
    })
    .join('/');
}
