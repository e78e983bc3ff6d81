import type { DidomiTestRequest } from './didomi-test-request.js';
import type { RequestMatch } from './request-match.js';
import type { DidomiTestAnswerOptions, DidomiTestFailure } from './test-answer.js';

/** Answers one request. */
export type Answer = (request: DidomiTestRequest) => void | Promise<void>;

/**
 * Answers that stand for every request that a match applies to. Several of them answer one after the other, and the last one
 * stays: `when('/properties').error('reset').reply([])` fails once.
 *
 * @publicApi
 */
export class DidomiStandingAnswers {
  readonly #answers: Answer[] = [];
  #used = 0;

  /**
   * Answers with this body, as `flush()` does it.
   *
   * @param body may be a function of the request that returns the body, or a promise of it; or answers the request itself.
   */
  reply(body: (request: DidomiTestRequest) => unknown, options?: DidomiTestAnswerOptions): this;
  reply(body?: unknown, options?: DidomiTestAnswerOptions): this;
  reply(body?: unknown, options: DidomiTestAnswerOptions = {}): this {
    this.#answers.push(async (request) => {
      const content: unknown = typeof body === 'function' ? await (body as Answer)(request) : body;
      if (request.isOpen) request.flush(content, options);
    });
    return this;
  }

  /** Lets the network fail, as `error()` does it. */
  error(reason: DidomiTestFailure): this {
    this.#answers.push((request) => request.error(reason));
    return this;
  }

  /** @internal The answer whose turn it is; undefined while none is set up. */
  next(): Answer | undefined {
    const answer = this.#answers[this.#used] ?? this.#answers.at(-1);
    if (answer !== undefined) this.#used += 1;
    return answer;
  }
}

/** The standing answers of one client, the newest first: a test goes before what holds for all tests. */
export class StandingAnswers {
  readonly #all: { readonly match: RequestMatch; readonly answers: DidomiStandingAnswers }[] = [];

  add(match: RequestMatch): DidomiStandingAnswers {
    const answers = new DidomiStandingAnswers();
    this.#all.unshift({ match, answers });
    return answers;
  }

  clear(): void {
    this.#all.length = 0;
  }

  answerFor(request: DidomiTestRequest): Answer | undefined {
    return this.#all.find(({ match }) => match.applies(request))?.answers.next();
  }
}
