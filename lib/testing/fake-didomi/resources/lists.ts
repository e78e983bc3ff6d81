import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import type { JsonObject } from '../basics/json.js';
import { wholeNumber } from '../basics/queries.js';
import { filtersOf, passes } from './filters.js';
import { sorted } from './sorting.js';

/** Didomi cuts a larger `$limit` down and says so in the answer. */
const MAX_LIMIT = 100;

/** Flags of some lists, no fields of what they list. */
const FLAGS = ['download', 'duplicate'];

interface Page {
  readonly total: number;
  readonly limit: number;
  readonly skip: number;
  readonly data: readonly JsonObject[];
}

/** One page of a list in the envelope of most lists: `{ total, limit, skip, data }`. */
export function offsetList(entities: readonly JsonObject[], query: URLSearchParams): FakeDidomiAnswer {
  return success(pageOf(entities, query));
}

/** One page of a list without an envelope, as a few routes have it. */
export function bareList(entities: readonly JsonObject[], query: URLSearchParams): FakeDidomiAnswer {
  return success(pageOf(entities, query).data);
}

function pageOf(entities: readonly JsonObject[], query: URLSearchParams): Page {
  const filters = filtersOf(query, FLAGS);
  const found = sorted(
    entities.filter((entity) => passes(entity, filters)),
    query,
  );
  const limit = Math.min(wholeNumber(query, '$limit', MAX_LIMIT), MAX_LIMIT);
  const skip = wholeNumber(query, '$skip', 0);
  return { total: found.length, limit, skip, data: found.slice(skip, skip + limit) };
}
