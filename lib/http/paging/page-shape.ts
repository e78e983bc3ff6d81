import { createHash } from 'node:crypto';
import { DidomiRequestError } from '../../errors/didomi-request.error.js';

/** Didomi's pages usually hold no more items, whatever `$limit` asks for, and not every answer says so. */
const USUAL_MAX_LIMIT = 100;

/** How many cursors of one iteration are kept, to notice one that comes back. Older ones are forgotten. */
const MAX_REMEMBERED_CURSORS = 1_000;

/** The part of a request's query that chooses a page. */
export type PageQuery = { readonly $limit?: number; readonly $skip?: number; readonly $cursor?: string };

/** Where to start, if not at the beginning. */
export type PageStart = { readonly $skip?: number | undefined; readonly $cursor?: string | undefined };

/** What one answer holds. */
export interface Page {
  readonly items: readonly unknown[];
  /** Asks for the page behind this one; `undefined` when this is the last. */
  readonly next: PageQuery | undefined;
  /** The answer says itself that it begins where it was asked to. */
  readonly isConfirmed: boolean;
}

type Envelope = { readonly data: readonly unknown[] } & Readonly<
  Partial<Record<'total' | 'limit' | 'skip' | 'cursor', unknown>>
>;

/**
 * Asks for the first page.
 *
 * @throws DidomiRequestError if `pageSize` or `$skip` is no possible number of items.
 */
export function firstQuery(pageSize: number | undefined, { $skip, $cursor }: PageStart = {}): PageQuery {
  requireCount('pageSize', pageSize, 1);
  requireCount('$skip', $skip, 0);
  return {
    ...(pageSize !== undefined && { $limit: pageSize }),
    ...($skip !== undefined && { $skip }),
    ...($cursor !== undefined && { $cursor }),
  };
}

/**
 * Finds out which of Didomi's list shapes a body has: `{ total, limit, skip, data }` (members may be missing),
 * `{ data, limit, cursor }`, `{ data }` or a bare array. Where the next page begins follows from what came, not from what was
 * asked for, since Didomi cuts a large `$limit` without a word.
 *
 * @param asked the query that the body answers.
 * @param fullLength how many items make a full page of a bare array, where `asked` names no `$limit`: the length of the first
 * page. Absent for the first page itself, which then counts as full.
 * @throws DidomiRequestError for a body that is no list. Never quotes it.
 */
export function readPage(body: unknown, asked: PageQuery, fullLength?: number): Page {
  if (Array.isArray(body)) return { items: body, next: afterArray(body.length, asked, fullLength), isConfirmed: false };
  if (isEnvelope(body)) {
    const isConfirmed = asked.$skip !== undefined && body.skip === asked.$skip;
    return { items: body.data, next: afterEnvelope(body, asked), isConfirmed };
  }
  throw new DidomiRequestError(
    'The answer is no list: neither an array nor an object with an array as data. Request this path with get() instead',
  );
}

/**
 * Ends a list that would never end: where the server ignores `$skip` or `$cursor` and a page repeats the one before it, or where
 * a cursor comes back. Belongs to one iteration, and keeps no item alive.
 */
export class RepeatGuard {
  readonly #cursors = new Set<string>();
  #last: string | undefined;

  /** The page as it came; without items if it repeats the last one, and without a next one if that would be a repetition. */
  check(page: Page, { $cursor }: PageQuery): Page {
    const { items, next, isConfirmed } = page;
    if (items.length > 0) {
      const print = fingerprint(items);
      if (print === this.#last && !isConfirmed) return { items: [], next: undefined, isConfirmed };
      this.#last = print;
    }
    if ($cursor !== undefined) this.#remember($cursor);
    const isBehind = next?.$cursor !== undefined && this.#cursors.has(next.$cursor);
    return isBehind ? { ...page, next: undefined } : page;
  }

  #remember(cursor: string): void {
    this.#cursors.add(cursor);
    const [oldest] = this.#cursors;
    if (oldest !== undefined && this.#cursors.size > MAX_REMEMBERED_CURSORS) this.#cursors.delete(oldest);
  }
}

/** Tells one page from another, without keeping either. */
function fingerprint(items: readonly unknown[]): string {
  const text = JSON.stringify(items, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return createHash('sha256').update(text).digest('base64');
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data);
}

function afterArray(length: number, asked: PageQuery, fullLength: number | undefined): PageQuery | undefined {
  const isFull = asked.$limit === undefined ? length >= (fullLength ?? 1) : isFullPage(length, asked.$limit);
  return length > 0 && isFull ? { ...limitOf(asked), $skip: (asked.$skip ?? 0) + length } : undefined;
}

function afterEnvelope(envelope: Envelope, asked: PageQuery): PageQuery | undefined {
  const cursor = readCursor(envelope.cursor);
  if (cursor !== undefined) return { ...limitOf(asked), $cursor: cursor };
  // A page that was asked for by a cursor and names no other is the last one.
  if (asked.$cursor !== undefined || envelope.data.length === 0) return undefined;
  const end = endOfPage(envelope, asked.$skip ?? 0);
  return isLastPage(envelope, end) ? undefined : { ...limitOf(asked), $skip: end };
}

/** How many items of the list lie before the next page. More than before, even if the reported `skip` stands still. */
function endOfPage({ data, skip }: Envelope, from: number): number {
  const reported = (readCount(skip) ?? from) + data.length;
  return reported > from ? reported : from + data.length;
}

function isLastPage(envelope: Envelope, end: number): boolean {
  const [total, limit, skip] = [envelope.total, envelope.limit, envelope.skip].map(readCount);
  if (total !== undefined) return end >= total;
  if ('cursor' in envelope) return true;
  return limit === undefined ? skip === undefined : !isFullPage(envelope.data.length, limit);
}

/** A page that is short of `limit` is full all the same when it may have been cut. */
function isFullPage(length: number, limit: number): boolean {
  return length >= Math.min(limit, USUAL_MAX_LIMIT);
}

function limitOf({ $limit }: PageQuery): PageQuery {
  return $limit === undefined ? {} : { $limit };
}

function readCursor(cursor: unknown): string | undefined {
  return (typeof cursor === 'string' && cursor !== '') || typeof cursor === 'number' ? String(cursor) : undefined;
}

function readCount(count: unknown): number | undefined {
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function requireCount(name: string, count: number | undefined, min: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= min)) return;
  throw new DidomiRequestError(`${name} has to be a whole number, ${min} or more`);
}
