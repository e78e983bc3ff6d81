import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DidomiApiError, type DidomiRequestTrace } from '../../../lib/index.js';
import { createClient, createWarmClient } from '../../support/create-client.js';
import { settled } from '../../support/fake-clock.js';
import { recordTraces } from '../../support/traces.js';

const CHANNEL = 'nestjs-didomi:request';

describe('the tracing channel nestjs-didomi:request', () => {
  it('tells of the start and the end of a call, with one context for all of its attempts', async () => {
    const { clock, http, stub } = await createWarmClient();
    const published = recordTraces(CHANNEL);
    stub.onApiRequest = (_config, count) => ({ status: count === 0 ? 503 : 200 });
    const call = http.axiosRef.get('/consents/users/ada');
    await clock.advance(1_000);
    await call;
    expect(published.map(({ part }) => part)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(new Set(published.map(({ context }) => context)).size).toBe(1);
    const shared = { client: undefined, id: 1, method: 'GET', route: '/consents/users/{id}' };
    expect(published[0]?.facts).toEqual({ ...shared, attempts: 0, waitedMs: 0 });
    expect(published[3]?.facts).toEqual({
      ...shared,
      attempts: 2,
      waitedMs: expect.any(Number),
      result: { status: 200 },
    });
  });

  it('tells of the error that the caller gets', async () => {
    const { http, stub } = await createWarmClient();
    const published = recordTraces(CHANNEL);
    stub.onApiRequest = () => ({ status: 404 });
    const error: unknown = await http.axiosRef.get('/properties/1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(published.map(({ part }) => part)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(published.at(-1)?.context['error']).toBe(error);
  });

  it('holds no secret, and nothing of the answer but its status', async () => {
    const published = recordTraces(CHANNEL);
    const { http, stub } = await createClient();
    stub.onApiRequest = () => ({ status: 200, data: { name: 'canary' }, headers: { 'x-canary': 'canary' } });
    await http.axiosRef.get('/consents/users/canary', { params: { email: 'canary' } });
    stub.onApiRequest = () => ({ status: 500, data: { name: 'body of the answer' } });
    await http.axiosRef.get('/properties', { didomi: { retry: false } }).catch(() => undefined);
    const printed = inspect(published, { depth: null, showHidden: true });
    for (const secret of ['canary', 'token-1']) expect(printed).not.toContain(secret);
  });

  it('gives all that a call does the context of a bound store, which ends with the call', async () => {
    const store = new AsyncLocalStorage<number>();
    const { start } = tracingChannel<number, DidomiRequestTrace>(CHANNEL);
    start.bindStore(store, ({ id }) => id);
    try {
      const { clock, http, stub } = await createWarmClient({ maxConcurrent: 1 });
      const seen: unknown[] = [];
      stub.onApiRequest = async (_config, count) => {
        await settled();
        seen.push(store.getStore());
        return { status: count === 0 ? 503 : 200 };
      };
      const calls = [http.axiosRef.get('/properties'), http.axiosRef.get('/keys')];
      await clock.advance(2_000);
      await Promise.all(calls);
      // The first call was another one, before the test.
      expect(seen.filter((id) => id === 2)).toHaveLength(2);
      expect(seen.filter((id) => id === 3)).toHaveLength(1);
      expect(store.getStore()).toBeUndefined();
    } finally {
      start.unbindStore(store);
    }
  });
});
