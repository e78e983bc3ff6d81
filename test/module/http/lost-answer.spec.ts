import { describe, expect, it, jest } from '@jest/globals';
import type { AxiosRequestConfig } from 'axios';
import { DidomiApiError } from '../../../lib/index.js';
import { createClient, type TestClient } from '../../support/create-client.js';
import { networkError, type StubAnswer } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

const NOTE = 'an earlier attempt failed without telling whether it was carried out';
const EVENT = { id: 'event-1', user: { id: 'user-1' } };
const BACK_OFF_MS = 250;

/** Retries come after fixed pauses. Nest makes its ids of random numbers, too, so not before there is a client. */
async function steadyClient(): Promise<TestClient> {
  const client = await createClient({ retry: {}, timeoutMs: 1_000 });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  return client;
}

const CHANGES: [what: string, config: AxiosRequestConfig][] = [
  ['POST /consents/events', { method: 'post', url: '/consents/events', data: EVENT }],
  ['POST /consents/events of several', { method: 'post', url: '/consents/events', data: [EVENT, { id: 'event-2' }] }],
  ['DELETE', { method: 'delete', url: '/properties/1' }],
  ['PUT', { method: 'put', url: '/properties/1', data: { name: 'A' } }],
];

type Failure = number | string;

/** Sends a request whose attempts fail or are answered like this, in order. */
async function send(config: AxiosRequestConfig, failures: readonly Failure[]): Promise<Error> {
  const client = await steadyClient();
  client.stub.onApiRequest = (_config, count): StubAnswer | Error | Promise<StubAnswer> => {
    const failure = failures[count]!;
    if (failure === 'deadline') return new Promise(() => undefined);
    if (typeof failure === 'string') return networkError(failure);
    return { status: failure, data: { message: `answer ${count + 1}` } };
  };
  const call = errorOf(client.http.axiosRef.request(config));
  for (const [index, failure] of failures.slice(0, -1).entries()) {
    if (failure === 'deadline') await client.clock.advance(1_000);
    await client.clock.advance(BACK_OFF_MS * 2 ** index);
  }
  return await call;
}

describe.each(CHANGES)('after an attempt without an answer, %s', (_what, config) => {
  it.each([
    ['ECONNRESET', 'DidomiTransportError', { reason: 'reset' }],
    ['EPIPE', 'DidomiTransportError', { reason: 'reset' }],
    ['EWHATEVER', 'DidomiTransportError', { reason: 'unknown' }],
    ['deadline', 'DidomiTransportError', { reason: 'timeout' }],
    [502, 'DidomiApiError', { status: 502 }],
    [504, 'DidomiApiError', { status: 504 }],
  ])('%s, tells of it in the error for a 409, 404 or 410', async (failure, name, facts) => {
    for (const status of [409, 404, 410]) {
      jest.restoreAllMocks();
      const error = await send(config, [failure, status]);
      expect(error).toBeInstanceOf(DidomiApiError);
      expect(error).toMatchObject({ status, attempts: 2, previousAttemptUnanswered: true });
      expect(error.message).toContain(`answer 2 (${NOTE})`);
      expect(error.cause).toMatchObject({ name, attempts: 1, ...facts });
    }
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 503, 429])(
    '%s, which was never carried out, says nothing of it',
    async (failure) => {
      const client = await steadyClient();
      client.stub.onApiRequest = (_config, count) => {
        if (count > 0) return { status: 409, data: { message: 'exists already' } };
        return typeof failure === 'string' ? networkError(failure) : { status: failure };
      };
      const call = errorOf(client.http.axiosRef.request(config));
      await client.clock.advance(20_000);
      const error = await call;
      expect(error).toMatchObject({ status: 409, attempts: 2 });
      expect(error).not.toHaveProperty('previousAttemptUnanswered');
      expect(error.cause).toBeUndefined();
      expect(error.message).not.toContain(NOTE);
    },
  );

  it('remembers it beyond an attempt that was never carried out', async () => {
    const error = await send(config, ['ECONNRESET', 'ECONNREFUSED', 409]);
    expect(error).toMatchObject({ status: 409, attempts: 3, previousAttemptUnanswered: true });
    expect(error.cause).toMatchObject({ reason: 'reset', attempts: 1 });
  });

  it('says nothing of it for another status', async () => {
    const error = await send(config, ['ECONNRESET', 422]);
    expect(error).toMatchObject({ status: 422, attempts: 2 });
    expect(error).not.toHaveProperty('previousAttemptUnanswered');
  });

  it('says nothing of it in the first attempt', async () => {
    const error = await send(config, [409]);
    expect(error).toMatchObject({ status: 409, attempts: 1 });
    expect(error).not.toHaveProperty('previousAttemptUnanswered');
  });
});

describe('a request that changes nothing', () => {
  it.each(['get', 'head', 'options'])('%s, has no such error', async (method) => {
    const error = await send({ method, url: '/properties/1' }, ['ECONNRESET', 404]);
    expect(error).toMatchObject({ status: 404, attempts: 2 });
    expect(error).not.toHaveProperty('previousAttemptUnanswered');
    expect(error.cause).toBeUndefined();
  });
});

it('the answer goes to a caller who accepts its status', async () => {
  const client = await steadyClient();
  client.stub.onApiRequest = (_config, count) => (count === 0 ? networkError('ECONNRESET') : { status: 409 });
  const call = client.http.axiosRef.delete('/properties/1', { validateStatus: (status) => status === 409 });
  await client.clock.advance(BACK_OFF_MS);
  expect((await call).status).toBe(409);
});

it('the 401 before a replay does not hide an attempt without an answer', async () => {
  const client = await steadyClient();
  const failures = [networkError('ECONNRESET'), { status: 401 }, { status: 404 }];
  client.stub.onApiRequest = (_config, count) => failures[count]!;
  const call = errorOf(client.http.axiosRef.delete('/properties/1'));
  await client.clock.advance(60_000);
  expect(await call).toMatchObject({ status: 404, attempts: 3, previousAttemptUnanswered: true });
});
