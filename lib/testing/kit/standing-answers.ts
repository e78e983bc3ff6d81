import type { DidomiTestRequest } from './didomi-test-request.js';
import type { RequestMatch } from './request-match.js';
import type { DidomiTestAnswerOptions, DidomiTestBody, DidomiTestFailure } from './test-answer.js';

/** Answers one request. */
export type Answer = (request: DidomiTestRequest) => void | Promise<void>;

/** What a function of the request may return; nothing if it has answered the request itself. */
type DidomiTestReply<Body> = Body | void | Promise<Body | void>;

/**
 * Answers for every request that matches. Several are used one after the other, and the last one again and again:
 * `when('/properties').error('reset').reply([])` fails once.
 *
 * @typeParam Body the data that the route of the requests returns; `unknown` if the test did not name a route.
 *
 * @publicApi
 */
export class DidomiStandingAnswers<Body = unknown> {
  readonly #answers: Answer[] = [];
  #used = 0;

  /**
   * Answers with this body, as `flush()` does.
   *
   * @param body may be a function that gets the request and returns the body or a promise of it, or answers the request itself.
   */
  reply<Status extends number = 200>(
    body: (request: DidomiTestRequest<Body>) => DidomiTestReply<DidomiTestBody<Body, Status>>,
    options?: DidomiTestAnswerOptions<Status>,
  ): this;
  reply<Status extends number = 200>(
    body?: DidomiTestBody<Body, Status>,
    options?: DidomiTestAnswerOptions<Status>,
  ): this;
  reply(body?: unknown, options: DidomiTestAnswerOptions = {}): this {
    this.#answers.push(async (request) => {
      const content: unknown = typeof body === 'function' ? await (body as Answer)(request) : body;
      if (request.isOpen) request.flush(content, options);
    });
    return this;
  }

  /** Fails with a network error, as `error()` does. */
  error(reason: DidomiTestFailure): this {
    this.#answers.push((request) => request.error(reason));
    return this;
  }

  /** @internal The answer to the next request; undefined if none is set up. */
  next(): Answer | undefined {
    const answer = this.#answers[this.#used] ?? this.#answers.at(-1);
    if (answer !== undefined) this.#used += 1;
    return answer;
  }
}

/** The standing answers of one client, the newest first: those of a test override those that all tests share. */
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
