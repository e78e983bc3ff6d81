import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { DidomiTestRequest } from './didomi-test-request.js';
import { readSentRequest, urlWithParams, type SentRequest } from './sent-request.js';
import { StandingAnswers, type Answer } from './standing-answers.js';
import { TestAccessTokens } from './test-access-tokens.js';
import { responseOf, testMistake, type DidomiTestFailure } from './test-answer.js';
import type { TestEnvironment } from './test-environment.js';

/** Answers the requests of one client in place of Didomi. */
export class TestBackend {
  readonly accessTokens: TestAccessTokens;
  readonly standing = new StandingAnswers();
  /** What every API request gets while Didomi is down. */
  outage: number | DidomiTestFailure | undefined;

  constructor(
    readonly client: string | undefined,
    private readonly environment: TestEnvironment,
  ) {
    this.accessTokens = new TestAccessTokens(environment.clock);
    environment.addBackend(this);
  }

  /** Ends outage and scripts; standing answers stay. */
  restore(): void {
    this.outage = undefined;
    this.accessTokens.restore();
  }

  reset(): void {
    this.outage = undefined;
    this.standing.clear();
    this.accessTokens.reset();
  }

  readonly adapter: AxiosAdapter = async (config) => {
    const sent = readSentRequest(config);
    const { log } = this.environment.supervisor;
    const name = this.client === undefined ? '' : ` of client '${this.client}'`;
    if (isTokenRequest(sent)) {
      return await this.accessTokens.answer(config, (reason) => log.note(`POST /sessions${name} (${reason})`));
    }
    // Sent again after a wait that reset() has ended: the next test must not see it.
    if (log.isOver) throw testMistake(`${sent.method} ${sent.url} belongs to a test that is over: reset() was called`);
    const refusal = this.accessTokens.refusalOf(sent.headers.get('authorization'));
    if (this.outage === undefined && refusal !== undefined) {
      log.note(`${sent.method} ${urlWithParams(sent)}${name} (401: ${refusal})`);
      return responseOf(undefined, { status: 401 }, config);
    }
    return await this.#receive(config, sent);
  };

  async #receive(config: InternalAxiosRequestConfig, sent: SentRequest): Promise<AxiosResponse> {
    const { client } = this;
    const { answerTimeoutMs, supervisor } = this.environment;
    const { isServed, log } = supervisor;
    const request = new DidomiTestRequest(config, sent, { client, answerTimeoutMs, isServed });
    const answer = this.#answerFor(request);
    log.add(request, answer !== undefined);
    // Not awaited: an abort ends the request at once, however long a standing answer takes.
    if (answer !== undefined && request.isOpen) void carryOut(answer, request);
    return await request.settled;
  }

  #answerFor(request: DidomiTestRequest): Answer | undefined {
    const { outage } = this;
    if (outage !== undefined) return () => fail(request, outage);
    try {
      return this.standing.answerFor(request);
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }
}

/** Token requests of the library carry no access token. The application may send one of its own to the same path. */
function isTokenRequest({ method, url, headers }: SentRequest): boolean {
  return method === 'POST' && url === '/sessions' && !headers.has('authorization');
}

async function carryOut(answer: Answer, request: DidomiTestRequest): Promise<void> {
  try {
    await answer(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (request.isOpen)
      request.fail(`failed by its standing answer: ${message}`, 'correct the arguments of when() and reply()');
  }
}

function fail(request: DidomiTestRequest, outage: number | DidomiTestFailure): void {
  if (typeof outage === 'number') request.flush(undefined, { status: outage });
  else request.error(outage);
}
