import { describe, expect, it } from '@jest/globals';
import { CanceledError, type GenericAbortSignal } from 'axios';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { DidomiRequestError } from '../../lib/errors/didomi-request.error.js';
import { DidomiPages } from '../../lib/http/paging/didomi-pages.js';

type Query = { readonly $limit?: number; readonly $skip?: number; readonly $cursor?: string };
type Answer = (query: Query, signal: AbortSignal, count: number) => unknown;

/** Numbers stand for items: their value is their place in the list. */
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

/** A list of `total` items behind `$skip`, in pages of at most `max`, as the offset envelope. */
const offsetList =
  (total: number, max = 2): Answer =>
  ({ $limit = max, $skip = 0 }) => {
    const limit = Math.min($limit, max);
    return { total, limit, skip: $skip, data: range($skip, Math.min($skip + limit, total)) };
  };

/** The pages of a cursor list, by the cursor that asks for them. */
const cursorList =
  (pages: Record<string, { data: unknown[]; cursor?: unknown }>): Answer =>
  ({ $cursor = 'start' }) => ({ limit: 100, ...pages[$cursor] });

/** Answers with these bodies, one for each request; one more request fails. */
const inTurn =
  (...bodies: unknown[]): Answer =>
  (_query, _signal, count) => {
    if (count >= bodies.length) throw new Error('one request too many');
    return bodies[count];
  };

/** Never answers: rejects as the client does when the signal aborts. */
const pending = (signal: AbortSignal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new CanceledError()));
  });

function listOf(answer: Answer, options?: ConstructorParameters<typeof DidomiPages>[1]) {
  const queries: Query[] = [];
  const signals: AbortSignal[] = [];
  const pages = new DidomiPages<number>(async (query, signal) => {
    queries.push(query);
    signals.push(signal);
    return answer(query, signal, queries.length - 1);
  }, options);
  return { pages, queries, signals };
}

async function collect<T>(pages: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of pages) into.push(item);
  return into;
}

describe('a list in offset envelopes', () => {
  it('advances by what came until the total is reached', async () => {
    const { pages, queries } = listOf(offsetList(5));
    expect(await collect(pages)).toEqual(range(0, 5));
    expect(queries).toStrictEqual([{}, { $skip: 2 }, { $skip: 4 }]);
  });

  it('requests nothing beyond a last page that is full', async () => {
    const { pages, queries } = listOf(offsetList(4));
    expect(await collect(pages)).toEqual(range(0, 4));
    expect(queries).toHaveLength(2);
  });

  it('is complete when a large page size is cut', async () => {
    const { pages, queries } = listOf(offsetList(250, 100), { pageSize: 5_000 });
    expect(await collect(pages)).toEqual(range(0, 250));
    expect(queries).toStrictEqual([{ $limit: 5_000 }, { $limit: 5_000, $skip: 100 }, { $limit: 5_000, $skip: 200 }]);
  });

  it('is empty after one request when it holds nothing', async () => {
    const { pages, queries } = listOf(offsetList(0));
    expect(await collect(pages)).toEqual([]);
    expect(queries).toHaveLength(1);
  });

  it('ends at an empty page, whatever the total says', async () => {
    const { pages, queries } = listOf(
      inTurn({ total: 9, limit: 2, skip: 0, data: [0, 1] }, { total: 9, limit: 2, skip: 2, data: [] }),
    );
    expect(await collect(pages)).toEqual([0, 1]);
    expect(queries).toHaveLength(2);
  });

  it('follows a total that grows', async () => {
    const { pages } = listOf((query, signal, count) => offsetList(count === 0 ? 3 : 5)(query, signal, count));
    expect(await collect(pages)).toEqual(range(0, 5));
  });

  it('follows a total that shrinks', async () => {
    const { pages, queries } = listOf((query, signal, count) => offsetList(9 - 5 * count)(query, signal, count));
    expect(await collect(pages)).toEqual(range(0, 4));
    expect(queries).toHaveLength(2);
  });

  it('believes the skip of the answer before its own count', async () => {
    const { pages, queries } = listOf(
      inTurn({ total: 8, skip: 4, data: [4, 5] }, { total: 8, skip: 6, data: [6, 7] }),
      { start: { $skip: 3 } },
    );
    expect(await collect(pages)).toEqual(range(4, 8));
    expect(queries).toStrictEqual([{ $skip: 3 }, { $skip: 6 }]);
  });

  it('counts for itself when the skip of the answers stands still', async () => {
    const { pages, queries } = listOf(({ $skip = 0 }) => ({ total: 6, skip: 0, data: range($skip, $skip + 2) }));
    expect(await collect(pages)).toEqual(range(0, 6));
    expect(queries.map(({ $skip }) => $skip)).toEqual([undefined, 2, 4]);
  });

  it.each([
    ['a total only', ($skip: number) => ({ total: 5, data: range($skip, Math.min($skip + 2, 5)) }), 3],
    ['a limit only', ($skip: number) => ({ limit: 2, data: range($skip, Math.min($skip + 2, 5)) }), 3],
    ['a limit only, and full pages', ($skip: number) => ({ limit: 5, data: range($skip, 5) }), 2],
    ['a skip only', ($skip: number) => ({ skip: $skip, data: range($skip, Math.min($skip + 2, 5)) }), 4],
    ['a total of null', ($skip: number) => ({ total: null, skip: $skip, data: range($skip, 5) }), 2],
    ['a total and a cursor of null', ($skip: number) => ({ total: 5, cursor: null, data: range($skip, $skip + 1) }), 5],
  ])('is complete with %s', async (_title, body, requests) => {
    const { pages, queries } = listOf(({ $skip = 0 }) => body($skip));
    expect(await collect(pages)).toEqual(range(0, 5));
    expect(queries).toHaveLength(requests);
  });

  it.each([
    ['a total', { total: 100, limit: 2, skip: 0, data: [0, 1] }],
    ['no total', { limit: 2, skip: 0, data: [0, 1] }],
  ])('comes once from a server that ignores $skip and sends %s', async (_title, body) => {
    const { pages, queries } = listOf(() => body);
    expect(await collect(pages)).toEqual([0, 1]);
    expect(queries).toHaveLength(2);
  });

  it('keeps a page that equals the one before it, if the answer says that it is the page asked for', async () => {
    const { pages } = listOf(({ $skip = 0 }) => ({ total: 3, limit: 1, skip: $skip, data: [7] }));
    expect(await collect(pages)).toEqual([7, 7, 7]);
  });

  it('comes once from a server that ignores $skip, even if the consumer changes the items', async () => {
    const { pages } = listOf(() => ({ total: 9, data: [{ id: 1n }, { id: 2n }] }));
    const seen: unknown[] = [];
    for await (const item of pages as unknown as AsyncIterable<{ id: bigint }>) {
      seen.push(item.id);
      item.id = 0n;
    }
    expect(seen).toEqual([1n, 2n]);
  });
});

describe('a list behind cursors', () => {
  it('passes each cursor on until it is null', async () => {
    const { pages, queries } = listOf(
      cursorList({
        start: { data: [0, 1], cursor: 'b' },
        b: { data: [2], cursor: 3 },
        3: { data: [3, 4], cursor: null },
      }),
      { pageSize: 2 },
    );
    expect(await collect(pages)).toEqual(range(0, 5));
    expect(queries).toStrictEqual([{ $limit: 2 }, { $limit: 2, $cursor: 'b' }, { $limit: 2, $cursor: '3' }]);
  });

  it.each([[null], [undefined], ['']])('ends at a cursor of %j', async (cursor) => {
    const { pages, queries } = listOf(
      cursorList({ start: { data: [0], cursor: 'b' }, b: { data: range(1, 101), cursor } }),
    );
    expect(await collect(pages)).toEqual(range(0, 101));
    expect(queries).toHaveLength(2);
  });

  it('ends after one full page whose cursor is null', async () => {
    const { pages, queries } = listOf(cursorList({ start: { data: range(0, 100), cursor: null } }));
    expect(await collect(pages)).toEqual(range(0, 100));
    expect(queries).toHaveLength(1);
  });

  it('ends at a page that names its own cursor', async () => {
    const { pages, queries } = listOf(cursorList({ start: { data: [0], cursor: 'b' }, b: { data: [1], cursor: 'b' } }));
    expect(await collect(pages)).toEqual([0, 1]);
    expect(queries).toHaveLength(2);
  });

  it('ends where its cursors go round', async () => {
    const { pages, queries } = listOf(
      cursorList({
        start: { data: [0], cursor: 'b' },
        b: { data: [1], cursor: 'c' },
        c: { data: [2], cursor: 'd' },
        d: { data: [3], cursor: 'b' },
      }),
    );
    expect(await collect(pages)).toEqual(range(0, 4));
    expect(queries).toHaveLength(4);
  });

  it('ends where its cursors return to the one the caller started with', async () => {
    const { pages } = listOf(cursorList({ b: { data: [1], cursor: 'c' }, c: { data: [2], cursor: 'b' } }), {
      start: { $cursor: 'b' },
    });
    expect(await collect(pages)).toEqual([1, 2]);
  });

  it('notices cursors that go round after more pages than it remembers', async () => {
    const { pages, queries } = listOf(({ $cursor = '0' }) => {
      const page = Number($cursor);
      return { data: [page], cursor: page === 1_500 ? '1000' : String(page + 1) };
    });
    expect(await collect(pages)).toEqual(range(0, 1_501));
    expect(queries).toHaveLength(1_501);
  });

  it('comes once from a server that ignores $cursor', async () => {
    const { pages, queries } = listOf((_query, _signal, count) => ({ data: [0, 1], cursor: `new-${count}` }));
    expect(await collect(pages)).toEqual([0, 1]);
    expect(queries).toHaveLength(2);
  });

  it('goes on behind an empty page that names another cursor', async () => {
    const { pages } = listOf(
      cursorList({
        start: { data: [], cursor: 'b' },
        b: { data: [1], cursor: 'c' },
        c: { data: [], cursor: 'd' },
        d: { data: [2], cursor: null },
      }),
    );
    expect(await collect(pages)).toEqual([1, 2]);
  });

  it('is refused when it has empty pages without an end', async () => {
    const { pages, queries } = listOf((_query, _signal, count) => ({ data: [], cursor: `new-${count}` }));
    await expect(collect(pages)).rejects.toThrow(
      new DidomiRequestError('The list has no end: 1000 empty pages in a row'),
    );
    expect(queries).toHaveLength(1_000);
  });
});

describe('a bare array', () => {
  const arrayList =
    (total: number, max = Infinity): Answer =>
    ({ $limit = 3, $skip = 0 }) =>
      range($skip, Math.min($skip + Math.min($limit, max), total));

  it('ends at a page that is shorter than the ones before it', async () => {
    const { pages, queries } = listOf(arrayList(5), { pageSize: 2 });
    expect(await collect(pages)).toEqual(range(0, 5));
    expect(queries).toStrictEqual([{ $limit: 2 }, { $limit: 2, $skip: 2 }, { $limit: 2, $skip: 4 }]);
  });

  it('ends at an empty page after full ones', async () => {
    const { pages, queries } = listOf(arrayList(4), { pageSize: 2 });
    expect(await collect(pages)).toEqual(range(0, 4));
    expect(queries).toHaveLength(3);
  });

  it.each([
    [170, 50, 100],
    [170, 50, 60],
    [250, 100, 5_000],
    [100, 50, 100],
  ])(
    'of %d items is complete from a server that sends at most %d where %d are asked for',
    async (total, max, pageSize) => {
      const { pages, queries } = listOf(arrayList(total, max), { pageSize });
      expect(await collect(pages)).toEqual(range(0, total));
      expect(queries).toHaveLength(Math.floor(total / max) + 1);
    },
  );

  it('is asked for once more when its first page is shorter than asked for, since it may have been cut', async () => {
    const { pages, queries } = listOf(inTurn([0, 1, 2], []), { pageSize: 10 });
    expect(await collect(pages)).toEqual([0, 1, 2]);
    expect(queries).toStrictEqual([{ $limit: 10 }, { $limit: 10, $skip: 3 }]);
  });

  it('takes the length of the first page for full', async () => {
    const { pages, queries } = listOf(arrayList(8));
    expect(await collect(pages)).toEqual(range(0, 8));
    expect(queries).toStrictEqual([{}, { $skip: 3 }, { $skip: 6 }]);
  });

  it('starts where the caller says', async () => {
    const { pages, queries } = listOf(arrayList(8), { start: { $skip: 4 } });
    expect(await collect(pages)).toEqual(range(4, 8));
    expect(queries).toStrictEqual([{ $skip: 4 }, { $skip: 7 }]);
  });

  it('comes once from a server that ignores $skip', async () => {
    const { pages, queries } = listOf(() => [{ id: 'a' }, { id: 'b' }]);
    expect(await collect(pages)).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(queries).toHaveLength(2);
  });

  it('is empty after one request when it holds nothing', async () => {
    const { pages, queries } = listOf(inTurn([]));
    expect(await collect(pages)).toEqual([]);
    expect(queries).toHaveLength(1);
  });
});

describe('an object with data and no more', () => {
  it.each([[undefined], [3]])('is read once with a page size of %p', async (pageSize) => {
    const { pages, queries } = listOf(inTurn({ data: [1, 2, 3] }), { pageSize });
    expect(await collect(pages)).toEqual([1, 2, 3]);
    expect(queries).toHaveLength(1);
  });
});

describe('an answer that is no list', () => {
  it.each([
    ['HTML', '<html>canary</html>'],
    ['an object without data', { available: ['canary'] }],
    ['data that is no array', { data: { canary: 1 }, total: 1 }],
    ['null', null],
    ['nothing', undefined],
    ['an empty text', ''],
    ['a number', 42],
  ])('is refused without a quote: %s', async (_title, body) => {
    const failure = await collect(listOf(() => body).pages).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DidomiRequestError);
    expect(failure).toMatchObject({ code: 'DIDOMI_REQUEST', message: expect.stringContaining('is no list') });
    expect(String(failure)).not.toContain('canary');
  });
});

describe('the page size', () => {
  it.each([0, -1, 1.5, Number.NaN, Infinity, '10' as unknown as number])('is refused when it is %p', (pageSize) => {
    expect(() => listOf(offsetList(1), { pageSize })).toThrow(
      new DidomiRequestError('pageSize has to be a whole number, 1 or more'),
    );
  });
});

describe('the start of a list', () => {
  it('is refused when it is no number of items', () => {
    expect(() => listOf(offsetList(1), { start: { $skip: -1 } })).toThrow(
      new DidomiRequestError('$skip has to be a whole number, 0 or more'),
    );
    expect(() => listOf(offsetList(1), { start: { $skip: 0 } })).not.toThrow();
  });
});

describe('an iteration', () => {
  it('requests nothing before the first item is wanted', async () => {
    const { pages, queries } = listOf(offsetList(4));
    const items = pages[Symbol.asyncIterator]();
    expect(queries).toHaveLength(0);
    await items.return?.();
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(queries).toHaveLength(0);
  });

  it('requests a page only when an item of it is wanted', async () => {
    const { pages, queries } = listOf(offsetList(4));
    const items = pages[Symbol.asyncIterator]();
    await items.next();
    await items.next();
    expect(queries).toHaveLength(1);
    await items.next();
    expect(queries).toHaveLength(2);
  });

  it('starts at the beginning each time', async () => {
    const { pages, queries } = listOf(offsetList(3));
    expect(await collect(pages)).toEqual([0, 1, 2]);
    expect(await collect(pages)).toEqual([0, 1, 2]);
    expect(queries).toStrictEqual([{}, { $skip: 2 }, {}, { $skip: 2 }]);
  });

  it('keeps apart from another one over the same list', async () => {
    const { pages } = listOf(offsetList(5));
    expect(await Promise.all([collect(pages), collect(pages)])).toEqual([range(0, 5), range(0, 5)]);
  });

  it('hands each item to one of several that ask at once', async () => {
    const { pages, queries } = listOf(offsetList(3));
    const items = pages[Symbol.asyncIterator]();
    const results = await Promise.all([items.next(), items.next(), items.next(), items.next()]);
    expect(results.map(({ value }) => value)).toEqual([0, 1, 2, undefined]);
    expect(queries).toHaveLength(2);
  });

  it('requests nothing more once it is left', async () => {
    const { pages, queries } = listOf(offsetList(9));
    for await (const item of pages) if (item === 1) break;
    expect(queries).toHaveLength(1);
  });

  it('cancels a page under way when it is left', async () => {
    const { pages, queries, signals } = listOf((_query, signal) => pending(signal));
    const items = pages[Symbol.asyncIterator]();
    const next = items.next();
    expect(await items.return?.()).toEqual({ done: true, value: undefined });
    expect(await next).toEqual({ done: true, value: undefined });
    expect(signals[0]?.aborted).toBe(true);
    expect(queries).toHaveLength(1);
  });

  it('hands out nothing of a page that arrives after it was left', async () => {
    const { pages } = listOf(offsetList(9));
    const items = pages[Symbol.asyncIterator]();
    const next = items.next();
    await items.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('rejects with the error of the third page, after the items of the first two, and is over then', async () => {
    const failure = new Error('the third page');
    const { pages, queries } = listOf((query, signal, count) => {
      if (count === 2) throw failure;
      return offsetList(9)(query, signal, count);
    });
    const seen: number[] = [];
    const items = pages[Symbol.asyncIterator]();
    await expect(collect({ [Symbol.asyncIterator]: () => items }, seen)).rejects.toBe(failure);
    expect(seen).toEqual(range(0, 4));
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(queries).toHaveLength(3);
  });
});

describe('the signal of an iteration', () => {
  const reason = new Error('the reason');

  it('requests nothing when it has aborted before', async () => {
    const { pages, queries } = listOf(offsetList(9), { signal: AbortSignal.abort(reason) });
    await expect(collect(pages)).rejects.toBe(reason);
    expect(queries).toHaveLength(0);
  });

  it("cancels a page under way, whose error is passed on as the client's own", async () => {
    const controller = new AbortController();
    const { pages, signals } = listOf((_query, signal) => pending(signal), { signal: controller.signal });
    const items = collect(pages);
    controller.abort(reason);
    await expect(items).rejects.toBeInstanceOf(CanceledError);
    expect(signals[0]?.reason).toBe(reason);
  });

  it.each([
    ['in the middle of a page', 0],
    ['at the end of a page', 1],
    ['at the end of the list', 3],
  ])('ends it with the reason %s', async (_title, last) => {
    const controller = new AbortController();
    const { pages, queries } = listOf(offsetList(4), { signal: controller.signal });
    const seen: number[] = [];
    const consume = async () => {
      for await (const item of pages) {
        seen.push(item);
        if (item === last) controller.abort(reason);
      }
    };
    await expect(consume()).rejects.toBe(reason);
    expect(seen).toEqual(range(0, last + 1));
    expect(queries).toHaveLength(last < 2 ? 1 : 2);
  });

  it.each([
    ['items', [1]],
    ['none', []],
  ])('ends it with the reason though a page arrives with %s', async (_title, data) => {
    const controller = new AbortController();
    const { pages } = listOf(
      () => {
        controller.abort(reason);
        return { data };
      },
      { signal: controller.signal },
    );
    await expect(collect(pages)).rejects.toBe(reason);
  });

  it('may be any object that looks like one', async () => {
    const signal: GenericAbortSignal = { aborted: true };
    await expect(collect(listOf(offsetList(9), { signal }).pages)).rejects.toMatchObject({ name: 'AbortError' });
    expect(await collect(listOf(offsetList(3), { signal: { aborted: false } }).pages)).toEqual([0, 1, 2]);
  });

  it('is listened to only while a page is under way', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted: GenericAbortSignal = {
      aborted: signal.aborted,
      addEventListener: () => (listeners += 1),
      removeEventListener: () => (listeners -= 1),
    };
    const during: number[] = [];
    const { pages } = listOf(
      (query, own, count) => {
        during.push(listeners);
        if (count === 2) throw new Error('the third page');
        return offsetList(9)(query, own, count);
      },
      { signal: counted },
    );
    const between: number[] = [];
    const consume = async () => {
      for await (const _item of pages) between.push(listeners);
    };
    await expect(consume()).rejects.toThrow('the third page');
    expect(during).toEqual([1, 1, 1]);
    expect(between).toEqual([0, 0, 0, 0]);
    expect(listeners).toBe(0);
  });
});

describe('the Observable of a list', () => {
  it('emits the items and completes', async () => {
    expect(await lastValueFrom(listOf(offsetList(5)).pages.toObservable().pipe(toArray()))).toEqual(range(0, 5));
  });

  it('is cold: each subscription starts at the beginning', async () => {
    const { pages, queries } = listOf(offsetList(3));
    const items = pages.toObservable();
    expect(queries).toHaveLength(0);
    await lastValueFrom(items);
    expect(await firstValueFrom(items)).toBe(0);
    expect(queries).toStrictEqual([{}, { $skip: 2 }, {}]);
  });

  it('requests no further page once the items wanted are there', async () => {
    const { pages, queries } = listOf(offsetList(9));
    expect(await lastValueFrom(pages.toObservable().pipe(take(2), toArray()))).toEqual([0, 1]);
    await new Promise(setImmediate);
    expect(queries).toHaveLength(1);
  });

  it('cancels the page under way when unsubscribed from, and says nothing more', async () => {
    const { pages, queries, signals } = listOf((_query, signal) => pending(signal));
    const heard: unknown[] = [];
    const subscription = pages.toObservable().subscribe({
      next: (item) => heard.push(item),
      error: (error: unknown) => heard.push(error),
      complete: () => heard.push('complete'),
    });
    subscription.unsubscribe();
    await new Promise(setImmediate);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(queries).toHaveLength(1);
    expect(heard).toEqual([]);
  });

  it('leaves alone a page that has arrived', async () => {
    const { pages, signals } = listOf(offsetList(4));
    await lastValueFrom(pages.toObservable());
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it('passes on the error of a page', async () => {
    const failure = new Error('the first page');
    const items = listOf(() => Promise.reject(failure)).pages.toObservable();
    await expect(lastValueFrom(items)).rejects.toBe(failure);
  });
});
