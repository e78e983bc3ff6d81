import type { GenericAbortSignal } from 'axios';
import { defer, finalize, from, type Observable } from 'rxjs';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';
import { firstQuery, type PageQuery, type PageStart, readPage, RepeatGuard } from './page-shape.js';

/** As many pages in a row without an item, each with a new cursor, are taken for a list without an end. */
const MAX_EMPTY_PAGES = 1_000;

/** Requests one page and resolves with its body; rejects once the signal aborts. */
export type FetchPage = (query: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<unknown>;

interface PagesOptions {
  readonly pageSize?: number | undefined;
  readonly signal?: (GenericAbortSignal & { readonly reason?: unknown }) | undefined;
  readonly start?: PageStart | undefined;
}

/**
 * All items of a list that Didomi answers in pages. A page is requested when an item of it is wanted, and no sooner; the one
 * before is let go first. Each iteration and each subscription starts at the beginning.
 *
 * Items that are added or deleted meanwhile can shift the rest: one may then come twice, or not at all. A list ends where
 * Didomi would repeat itself: at a page that equals the one before it, or at a cursor that comes back.
 *
 * @publicApi
 */
export class DidomiPages<T> implements AsyncIterable<T> {
  readonly #fetchPage: FetchPage;
  readonly #signal: PagesOptions['signal'];
  readonly #first: PageQuery;

  /**
   * @internal
   * @throws DidomiRequestError if `pageSize` or `start.$skip` is no possible count.
   */
  constructor(fetchPage: FetchPage, { pageSize, signal, start }: PagesOptions = {}) {
    this.#fetchPage = fetchPage;
    this.#signal = signal;
    this.#first = firstQuery(pageSize, start);
  }

  /**
   * Rejects with the error of a page that cannot be had, and with `DidomiRequestError` if an answer is no list. Once the
   * signal aborts, rejects with the cancellation error of the page under way, or else with the abort reason. Leaving early
   * cancels a page under way.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    const visit = new Visit(this.#fetchPage, this.#first, this.#signal);
    const items = itemsOf<T>(visit);
    return {
      next: () => items.next(),
      return: () => {
        visit.leave();
        return items.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** The same items and errors as a cold Observable. Unsubscribing cancels a page under way. */
  toObservable(): Observable<T> {
    return defer(() => {
      const items = this[Symbol.asyncIterator]();
      return from(items).pipe(finalize(() => void items.return?.()));
    });
  }
}

/** One iteration: holds the page at hand, and knows the way to the next. */
class Visit {
  items: readonly unknown[] = [];
  readonly #fetchPage: FetchPage;
  readonly #signal: PagesOptions['signal'];
  readonly #guard = new RepeatGuard();
  #query: PageQuery | undefined;
  #fullLength: number | undefined;
  #underWay: AbortController | undefined;
  #isLeft = false;

  constructor(fetchPage: FetchPage, first: PageQuery, signal: PagesOptions['signal']) {
    this.#fetchPage = fetchPage;
    this.#query = first;
    this.#signal = signal;
  }

  /** Lets the page at hand go and fetches the next one with items. False when there is none. */
  async turn(): Promise<boolean> {
    this.items = [];
    for (let turned = 0; this.#query !== undefined; turned += 1) {
      if (turned === MAX_EMPTY_PAGES)
        throw new DidomiRequestError(`The list has no end: ${turned} empty pages in a row`);
      const body = await this.#fetch(this.#query);
      if (this.#isLeft) return false;
      const page = this.#guard.check(readPage(body, this.#query, this.#fullLength), this.#query);
      this.#query = page.next;
      this.#fullLength ??= page.items.length;
      this.items = page.items;
      if (page.items.length > 0) return true;
    }
    this.throwIfAborted();
    return false;
  }

  leave(): void {
    this.#isLeft = true;
    this.#underWay?.abort();
  }

  throwIfAborted(): void {
    if (this.#signal?.aborted) AbortSignal.abort(this.#signal.reason).throwIfAborted();
  }

  async #fetch(query: PageQuery): Promise<unknown> {
    this.throwIfAborted();
    const underWay = new AbortController();
    const abort = (): void => underWay.abort(this.#signal?.reason);
    this.#underWay = underWay;
    this.#signal?.addEventListener?.('abort', abort);
    try {
      return await this.#fetchPage(query, underWay.signal);
    } catch (error) {
      if (this.#isLeft) return undefined;
      throw error;
    } finally {
      this.#underWay = undefined;
      this.#signal?.removeEventListener?.('abort', abort);
    }
  }
}

async function* itemsOf<T>(visit: Visit): AsyncGenerator<T, undefined, undefined> {
  while (await visit.turn()) {
    for (let index = 0; index < visit.items.length; index += 1) {
      visit.throwIfAborted();
      yield visit.items[index] as T;
    }
  }
}
