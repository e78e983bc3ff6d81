import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import { DidomiTestRequest } from './didomi-test-request.js';
import { StandingAnswers, type Answer } from './standing-answers.js';
import { TestAccessTokens } from './test-access-tokens.js';
import { responseOf, type DidomiTestFailure } from './test-answer.js';
import type { TestTraffic } from './test-traffic.js';

/** Stands for Didomi towards one client, in place of the network. */
export class TestBackend {
  readonly accessTokens: TestAccessTokens;
  readonly standing = new StandingAnswers();
  /** What every request gets while Didomi is down. */
  outage: number | DidomiTestFailure | undefined;

  constructor(
    readonly client: string | undefined,
    clock: DidomiClock,
    private readonly traffic: TestTraffic,
    private readonly answerTimeoutMs: number,
  ) {
    this.accessTokens = new TestAccessTokens(clock);
  }

  reset(): void {
    this.outage = undefined;
    this.standing.clear();
    this.accessTokens.reset();
  }

  readonly adapter: AxiosAdapter = async (config) => {
    if (isTokenRequest(config)) return await this.accessTokens.answer(config);
    if (this.outage === undefined && !this.accessTokens.isGood(config.headers.get('Authorization'))) {
      return responseOf(undefined, { status: 401 }, config);
    }
    return await this.#receive(config);
  };

  async #receive(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const request = new DidomiTestRequest(config, this.client, this.answerTimeoutMs);
    const answer = this.#answerFor(request);
    this.traffic.add(request, answer !== undefined);
    // Not awaited: whoever gives the request up is answered at once, however long a standing answer takes.
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

/** Those of the library carry no access token; an application may log in by other means. */
function isTokenRequest({ method, url, headers }: InternalAxiosRequestConfig): boolean {
  return method === 'post' && url === '/sessions' && !headers.has('Authorization');
}

async function carryOut(answer: Answer, request: DidomiTestRequest): Promise<void> {
  try {
    await answer(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (request.isOpen)
      request.blame(`failed by its standing answer: ${message}`, 'see what when() and reply() are given');
  }
}

function fail(request: DidomiTestRequest, outage: number | DidomiTestFailure): void {
  if (typeof outage === 'number') request.flush(undefined, { status: outage });
  else request.error(outage);
}
