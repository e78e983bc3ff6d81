import { describe, expect, it } from '@jest/globals';
import type { DidomiModuleOptions } from '../../../lib/index.js';
import { answerInOrder, OK } from '../../support/answers.js';
import { createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { settled } from '../../support/fake-clock.js';

describe('the number of requests in flight', () => {
  it('is at most maxConcurrent, in the order of arrival, exempt requests included', async () => {
    const { http, stub } = await createWarmClient({ maxConcurrent: 2 });
    const held: (() => void)[] = [];
    stub.onApiRequest = () => new Promise((resolve) => held.push(() => resolve(OK)));
    const urls = ['/1', '/consents/events', '/3', '/consents/users', '/5'];
    const calls = urls.map((url) => http.axiosRef.get(url));
    await settled();
    expect(stub.urls).toEqual(urls.slice(0, 2));
    for (const end of [3, 4, 5]) {
      held.shift()?.();
      await settled();
      expect(stub.urls).toEqual(urls.slice(0, end));
    }
    for (const answer of held) answer();
    await Promise.all(calls);
  });

  it.each<[string, Partial<DidomiModuleOptions>, number]>([
    ['the number of connections', {}, 128],
    ['less if maxConcurrent says so', { maxConcurrent: 5 }, 5],
    ['not more if maxConcurrent says so', { maxConcurrent: 500 }, 128],
    ['unlimited with agents of the application', { axios: { httpsAgent: {} } }, 300],
    [
      'the number of connections with an agent of the application for another protocol',
      { axios: { httpAgent: {} } },
      128,
    ],
  ])('is %s', async (_title, options, expected) => {
    const { http, stub, app } = await createWarmClient(options);
    stub.onApiRequest = () => new Promise(() => undefined);
    for (let call = 0; call < 300; call += 1) http.axiosRef.get('/x').catch(() => undefined);
    await settled();
    expect(stub.apiRequests).toHaveLength(expected);
    await app.close();
  });

  it('stays limited with more calls at once than the 10,000 that may wait', async () => {
    const { http, stub } = await createWarmClient();
    let inFlight = 0;
    let most = 0;
    stub.onApiRequest = async () => {
      most = Math.max(most, (inFlight += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return OK;
    };
    const urls = Array.from({ length: 10_300 }, (_, call) => (call % 2 === 0 ? '/properties' : '/consents/events'));
    const results = await Promise.allSettled(urls.map((url) => http.axiosRef.get(url)));
    // Not `toHaveLength()`, which would print them all.
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(128 + 10_000);
    const refused = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    expect(refused?.reason).toMatchObject({
      code: 'DIDOMI_REQUEST',
      message: expect.stringMatching(/was not sent/),
    });
    expect(most).toBe(128);
  });

  it('drops when a request fails', async () => {
    const { http, stub, clock } = await createWarmClient({ maxConcurrent: 1, retry: false });
    answerInOrder(stub, networkError('ECONNRESET'), { status: 500 }, { status: 200 });
    const calls = Promise.allSettled(['/1', '/2', '/3'].map((url) => http.axiosRef.get(url)));
    await clock.advance(0);
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('does not include a request that waits for its retry', async () => {
    const { http, stub, clock } = await createWarmClient({ maxConcurrent: 1 });
    answerInOrder(stub, { status: 503, headers: { 'retry-after': '9' } }, OK);
    const first = http.axiosRef.get('/1');
    await settled();
    expect((await http.axiosRef.get('/2')).status).toBe(200);
    await clock.advance(9_500);
    await first;
    expect(stub.urls).toEqual(['/1', '/2', '/1']);
  });
});
