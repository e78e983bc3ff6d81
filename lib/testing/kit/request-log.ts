import { inspect } from 'node:util';
import { deadline } from './deadline.js';
import { DidomiTestRequest } from './didomi-test-request.js';
import type { RequestMatch } from './request-match.js';
import { turn } from './turn.js';

/** More lines than this make a message nobody reads. */
const MAX_LINES = 50;
const MAX_BODY = 200;

/** The API requests of all clients since the start or the last `reset()`, in the order of arrival. */
export class RequestLog {
  /** A text is a request that the kit refused by itself. */
  readonly #entries: (DidomiTestRequest | string)[] = [];
  /** Those that `when()` has an answer for. */
  readonly #expected = new Set<DidomiTestRequest>();
  /** Expectations that wait for the next request. */
  readonly #waiting: (() => void)[] = [];
  /** Stop the deadlines of these expectations. */
  readonly #deadlines = new Set<() => void>();
  #isOver = false;

  /** Whether `reset()` has begun another one. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param isExpected whether `when()` has an answer for it. */
  add(request: DidomiTestRequest, isExpected: boolean): void {
    this.#entries.push(request);
    if (isExpected) this.#expected.add(request);
    this.#wake();
  }

  /** Adds a line to the report, for a request that no expectation finds. */
  note(line: string): void {
    this.#entries.push(line);
  }

  /** Those that apply and were not taken before. */
  find(match: RequestMatch, client: string | undefined): DidomiTestRequest[] {
    return this.#requests.filter((request) => request.client === client && !request.isTaken && match.applies(request));
  }

  /** Like {@link find}, once there is one, or once so many milliseconds of real time are over. */
  async waitFor(match: RequestMatch, client: string | undefined, timeoutMs: number): Promise<DidomiTestRequest[]> {
    let isLate = false;
    const stopDeadline = deadline(() => {
      isLate = true;
      this.#wake();
    }, timeoutMs);
    this.#deadlines.add(stopDeadline);
    try {
      for (;;) {
        if (this.find(match, client).length === 0 && !isLate) await this.#arrival();
        // Requests that are sent together arrive together.
        await turn();
        const found = this.find(match, client);
        // Another expectation may have taken what has arrived.
        if (found.length > 0 || isLate) return found;
      }
    } finally {
      stopDeadline();
      this.#deadlines.delete(stopDeadline);
    }
  }

  /**
   * The test has failed or is over: from now on no request and no expectation fails for being late, since nobody may be left to
   * await it.
   */
  stopDeadlines(): void {
    for (const stop of this.#deadlines) stop();
    this.stopRequestDeadlines();
  }

  /** Like {@link stopDeadlines}, for the requests only. */
  stopRequestDeadlines(): void {
    for (const request of this.#requests) request.stopDeadline();
  }

  /** Another log begins. Requests that are still open fail. */
  end(): void {
    this.#isOver = true;
    this.stopDeadlines();
    for (const request of this.#requests) {
      if (request.isOpen) request.fail('not answered before reset()', 'flush() it, or set up an answer with when()');
    }
  }

  /** Those that must not be left at the end of a test. */
  leftOf(isOfClient: (client: string | undefined) => boolean): DidomiTestRequest[] {
    return this.#requests.filter((request) => isOfClient(request.client) && this.#isLeft(request));
  }

  /** What has arrived, one line each. */
  get report(): string {
    const { length } = this.#entries;
    if (length === 0) return 'No request has arrived.';
    const head =
      length > MAX_LINES ? `${length} requests have arrived, the last of them:` : 'These requests have arrived:';
    return [head, ...this.#entries.slice(-MAX_LINES).map((entry) => `  ${lineOf(entry)}`)].join('\n');
  }

  get #requests(): DidomiTestRequest[] {
    return this.#entries.filter((entry) => entry instanceof DidomiTestRequest);
  }

  /** Resolves when a request arrives. */
  #arrival(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #isLeft(request: DidomiTestRequest): boolean {
    if (request.isOpen || request.hasMistake) return true;
    return !request.isTaken && !this.#expected.has(request);
  }
}

function lineOf(entry: DidomiTestRequest | string): string {
  if (typeof entry === 'string') return entry;
  const isTaken = entry.isTaken ? ', taken by the test' : '';
  return `${String(entry)}${bodyOf(entry)} (${entry.state}${isTaken})`;
}

function bodyOf({ body }: DidomiTestRequest): string {
  if (body === undefined) return '';
  const text = inspect(body, { breakLength: Infinity, depth: 6 });
  return text.length > MAX_BODY ? ` ${text.slice(0, MAX_BODY)}…` : ` ${text}`;
}
