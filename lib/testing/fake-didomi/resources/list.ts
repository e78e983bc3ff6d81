import { Refusal, success, type Answer } from '../api/route.js';
import { isJsonObject, wholeNumber, type JsonObject } from '../api/input.js';

/** Didomi reduces a larger `$limit` to this and says so in the answer. */
const MAX_LIMIT = 100;

/** Flags of some lists, not fields of what they list. */
const FLAGS = ['download', 'duplicate'];

const SORT = /^\$sort\[([^[\]]+)\]$/;

/** `field`, `field[$in]` and, as some serializers write it, `field[$in][]` or `field[$in][0]`. */
const FILTER = /^([^[\]]+)(?:\[\$in\](?:\[\d*\])?)?$/;

export interface Filter {
  readonly field: string;
  readonly values: ReadonlySet<string>;
}

/** One page of a list in the envelope of most lists: `{ total, limit, skip, data }`. */
export function offsetList(entities: readonly JsonObject[], query: URLSearchParams): Answer {
  return success(pageOf(entities, query));
}

/** One page of a list without an envelope, as a few routes have it. */
export function bareList(entities: readonly JsonObject[], query: URLSearchParams): Answer {
  return success(pageOf(entities, query).data);
}

function pageOf(entities: readonly JsonObject[], query: URLSearchParams) {
  const filters = filtersOf(query, FLAGS);
  const found = sorted(
    entities.filter((entity) => passes(entity, filters)),
    query,
  );
  const limit = Math.min(wholeNumber(query, '$limit', MAX_LIMIT), MAX_LIMIT);
  const skip = wholeNumber(query, '$skip', 0);
  return { total: found.length, limit, skip, data: found.slice(skip, skip + limit) };
}

/** What a list is filtered by: every parameter that is neither one of Didomi's own (`$…`) nor among the ignored. */
export function filtersOf(query: URLSearchParams, ignored: readonly string[] = []): readonly Filter[] {
  const filters = new Map<string, Set<string>>();
  for (const [name, value] of query) {
    if (name.startsWith('$') || ignored.includes(name)) continue;
    const field = FILTER.exec(name)?.[1];
    // A filter without effect would return entities that the caller did not ask for.
    if (field === undefined) throw Refusal.field(name, 'is a filter that is not known');
    filters.set(field, (filters.get(field) ?? new Set()).add(value));
  }
  return [...filters].map(([field, values]) => ({ field, values }));
}

/** Whether an entity passes all filters. Dots lead into nested objects; of a list, any item will do. */
export function passes(entity: JsonObject, filters: readonly Filter[]): boolean {
  return filters.every(({ field, values }) =>
    valuesAt(entity, field.split('.')).some((value) => values.has(asQueryText(value))),
  );
}

function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  return isJsonObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [null];
}

/** As the value would be written in a query, where `null` is a word like any other. */
function asQueryText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value ?? null);
}

/** Sorts by `$sort[field]=1` or `-1`, the field named first before the others; without it the order stays. */
function sorted(entities: readonly JsonObject[], query: URLSearchParams): readonly JsonObject[] {
  const rules = [...query].flatMap(([name, value]) => {
    const field = SORT.exec(name)?.[1];
    return field === undefined ? [] : [{ field, direction: value === '-1' ? -1 : 1 }];
  });
  if (rules.length === 0) return entities;
  return [...entities].sort((a, b) => {
    for (const { field, direction } of rules) {
      const order = compare(a[field], b[field]);
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}

/** Numbers by value, anything else by code unit; what is missing comes first. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [a, b].map((value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '')));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
