import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AccessTokenCache } from '../../../lib/auth/access-token.cache.js';
import { TokenRequestFailure } from '../../../lib/auth/token-request-failure.js';
import { AuthorizeStep } from '../../../lib/http/steps/authorize.step.js';
import type { Next } from '../../../lib/http/steps/step.js';
import { answerOf, apiRequest } from '../../support/api-request.js';

const OK = answerOf(200);
const cache = {
  isUnproven: false,
  peek: jest.fn<AccessTokenCache['peek']>(),
  obtain: jest.fn<() => Promise<unknown>>(),
  accepted: jest.fn(),
};
const step = new AuthorizeStep({ cache: cache as unknown as AccessTokenCache });

beforeEach(() => {
  jest.resetAllMocks();
  cache.isUnproven = false;
});

describe('AuthorizeStep', () => {
  it('takes the current access token at once', async () => {
    cache.peek.mockReturnValue('token-1');
    const request = apiRequest();
    const next = jest.fn<Next>().mockResolvedValue(OK);
    const answer = step.handle(request, next);
    expect(next).toHaveBeenCalledTimes(1);
    expect(await answer).toBe(OK);
    expect(request.accessToken).toBe('token-1');
    expect(cache.obtain).not.toHaveBeenCalled();
  });

  it('waits for one where there is none', async () => {
    cache.obtain.mockResolvedValue({ reveal: () => 'token-2' });
    const request = apiRequest();
    expect(await step.handle(request, async () => OK)).toBe(OK);
    expect(request.accessToken).toBe('token-2');
  });

  it('fails, unsent, where none can be had', async () => {
    cache.obtain.mockResolvedValue(new TokenRequestFailure('unavailable', 'Didomi is down'));
    const next = jest.fn<Next>();
    await expect(step.handle(apiRequest(), next)).rejects.toMatchObject({
      name: 'DidomiAuthenticationError',
      reason: 'unavailable',
    });
    expect(next).not.toHaveBeenCalled();
  });

  it('stops waiting when the request is aborted', async () => {
    cache.obtain.mockReturnValue(new Promise(() => undefined));
    const request = apiRequest();
    const answer = step.handle(request, async () => OK);
    request.abort.abort('caller');
    await expect(answer).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  });

  it.each([
    [200, true],
    [404, true],
    [401, false],
    [429, false],
    [500, false],
  ])('takes a %i for an acceptance of an access token that was never accepted: %s', async (status, isAccepted) => {
    cache.peek.mockReturnValue('token-1');
    cache.isUnproven = true;
    await step.handle(apiRequest(), async () => answerOf(status));
    expect(cache.accepted.mock.calls).toEqual(isAccepted ? [['token-1']] : []);
  });
});
