import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Readable } from 'node:stream';
import type { AccessTokenCache } from '../../../lib/auth/access-token.cache.js';
import { TokenRequestFailure } from '../../../lib/auth/token-request-failure.js';
import { RequestLog } from '../../../lib/http/request/request-log.js';
import { ReplayStep } from '../../../lib/http/steps/replay.step.js';
import type { Next } from '../../../lib/http/steps/step.js';
import { answerOf, apiRequest } from '../../support/api-request.js';
import { FakeClock } from '../../support/fake-clock.js';

const OK = answerOf(200);
const REFUSED = answerOf(401);

let clock: FakeClock;
let shutdown: { isStarted: boolean };
let step: ReplayStep;
const cache = {
  replace: jest.fn<AccessTokenCache['replace']>(),
  rejectedAgain: jest.fn(),
  replayAccepted: jest.fn(),
};

beforeEach(() => {
  jest.resetAllMocks();
  cache.replace.mockResolvedValue({ delayMs: 0, isRequested: true });
  clock = new FakeClock();
  shutdown = { isStarted: false };
  const log = new RequestLog(undefined);
  jest.spyOn(log, 'debug').mockReturnValue();
  step = new ReplayStep({ cache: cache as unknown as AccessTokenCache, clock, log, shutdown });
});

describe('ReplayStep', () => {
  it('sends a request once more after a 401, with another access token', async () => {
    const request = apiRequest();
    request.accessToken = 'token-1';
    const next = jest.fn<Next>().mockResolvedValueOnce(REFUSED).mockResolvedValueOnce(OK);

    expect(await step.handle(request, next)).toBe(OK);

    expect(cache.replace.mock.calls).toEqual([['token-1']]);
    expect(cache.replayAccepted).toHaveBeenCalledTimes(1);
    expect(request).toMatchObject({ isReplayed: true, rejection: { status: 401 } });
  });

  it('passes the second 401 on', async () => {
    const next = jest.fn<Next>().mockResolvedValue(REFUSED);
    expect(await step.handle(apiRequest(), next)).toBe(REFUSED);
    expect(next).toHaveBeenCalledTimes(2);
    expect(cache.rejectedAgain).toHaveBeenCalledTimes(1);
  });

  it('waits as long as the access token needs to be known everywhere', async () => {
    cache.replace.mockResolvedValue({ delayMs: 500, isRequested: false });
    const next = jest.fn<Next>().mockResolvedValueOnce(REFUSED).mockResolvedValueOnce(OK);
    const answer = step.handle(apiRequest(), next);
    await clock.advance(499);
    expect(next).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(await answer).toBe(OK);
    expect(cache.replayAccepted).not.toHaveBeenCalled();
  });

  it.each([200, 403, 429, 500])('leaves a %i alone', async (status) => {
    const answer = answerOf(status);
    expect(await step.handle(apiRequest(), async () => answer)).toBe(answer);
    expect(cache.replace).not.toHaveBeenCalled();
  });

  it('passes the 401 on where no other access token can be had for now', async () => {
    cache.replace.mockResolvedValue(undefined);
    const next = jest.fn<Next>().mockResolvedValue(REFUSED);
    expect(await step.handle(apiRequest(), next)).toBe(REFUSED);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('fails with the token request, and the 401 as its cause', async () => {
    cache.replace.mockResolvedValue(new TokenRequestFailure('rejected', 'no'));
    await expect(step.handle(apiRequest(), async () => REFUSED)).rejects.toMatchObject({
      reason: 'rejected',
      cause: { status: 401 },
    });
  });

  it('passes the 401 on for a body that is used up, and says so', async () => {
    const request = apiRequest({ method: 'post', data: Readable.from(['x']) });
    const next = jest.fn<Next>().mockResolvedValue(REFUSED);
    expect(await step.handle(request, next)).toBe(REFUSED);
    expect(next).toHaveBeenCalledTimes(1);
    expect(request.note).toContain('used up');
  });

  it.each([
    ['with replay: false', () => ({ replay: false })],
    ['once the shutdown has begun', () => ((shutdown.isStarted = true), {})],
  ])('passes the 401 on %s', async (_when, options) => {
    expect(await step.handle(apiRequest({}, options()), async () => REFUSED)).toBe(REFUSED);
    expect(cache.replace).not.toHaveBeenCalled();
  });
});
