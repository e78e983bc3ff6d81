import { describe, expect, it } from '@jest/globals';
import { importConsentEvents } from '../../../lib/api/import/import-consent-events.js';
import { collect, eventOf, sentBodies, some } from '../../support/consent-events.js';
import { createApi } from '../../support/create-api.js';
import { errorOf } from '../../support/error-of.js';

describe('an import that ends early', () => {
  it('resumes where it was confirmed, with the same ids for the same events', async () => {
    const first = await createApi();
    const options = { importId: 'move', batchSize: 10, maxConcurrent: 3 };
    let nextIndex = 0;
    for await (const batch of importConsentEvents(first.api, some(100), options)) {
      ({ nextIndex } = batch);
      if (nextIndex === 30) break;
    }
    const sentBefore = new Map(
      sentBodies(first)
        .flat()
        .map(({ id, user }) => [user.organization_user_id, id]),
    );
    const second = await createApi();
    const batches = await collect(importConsentEvents(second.api, some(100), { ...options, startIndex: nextIndex }));
    expect(batches[0]?.firstIndex).toBe(30);
    const sent = sentBodies(second).flat();
    expect(sent.map(({ user }) => user.organization_user_id)).toEqual(
      Array.from({ length: 70 }, (_, index) => `u${index + 30}`),
    );
    const again = sent.filter(({ user }) => sentBefore.has(user.organization_user_id));
    expect(again.length).toBeGreaterThan(0);
    for (const { id, user } of again) expect(id).toBe(sentBefore.get(user.organization_user_id));
  });

  it('has other ids under another name, at another place, and for other content', async () => {
    const made = await createApi();
    const same = [eventOf(0), eventOf(0), eventOf(1)];
    for (const importId of ['a', 'b']) await collect(importConsentEvents(made.api, same, { importId }));
    const ids = sentBodies(made)
      .flat()
      .map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('lets the source go and aborts what is under way when its loop is left', async () => {
    const { api, stub } = await createApi();
    stub.onApiRequest = (_config, count) => (count === 0 ? { status: 200, data: [] } : new Promise(() => undefined));
    let isClosed = false;
    const source = (function* () {
      try {
        yield* some(1_000);
      } finally {
        isClosed = true;
      }
    })();
    for await (const _batch of importConsentEvents(api, source, { batchSize: 1 })) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(true);
    expect(stub.apiRequests.length).toBeLessThanOrEqual(5);
    for (const { signal } of stub.apiRequests.slice(1)) expect(signal?.aborted ?? true).toBe(true);
  });

  it.each([
    ['a batch', () => some(10)],
    [
      'a source that waits',
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }),
    ],
  ])('rejects with the reason of an abort while it waits for %s', async (_title, source) => {
    const { api, stub } = await createApi();
    stub.onApiRequest = () => new Promise(() => undefined);
    const abort = new AbortController();
    const error = errorOf(collect(importConsentEvents(api, source(), { signal: abort.signal })));
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new RangeError('enough'));
    expect(await error).toEqual(new RangeError('enough'));
    const before = errorOf(collect(importConsentEvents(api, source(), { signal: abort.signal })));
    expect(await before).toEqual(new RangeError('enough'));
  });
});
