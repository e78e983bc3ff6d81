import { describe, expect, it } from '@jest/globals';
import { answerInOrder, OK } from '../../support/answers.js';
import { errorAfterWaits, LONG_MS } from '../../support/calls.js';
import { createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

const OWN_ID = { id: 'b5a8e0b6', user: {} };

describe('retrying POST /consents/events', () => {
  it.each([
    '/consents/events',
    'consents/events',
    '/consents/events/',
    '/consents/events?organization_id=o',
    'https://api.didomi.io/v1/consents/events',
    '//api.didomi.io/v1/consents/events?organization_id=o',
  ])('happens at %s if each event has an id of its own', async (url) => {
    for (const body of [OWN_ID, [OWN_ID], [OWN_ID, { id: 'other' }], JSON.stringify([OWN_ID])]) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, { status: 503 }, networkError('ECONNRESET'), OK);
      const call = http.axiosRef.post(url, body, { headers: { 'Content-Type': 'application/json' } });
      await clock.advance(LONG_MS);
      expect((await call).status).toBe(200);
      const sent = stub.apiRequests.map(({ data }) => data as unknown);
      expect(sent).toEqual(Array(3).fill(typeof body === 'string' ? body : JSON.stringify(body)));
    }
  });

  it.each([
    ['/consents/events', {}],
    ['https://gateway.example/didomi/v1/consents/events', {}],
    ['https://gateway.example/didomi/consents/events', {}],
    ['/events', { baseURL: 'https://gateway.example/didomi/v1/consents' }],
  ])('happens at %s (%j) behind a gateway', async (url, config) => {
    const { http, stub, clock } = await createWarmClient({ baseURL: 'https://gateway.example/didomi/v1' });
    answerInOrder(stub, { status: 503 }, OK);
    const call = http.axiosRef.post(url, OWN_ID, config);
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
  });

  it('happens if the base URL has no /v1', async () => {
    const { http, stub, clock } = await createWarmClient({ baseURL: 'https://api.didomi.io' });
    answerInOrder(stub, { status: 503 }, OK);
    const calls = ['/v1/consents/events', '/consents/events'].map((url) => http.axiosRef.post(url, OWN_ID));
    await clock.advance(LONG_MS);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each<[string, unknown]>([
    ['no id', { user: {} }],
    ['an empty id', { id: '' }],
    ['an id that is a number', { id: 1 }],
    ['an id that is null', { id: null }],
    ['one event without an id', [OWN_ID, { user: {} }]],
    ['one event of null', [OWN_ID, null]],
    ['one event that is a list', [OWN_ID, [OWN_ID]]],
    ['no events', []],
    ['no body', undefined],
    ['text', 'id=1'],
    ['a form', new URLSearchParams({ id: '1' })],
  ])('does not happen with %s', async (_title, body) => {
    for (const outcome of [{ status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, outcome);
      await errorAfterWaits(http.axiosRef.post('/consents/events', body), clock);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it.each(['patch', 'put'] as const)('is different from %s to the same path', async (method) => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 503 }, OK);
    const call = errorOf(http.axiosRef[method]('/consents/events', OWN_ID));
    await clock.advance(LONG_MS);
    await call;
    expect(stub.apiRequests).toHaveLength(method === 'put' ? 2 : 1);
  });
});
