import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { answerInOrder, OK, throttled, type Outcome } from '../../support/answers.js';
import { errorAfterWaits, LONG_MS } from '../../support/calls.js';
import { createWarmClient } from '../../support/create-client.js';
import { networkError } from '../../support/didomi-stub.js';

const METHODS = ['get', 'head', 'options', 'query', 'put', 'delete', 'post', 'patch'] as const;
const REPEATABLE = ['get', 'head', 'options', 'query', 'put', 'delete'] as const;
const OWN_ID = { id: 'b5a8e0b6', user: {} };

describe('retrying a transient failure', () => {
  const TRANSIENT: [string, Outcome][] = [
    ...[502, 503, 504].map((status): [string, Outcome] => [String(status), { status }]),
    ...['ECONNABORTED', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].map(
      (code): [string, Outcome] => [code, networkError(code)],
    ),
  ];

  it.each(TRANSIENT)('sends a safe request again after %s', async (_title, outcome) => {
    for (const method of REPEATABLE) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, outcome, OK);
      const call = http.axiosRef.request({ method, url: '/x' });
      await clock.advance(LONG_MS);
      expect((await call).status).toBe(200);
      expect(stub.apiRequests).toHaveLength(2);
      expect(clock.pending).toBe(0);
    }
  });

  it.each(TRANSIENT)(
    'does not send a request again after %s if it could take effect twice',
    async (_title, outcome) => {
      for (const method of ['post', 'patch'] as const) {
        for (const url of ['/x', '/consents/users', '/consents/events/1', '/consents/tokens']) {
          const { http, stub, clock } = await createWarmClient();
          answerInOrder(stub, outcome);
          await errorAfterWaits(http.axiosRef.request({ method, url, data: OWN_ID }), clock);
          expect(stub.apiRequests).toHaveLength(1);
        }
      }
    },
  );

  it.each<[string, Outcome]>([
    ...[400, 403, 404, 408, 409, 422, 500, 501, 505].map((status): [string, Outcome] => [String(status), { status }]),
    ...['CERT_HAS_EXPIRED', 'EPROTO', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HPE_INVALID_CONSTANT'].map(
      (code): [string, Outcome] => [code, networkError(code)],
    ),
    ['a fault in the adapter', new TypeError('odd')],
  ])('does not happen after %s', async (_title, outcome) => {
    for (const method of METHODS) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, outcome);
      await errorAfterWaits(http.axiosRef.request({ method, url: '/x' }), clock);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it('does not happen with a stream as the body, and the error says so', async () => {
    for (const outcome of [throttled(), { status: 503 }, networkError('ECONNRESET')]) {
      const { http, stub, clock } = await createWarmClient();
      answerInOrder(stub, outcome);
      const error = await errorAfterWaits(http.axiosRef.put('/x', Readable.from(['a'])), clock);
      expect(error.message).toMatch(/not sent again.*stream/);
      expect(error.attempts).toBe(1);
      expect(stub.apiRequests).toHaveLength(1);
    }
  });

  it('sends the same body and headers, transformed once', async () => {
    const { http, stub, clock } = await createWarmClient();
    answerInOrder(stub, { status: 503 }, throttled(), OK);
    let transforms = 0;
    const transformRequest = (data: unknown): string => {
      transforms += 1;
      return JSON.stringify(data);
    };
    const call = http.axiosRef.put('/x', { a: 'é' }, { transformRequest, headers: { 'X-Own': '1' } });
    await clock.advance(LONG_MS);
    await call;
    expect(transforms).toBe(1);
    const sent = stub.apiRequests.map(({ data, headers }) => [data as unknown, { ...headers.toJSON() }]);
    expect(sent).toEqual(Array(3).fill(sent[0]));
  });

  it.each([502, 503, 504])('happens after a %d that validateStatus accepts, too', async (status) => {
    const { http, stub, clock } = await createWarmClient();
    const config = { validateStatus: () => true };
    answerInOrder(stub, { status }, OK);
    const call = http.axiosRef.get('/x', config);
    await clock.advance(LONG_MS);
    expect((await call).status).toBe(200);
    answerInOrder(stub, { status });
    const last = http.axiosRef.get('/x', config);
    await clock.advance(LONG_MS);
    expect((await last).status).toBe(status);
    expect(stub.apiRequests).toHaveLength(2 + 3);
    expect((await http.axiosRef.post('/x', {}, config)).status).toBe(status);
  });

  it('destroys the streams of all answers but the last', async () => {
    const { http, stub, clock } = await createWarmClient();
    const bodies = [Readable.from(['a']), Readable.from(['b'])];
    answerInOrder(
      stub,
      { ...throttled(), data: bodies[0] },
      { status: 503, data: bodies[1] },
      { status: 200, data: 'c' },
    );
    const call = http.axiosRef.get('/x', { responseType: 'stream' });
    await clock.advance(LONG_MS);
    await call;
    expect(bodies.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});
