import { inspect } from 'node:util';
import { deadline } from './deadline.js';
import type { DidomiTestRequest } from './didomi-test-request.js';
import type { RequestMatch } from './request-match.js';
import { turn } from './turn.js';

/** More lines than this make a message nobody reads. */
const MAX_LINES = 50;
const MAX_BODY = 200;

/** The API requests of all clients, in the order of their arrival, and which of them a test has taken notice of. */
export class TestTraffic {
  #requests: DidomiTestRequest[] = [];
  /** Those that the test has asked for. */
  readonly #claimed = new Set<DidomiTestRequest>();
  /** Those that the kit answers by itself. */
  readonly #expected = new Set<DidomiTestRequest>();
  /** Expectations that wait for the next request. */
  readonly #waiting: (() => void)[] = [];

  /** @param isExpected whether there is an answer for it without the test's doing. */
  add(request: DidomiTestRequest, isExpected: boolean): void {
    this.#requests.push(request);
    if (isExpected) this.#expected.add(request);
    this.#wake();
  }

  /** Those that apply and were not taken before. */
  find(match: RequestMatch, client: string | undefined): DidomiTestRequest[] {
    return this.#requests.filter(
      (request) => request.client === client && !this.#claimed.has(request) && match.applies(request),
    );
  }

  claim(requests: readonly DidomiTestRequest[]): void {
    for (const request of requests) this.#claimed.add(request);
  }

  /** Like {@link find}, once there is one, or once so many milliseconds of real time are over. */
  async waitFor(match: RequestMatch, client: string | undefined, timeoutMs: number): Promise<DidomiTestRequest[]> {
    let isOver = false;
    const stopDeadline = deadline(() => {
      isOver = true;
      this.#wake();
    }, timeoutMs);
    try {
      for (;;) {
        if (this.find(match, client).length === 0 && !isOver) await this.#arrival();
        // What was sent at the same moment arrives as well.
        await turn();
        const found = this.find(match, client);
        // Another expectation may have taken what has arrived.
        if (found.length > 0 || isOver) return found;
      }
    } finally {
      stopDeadline();
    }
  }

  /** Forgets all of them. Whoever still waits for an answer is told. */
  clear(): void {
    const requests = this.#requests;
    this.#requests = [];
    this.#claimed.clear();
    this.#expected.clear();
    for (const request of requests) {
      if (request.isOpen) request.blame('not answered before reset()', 'answer it, or wait for its end');
    }
  }

  /** Those that must not be left at the end of a test. */
  leftOf(isOfClient: (client: string | undefined) => boolean): DidomiTestRequest[] {
    return this.#requests.filter((request) => isOfClient(request.client) && this.#isLeft(request));
  }

  /** What has arrived, a line each. */
  get report(): string {
    const { length } = this.#requests;
    if (length === 0) return 'No request has arrived.';
    const head =
      length > MAX_LINES ? `${length} requests have arrived, the last of them:` : 'These requests have arrived:';
    return [head, ...this.#requests.slice(-MAX_LINES).map((request) => this.#lineOf(request))].join('\n');
  }

  /** Resolves when a request arrives. */
  #arrival(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Nobody has asked for it or set up an answer for it, or its caller did not get one. */
  #isLeft(request: DidomiTestRequest): boolean {
    if (request.isOpen || request.isBlamed) return true;
    return !this.#claimed.has(request) && !this.#expected.has(request);
  }

  #lineOf(request: DidomiTestRequest): string {
    const isTaken = this.#claimed.has(request) ? ', taken by the test' : '';
    return `  ${String(request)}${bodyOf(request)} (${request.state}${isTaken})`;
  }
}

function bodyOf({ body }: DidomiTestRequest): string {
  if (body === undefined) return '';
  const text = inspect(body, { breakLength: Infinity, depth: 6 });
  return text.length > MAX_BODY ? ` ${text.slice(0, MAX_BODY)}…` : ` ${text}`;
}
