import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DidomiAuthenticationError } from '../../lib/index.js';
import { API_KEY, API_SECRET, createClient } from '../support/create-client.js';
import { errorOf } from '../support/error-of.js';
import { settled } from '../support/fake-clock.js';
import { recordTraces } from '../support/traces.js';

const CHANNEL = 'nestjs-didomi:token-request';

describe('the tracing channel nestjs-didomi:token-request', () => {
  it('tells of the start and the end of a token request, with one context', async () => {
    const published = recordTraces(CHANNEL);
    const { auth } = await createClient();
    await auth.getAccessToken();
    expect(published.map(({ part }) => part)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(new Set(published.map(({ context }) => context)).size).toBe(1);
    expect(published[0]?.facts).toEqual({ client: undefined, trigger: 'call', attempt: 1 });
  });

  it('tells of each attempt, and of the error that callers get', async () => {
    const published = recordTraces(CHANNEL);
    const { auth, clock, stub } = await createClient();
    stub.onTokenRequest = (_config, count) =>
      count === 0 ? { status: 503 } : { status: 200, data: { access_token: 'second' } };
    const call = auth.getAccessToken();
    await clock.advance(250);
    await call;
    const ends = published.filter(({ part }) => part === 'asyncEnd').map(({ facts }) => facts);
    expect(ends).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    expect(ends[0]?.['error']).toBeInstanceOf(DidomiAuthenticationError);
    expect(ends[0]?.['error']).toMatchObject({ reason: 'unavailable', status: 503 });
    expect(ends[1]).not.toHaveProperty('error');
    expect(published.filter(({ part }) => part === 'error')).toHaveLength(1);
  });

  it('is silent where no token request is sent', async () => {
    const published = recordTraces(CHANNEL);
    const { auth } = await createClient({
      credentials: () => {
        throw new Error('the vault is sealed');
      },
    });
    await errorOf(auth.getAccessToken());
    expect(published).toEqual([]);
  });

  it('holds no secret', async () => {
    const published = recordTraces(CHANNEL);
    const { auth } = await createClient();
    const value = await auth.getAccessToken();
    await auth.refresh();
    const printed = inspect(published, { depth: null, showHidden: true });
    for (const secret of [value, 'token-2', API_KEY, API_SECRET]) expect(printed).not.toContain(secret);
  });

  it('gives the token request the context of a bound store', async () => {
    const store = new AsyncLocalStorage<{ readonly trigger: string }>();
    const { start } = tracingChannel<{ readonly trigger: string }, { readonly trigger: string }>(CHANNEL);
    start.bindStore(store, ({ trigger }) => ({ trigger }));
    try {
      const { auth, stub } = await createClient();
      const seen: unknown[] = [];
      stub.onTokenRequest = async () => {
        await settled();
        seen.push(store.getStore());
        return { status: 200, data: { access_token: 'one' } };
      };
      await auth.getAccessToken();
      expect(seen).toEqual([{ trigger: 'call' }]);
      expect(store.getStore()).toBeUndefined();
    } finally {
      start.unbindStore(store);
    }
  });
});
