import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import type { DidomiModuleOptions, DidomiRequestConfig } from '../../../lib/index.js';
import { answerInOrder, OK, rateLimitHeaders, throttled, type Outcome } from '../../support/answers.js';
import { errorAfterWaits, LONG_MS, watch } from '../../support/calls.js';
import { createClient, createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

describe('the limits of retries', () => {
  it.each<[string, Outcome]>([
    ['503', { status: 503 }],
    ['ECONNRESET', networkError('ECONNRESET')],
  ])('are three attempts with %s', async (_title, outcome) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, outcome);
    expect(await errorAfterWaits(http.axiosRef.get('/x'), clock)).toMatchObject({ attempts: 3 });
    expect(stub.apiRequests).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('are waits of maxWaitMs in all after 429s, which count as no attempts', async () => {
    const { http, stub, clock } = await createWarmClient({ retry: { maxWaitMs: 11_000 } });
    answerInOrder(stub, throttled());
    const call = watch(http.axiosRef.get('/x'));
    await clock.advance(9_999);
    expect([stub.apiRequests.length, call.isSettled]).toEqual([5, false]);
    await clock.advance(1);
    expect(await call.error).toMatchObject({ status: 429, attempts: 6, retryAfterMs: 2_000 });
    expect(clock.pending).toBe(0);
  });

  it('are three attempts beside any number of 429s', async () => {
    const { http, stub, clock } = await createWarmClient();
    const failed = { status: 503 };
    answerInOrder(stub, throttled(), failed, throttled(), throttled(), failed, throttled(), failed);
    expect(await errorAfterWaits(http.axiosRef.get('/x'), clock)).toMatchObject({ status: 503, attempts: 7 });
  });

  it.each<[string, Partial<DidomiModuleOptions>, DidomiRequestConfig['didomi']]>([
    ['the client', { retry: false }, undefined],
    ['the request', {}, { retry: false }],
  ])('let the first 429 through with retry: false of %s', async (_title, options, didomi) => {
    const { http, stub } = await createWarmClient(options);
    answerInOrder(stub, throttled());
    expect(await errorOf(http.axiosRef.get('/x', { didomi }))).toMatchObject({ status: 429, attempts: 1 });
    expect(stub.apiRequests).toHaveLength(1);
  });

  it.each<[string, Partial<DidomiModuleOptions>, DidomiRequestConfig['didomi'], number]>([
    ['off for the client', { retry: false }, undefined, 1],
    ['off for the request', {}, { retry: false }, 1],
    ['off for the client and on for the request', { retry: false }, { retry: { maxAttempts: 3 } }, 3],
    ['set for the client', { retry: { maxAttempts: 2 } }, undefined, 2],
    ['set for the request', {}, { retry: { maxAttempts: 5 } }, 5],
    [
      'set for the client, with another limit set for the request',
      { retry: { maxAttempts: 4 } },
      { retry: { maxWaitMs: 9_000 } },
      4,
    ],
    ['set for the client, with other options set for the request', { retry: { maxAttempts: 2 } }, { replay: false }, 2],
  ])('can be %s', async (_title, options, didomi, attempts) => {
    for (const outcome of [{ status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await createWarmClient(options);
      answerInOrder(stub, outcome);
      const config: DidomiRequestConfig = { didomi };
      expect(await errorAfterWaits(firstValueFrom(http.get('/x', config)), clock)).toMatchObject({ attempts });
      expect(stub.apiRequests).toHaveLength(attempts);
    }
  });

  it.each([429, 503])(
    'are waits of 30 s after %i; a longer one is refused at once, with retryAfterMs',
    async (status) => {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, { status, headers: { 'retry-after': '30' } }, { status, headers: { 'retry-after': '31' } });
      const call = watch(http.axiosRef.get('/x'));
      await clock.advance(29_999);
      expect(call.isSettled).toBe(false);
      await clock.advance(1);
      expect(call.isSettled).toBe(true);
      expect(await call.error).toMatchObject({ status, attempts: 2, retryAfterMs: 31_000 });
      expect(clock.pending).toBe(0);
    },
  );

  it.each<[string, Partial<DidomiModuleOptions>, DidomiRequestConfig['didomi']]>([
    ['the client', { retry: { maxWaitMs: 60_000 } }, undefined],
    ['the request', {}, { retry: { maxWaitMs: 60_000 } }],
  ])('are longer waits if maxWaitMs of %s allows them', async (_title, options, didomi) => {
    for (const status of [429, 503]) {
      const { http, stub, clock } = await createWarmClient(options);
      answerInOrder(stub, { status, headers: { 'retry-after': '60' } }, OK);
      const call = firstValueFrom(http.get('/x', { didomi }));
      await clock.advance(59_999);
      expect(stub.apiRequests).toHaveLength(1);
      await clock.advance(1);
      expect((await call).status).toBe(200);
    }
  });

  it('are shorter waits if maxWaitMs of the request says so, also for a 429 of another request', async () => {
    const { http, stub, clock } = await createWarmClient();
    const config: DidomiRequestConfig = { didomi: { retry: { maxWaitMs: 1_000 } } };
    answerInOrder(stub, throttled(), OK);
    expect(await errorOf(http.axiosRef.get('/x', config))).toMatchObject({ status: 429, retryAfterMs: 2_000 });
    const patient = http.axiosRef.get('/patient');
    const error = await errorOf(http.axiosRef.get('/y', config));
    expect(error).toMatchObject({ code: 'DIDOMI_REQUEST', retryAfterMs: 2_000 });
    expect(stub.urls).toEqual(['/x']);
    await clock.advance(2_000);
    expect((await patient).status).toBe(200);
  });

  it('reject a waiting request once its wait becomes longer than its maxWaitMs, and no other', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 200, headers: rateLimitHeaders(2, 1, 3) });
    await http.axiosRef.get('/warm');
    let refuse: () => void = () => undefined;
    stub.onApiRequest = ({ url }, count) =>
      url === '/a' && count === 1
        ? new Promise((resolve) => (refuse = () => resolve(throttled({ 'retry-after': '10' }))))
        : OK;
    const calls = [http.axiosRef.get('/a'), http.axiosRef.get('/patient')];
    const config: DidomiRequestConfig = { didomi: { retry: { maxWaitMs: 5_000 } } };
    const hurried = watch(http.axiosRef.get('/hurried', config));
    await settled();
    expect(hurried.isSettled).toBe(false);
    refuse();
    expect(await hurried.error).toMatchObject({ code: 'DIDOMI_REQUEST', retryAfterMs: 10_000 });
    await clock.advance(LONG_MS);
    await Promise.all(calls);
    expect(stub.urls).toEqual(['/warm', '/a', '/patient', '/a']);
  });

  it('are checked in the options of the client', async () => {
    const error = await errorOf(createClient({ retry: { maxAttempt: 5 } as object }));
    expect(error).toMatchObject({ code: 'DIDOMI_CONFIGURATION' });
    expect(error.message).toMatch(/retry\.maxAttempt is not an option: did you mean retry\.maxAttempts\?/);
  });
});
