import { describe, expect, it } from '@jest/globals';
import axios, { isCancel } from 'axios';
import { answerInOrder, rateLimitHeaders, throttled, type Outcome } from '../../support/answers.js';
import { LONG_MS } from '../../support/calls.js';
import { createWarmClient, type TestClient } from '../../support/create-client.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('a request that waits', () => {
  const WAITS: [string, readonly Outcome[], number][] = [
    ['after a 429', [throttled()], 1],
    ['after a 429 of an exempt path', [throttled()], 1],
    ['after a 503', [{ status: 503, headers: { 'retry-after': '9' } }], 1],
    ['for the rate limit', [{ status: 200, headers: rateLimitHeaders(9, 0, 9) }], 1],
  ];

  async function waiting(title: string, answers: readonly Outcome[]): Promise<TestClient & { url: string }> {
    const made = await createWarmClient();
    answerInOrder(made.stub, ...answers);
    if (title === 'for the rate limit') await made.http.axiosRef.get('/last');
    return { ...made, url: title.includes('exempt') ? '/consents/events' : '/x' };
  }

  it.each(WAITS)('%s is ended at once by its signal, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const abort = new AbortController();
    const call = errorOf(http.axiosRef.put(url, {}, { signal: abort.signal }));
    await settled();
    expect(clock.pending).toBe(1);
    abort.abort();
    const error = await call;
    expect(isCancel(error)).toBe(true);
    const facts = { method: 'PUT', path: `/v1${url}`, attempts: title === 'for the rate limit' ? 0 : 1 };
    expect(error).toMatchObject({ code: 'DIDOMI_TRANSPORT', reason: 'aborted', ...facts });
    expect(clock.pending).toBe(0);
    await clock.advance(LONG_MS);
    expect(stub.apiRequests).toHaveLength(sent);
  });

  it.each(WAITS)('%s is ended at once by its cancel token, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const source = axios.CancelToken.source();
    const call = errorOf(http.axiosRef.get(url, { cancelToken: source.token }));
    await settled();
    source.cancel('enough');
    const error = await call;
    expect(isCancel(error)).toBe(true);
    expect(error).toMatchObject({ path: `/v1${url}`, attempts: title === 'for the rate limit' ? 0 : 1 });
    expect(clock.pending).toBe(0);
    expect(stub.apiRequests).toHaveLength(sent);
  });

  it.each(WAITS)('%s is ended at once by unsubscribing, and leaves no timer', async (title, answers, sent) => {
    const { http, stub, clock, url } = await waiting(title, answers);
    const errors: unknown[] = [];
    const subscription = http.get(url).subscribe({ error: (error: unknown) => errors.push(error) });
    await settled();
    expect(clock.pending).toBe(1);
    subscription.unsubscribe();
    await settled();
    expect(clock.pending).toBe(0);
    await clock.advance(LONG_MS);
    expect(stub.apiRequests).toHaveLength(sent);
    expect(errors).toEqual([]);
  });

  it.each(WAITS)('%s is rejected as closed when the application stops', async (title, answers, sent) => {
    const { http, stub, clock, app, url } = await waiting(title, answers);
    const call = errorOf(http.axiosRef.get(url));
    await settled();
    await app.close();
    expect(await call).toMatchObject({ code: 'DIDOMI_AUTHENTICATION', reason: 'closed' });
    expect(clock.pending).toBe(0);
    expect(stub.apiRequests).toHaveLength(sent);
    expect(await errorOf(http.axiosRef.get(url))).toMatchObject({ reason: 'closed' });
  });
});
