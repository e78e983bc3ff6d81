import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AxiosError } from 'axios';
import { DidomiRequestError } from '../../../lib/errors/didomi-request.error.js';
import { RequestGate } from '../../../lib/http/rate-limit/request-gate.js';
import type { ApiRequest } from '../../../lib/http/request/api-request.js';
import { RequestLog } from '../../../lib/http/request/request-log.js';
import type { Answer } from '../../../lib/http/response/answer.js';
import { RetryStep } from '../../../lib/http/steps/retry.step.js';
import type { Next } from '../../../lib/http/steps/step.js';
import { answerOf, apiRequest } from '../../support/api-request.js';
import { FakeClock } from '../../support/fake-clock.js';

const OK = answerOf(200);
const LOST: Answer = { error: new AxiosError('lost', 'ECONNRESET') };

let clock: FakeClock;
let shutdown: { isStarted: boolean };
let step: RetryStep;

beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  clock = new FakeClock();
  shutdown = { isStarted: false };
  const log = new RequestLog(undefined);
  jest.spyOn(log, 'debug').mockReturnValue();
  const gate = new RequestGate(clock, { maxConcurrent: Infinity, maxWaiting: 1 });
  step = new RetryStep({ clock, gate, log, shutdown });
});

/** The next steps answer like this, in order. */
function nextOf(...answers: (Answer | Error)[]): jest.Mock<Next> {
  return jest.fn<Next>().mockImplementation(async (request: ApiRequest) => {
    request.attempts += 1;
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer!;
  });
}

describe('RetryStep', () => {
  it.each([503, 429])('sends a request again after a %i', async (status) => {
    const next = nextOf(answerOf(status, { 'retry-after': '2' }), OK);
    const answer = step.handle(apiRequest(), next);
    await clock.advance(1_999);
    expect(next).toHaveBeenCalledTimes(1);
    await clock.advance(1_000);
    expect(await answer).toBe(OK);
    expect(next).toHaveBeenCalledTimes(2);
  });

  it('gives up after maxAttempts, with the last answer', async () => {
    const last = answerOf(502);
    const next = nextOf(LOST, LOST, last);
    const answer = step.handle(apiRequest(), next);
    await clock.advance(60_000);
    expect(await answer).toBe(last);
    expect(next).toHaveBeenCalledTimes(3);
  });

  it.each([200, 400, 401, 404, 500])('leaves a %i alone', async (status) => {
    const answer = answerOf(status);
    const next = nextOf(answer);
    expect(await step.handle(apiRequest(), next)).toBe(answer);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('leaves a POST alone that may have been carried out', async () => {
    expect(await step.handle(apiRequest({ method: 'post' }), nextOf(LOST))).toBe(LOST);
  });

  it('sends nothing again once the shutdown has begun', async () => {
    shutdown.isStarted = true;
    expect(await step.handle(apiRequest(), nextOf(LOST))).toBe(LOST);
  });

  it('keeps the answer that it has when the rate limit leaves no room for another attempt', async () => {
    const busy = answerOf(503);
    const next = nextOf(busy).mockImplementationOnce(async () => busy);
    next.mockRejectedValueOnce(new DidomiRequestError('no room', 9_000));
    const answer = step.handle(apiRequest(), next);
    await clock.advance(60_000);
    expect(await answer).toBe(busy);
  });

  it('ends its wait when the request is aborted', async () => {
    const request = apiRequest();
    const next = nextOf(LOST);
    const answer = step.handle(request, next);
    await clock.advance(1);
    request.abort.abort('caller');
    await expect(answer).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    expect(clock.pending).toBe(0);
    expect(next).toHaveBeenCalledTimes(1);
  });
});
