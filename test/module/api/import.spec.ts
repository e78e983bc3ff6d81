import { describe, expect, it } from '@jest/globals';
import type { DidomiImportOptions } from '../../../lib/api/import/consent-import.interface.js';
import { importConsentEvents } from '../../../lib/api/import/import-consent-events.js';
import { DidomiApiError, DidomiAuthenticationError, DidomiRequestError } from '../../../lib/index.js';
import { LONG_MS } from '../../support/calls.js';
import { answerLists, collect, eventOf, sentBodies, some, type Sent } from '../../support/consent-events.js';
import { createApi, type TestApi } from '../../support/create-api.js';
import { networkError } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';

describe('importConsentEvents()', () => {
  it('sends a hundred at a time, and yields what was recorded in the order of the source', async () => {
    const made = await createApi();
    const batches = await collect(importConsentEvents(made.api, some(250)));
    expect(batches.map(({ firstIndex, nextIndex }) => [firstIndex, nextIndex])).toEqual([
      [0, 100],
      [100, 200],
      [200, 250],
    ]);
    expect(batches.flatMap(({ recorded }) => recorded.map(({ index }) => index))).toEqual(
      Array.from({ length: 250 }, (_, index) => index),
    );
    const sent = sentBodies(made).flat();
    expect(new Set(sent.map(({ id }) => id)).size).toBe(250);
    expect(batches.flatMap(({ recorded }) => recorded.map(({ id }) => id))).toEqual(sent.map(({ id }) => id));
    expect(batches.flatMap(({ refused }) => refused)).toEqual([]);
  });

  it('keeps an id that is there, and leaves the events as they are', async () => {
    const made = await createApi();
    const events = [{ ...eventOf(0), id: 'mine' }, eventOf(1)];
    const [batch] = await collect(importConsentEvents(made.api, events));
    expect(batch?.recorded.map(({ id }) => id)).toEqual(['mine', expect.stringMatching(/^[\da-f-]{36}$/)]);
    expect(events[1]).toEqual(eventOf(1));
  });

  it('takes any async iterable, and passes on the query and the options', async () => {
    const made = await createApi({ organizationId: 'own' });
    const stream = (async function* () {
      yield* some(3);
    })();
    const options = { query: { $disable_integrations: true }, didomi: { organizationId: 'other' } };
    await collect(importConsentEvents(made.api, stream, options));
    expect(made.stub.apiRequests[0]?.params).toEqual({ $disable_integrations: true, organization_id: 'other' });
    expect(sentBodies(made)[0]?.map(({ organization_id }) => organization_id)).toEqual(['other', 'other', 'other']);
  });

  it.each([400, 413, 422])('finds the events that are the reason for a %d, and records the others', async (status) => {
    const made = await createApi();
    const bad = new Set(['u7', 'u8', 'u61']);
    answerLists(made, ({ user }) => (bad.has(String(user.organization_user_id)) ? status : undefined));
    const [batch] = await collect(importConsentEvents(made.api, some(100)));
    expect(batch?.refused.map(({ index, error }) => [index, (error as DidomiApiError).status])).toEqual([
      [7, status],
      [8, status],
      [61, status],
    ]);
    expect(batch?.recorded).toHaveLength(97);
    expect(made.stub.apiRequests.length).toBeLessThan(40);
  });

  it('goes on after what cannot be written, and after what is no event', async () => {
    const made = await createApi();
    answerLists(made, (event) => (event === null ? 400 : undefined));
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const events = [eventOf(0), { ...eventOf(1), metadata: circular }, null as never, eventOf(3)];
    for (const options of [{}, { importId: 'i' }]) {
      const [batch] = await collect(importConsentEvents(made.api, events, options));
      expect(batch?.recorded.map(({ index }) => index)).toEqual([0, 3]);
      expect(batch?.refused.map(({ error }) => error.constructor)).toEqual([DidomiRequestError, DidomiApiError]);
    }
  });

  it('takes an event that is there already for recorded', async () => {
    const made = await createApi();
    answerLists(made, ({ user }) => (user.organization_user_id === 'u2' ? 409 : undefined));
    const [batch] = await collect(importConsentEvents(made.api, some(4)));
    expect(batch?.recorded.map(({ isRepeated }) => isRepeated)).toEqual([false, false, true, false]);
    expect(batch?.refused).toEqual([]);
  });

  it('records once what was recorded by an attempt whose answer was lost', async () => {
    const made = await createApi();
    const { stub, clock, api } = made;
    const stored = new Set<string>();
    stub.onApiRequest = ({ data }, count) => {
      const ids = (JSON.parse(String(data)) as Sent[]).map(({ id }) => id);
      if (ids.some((id) => stored.has(id))) return { status: 409, data: { message: 'exists' } };
      for (const id of ids) stored.add(id);
      return count === 0 ? networkError('ECONNRESET') : { status: 200, data: [] };
    };
    const done = collect(importConsentEvents(api, some(20), { batchSize: 10, maxConcurrent: 1 }));
    await clock.advance(LONG_MS);
    const batches = await done;
    expect(stored.size).toBe(20);
    expect(batches.map(({ recorded }) => recorded.filter(({ isRepeated }) => isRepeated).length)).toEqual([10, 0]);
    expect(batches.flatMap(({ refused }) => refused)).toEqual([]);
  });

  it('gives up a batch for which no answer comes, and goes on', async () => {
    const made = await createApi();
    made.stub.onApiRequest = (_config, count) => (count === 0 ? { status: 503 } : { status: 200, data: [] });
    const options = { batchSize: 2, maxConcurrent: 1, didomi: { retry: false } } as const;
    const batches = await collect(importConsentEvents(made.api, some(4), options));
    expect(batches.map(({ recorded, refused }) => [recorded.length, refused.length])).toEqual([
      [0, 2],
      [2, 0],
    ]);
  });

  it.each([
    ['a 403', (made: TestApi) => (made.stub.onApiRequest = () => ({ status: 403 })), DidomiApiError],
    ['a shutdown', (made: TestApi) => made.http.onApplicationShutdown(), DidomiAuthenticationError],
  ])('ends with %s, since no other batch would do better', async (_title, prepare, type) => {
    const made = await createApi();
    prepare(made);
    expect(await errorOf(collect(importConsentEvents(made.api, some(1_000))))).toBeInstanceOf(type);
    expect(made.stub.apiRequests.length).toBeLessThanOrEqual(4);
  });

  it('records what a source yields before it fails, and fails like it', async () => {
    const made = await createApi();
    const failing = (function* () {
      yield* some(150);
      throw new RangeError('line 151');
    })();
    const seen: number[] = [];
    const importing = (async () => {
      for await (const { nextIndex } of importConsentEvents(made.api, failing)) seen.push(nextIndex);
    })();
    expect(await errorOf(importing)).toEqual(new RangeError('line 151'));
    expect(seen).toEqual([100, 150]);
  });

  it('tells its progress after each batch', async () => {
    const made = await createApi();
    answerLists(made, ({ user }) => ({ u1: 400, u2: 409 })[String(user.organization_user_id)]);
    const progress: unknown[] = [];
    const options: DidomiImportOptions = { batchSize: 2, onProgress: (now) => progress.push(now) };
    await collect(importConsentEvents(made.api, some(4), options));
    expect(progress).toEqual([
      { nextIndex: 2, recorded: 1, repeated: 0, refused: 1 },
      { nextIndex: 4, recorded: 3, repeated: 1, refused: 1 },
    ]);
  });

  it.each([undefined, null, 7, {}])('refuses %p in place of events', async (events) => {
    const { api } = await createApi();
    expect(() => importConsentEvents(api, events as never)).toThrow(DidomiRequestError);
  });

  it.each([
    { batchSize: 0 },
    { batchSize: 101 },
    { batchSize: 1.5 },
    { maxConcurrent: 0 },
    { maxConcurrent: Number.NaN },
    { startIndex: -1 },
    { importId: '' },
  ])('refuses %p at once', async (options) => {
    const { api } = await createApi();
    expect(() => importConsentEvents(api, some(1), options)).toThrow(DidomiRequestError);
    expect(() => importConsentEvents(api, some(1), options)).toThrow(new RegExp(Object.keys(options)[0]!));
  });
});
