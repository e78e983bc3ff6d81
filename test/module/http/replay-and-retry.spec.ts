import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { DidomiApiError, DidomiAuthenticationError } from '../../../lib/index.js';
import { answerInOrder, OK, throttled, type Outcome } from '../../support/answers.js';
import { errorAfterWaits, LONG_MS } from '../../support/calls.js';
import { createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('a 401 among retries', () => {
  it.each<[string, readonly Outcome[], readonly string[]]>([
    ['after a 503', [{ status: 503 }, { status: 401 }, OK], ['token-1', 'token-1', 'token-2']],
    ['after a 429', [throttled(), { status: 401 }, OK], ['token-1', 'token-1', 'token-2']],
    ['before a 503', [{ status: 401 }, { status: 503 }, OK], ['token-1', 'token-2', 'token-2']],
    [
      'after the last retry',
      [{ status: 503 }, { status: 503 }, { status: 401 }, OK],
      ['token-1', 'token-1', 'token-1', 'token-2'],
    ],
    [
      'before the maximum of retries',
      [{ status: 401 }, { status: 503 }, networkError('ECONNRESET'), OK],
      ['token-1', 'token-2', 'token-2', 'token-2'],
    ],
  ])('is replayed once %s', async (_title, answers, bearers) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, ...answers);
    const call = http.axiosRef.get('/x');
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
    expect(stub.bearers).toEqual(bearers);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('does not count against maxAttempts, and is the cause of the final error', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 401, data: { name: 'NotAuthenticated', message: 'expired' } }, { status: 503 });
    const error = await errorAfterWaits(http.axiosRef.get('/x'), clock);
    expect(error).toMatchObject({
      status: 503,
      attempts: 4,
      cause: { status: 401, attempts: 1, didomiName: 'NotAuthenticated', message: expect.stringContaining('expired') },
    });
    expect(error.cause).toBeInstanceOf(DidomiApiError);
  });

  it('is replayed once, however it alternates with transient failures', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 503 }, { status: 401 }, { status: 503 }, { status: 401, data: { message: 'no' } });
    const error = await errorAfterWaits(http.axiosRef.get('/x'), clock);
    expect(error).toMatchObject({ status: 401, attempts: 4, cause: { status: 401, attempts: 2 } });
    expect(error.message).toMatch(/with another access token, too/);
    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('is the cause of the error of the token request that followed', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 401, data: { message: 'expired' } });
    stub.onTokenRequest = () => ({ status: 400 });
    const error = await errorOf(http.axiosRef.get('/x'));
    expect(error).toBeInstanceOf(DidomiAuthenticationError);
    expect(error).toMatchObject({
      reason: 'rejected',
      cause: { status: 401, message: expect.stringContaining('expired') },
    });
  });

  it('is the cause of the error if a later attempt gets no access token', async () => {
    const { http, stub, auth, clock } = await createWarmClient();
    answerInOrder(
      stub,
      { status: 401, data: { message: 'expired' } },
      { status: 503, headers: { 'retry-after': '9' } },
    );
    const call = errorOf(http.axiosRef.get('/x'));
    await settled();
    stub.onTokenRequest = () => ({ status: 400 });
    auth.invalidate(await auth.getAccessToken());
    await clock.advance(LONG_MS);
    expect(await call).toMatchObject({ reason: 'rejected', cause: { status: 401, attempts: 1 } });
  });

  it('is passed on at once with replay: false, and no token request is sent', async () => {
    const { http, stub } = await createWarmClient();
    answerInOrder(stub, { status: 401, data: { message: 'no' } });
    const error = await errorOf(firstValueFrom(http.get('/x', { didomi: { replay: false } })));
    expect(error).toMatchObject({ status: 401, attempts: 1 });
    expect(error.cause).toBeUndefined();
    expect(stub.tokenRequests).toHaveLength(1);
  });
});
