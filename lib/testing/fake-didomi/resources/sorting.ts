import type { JsonObject } from '../basics/json.js';

const SORT = /^\$sort\[([^[\]]+)\]$/;

/** Sorts by `$sort[field]=1` or `-1`, the field named first before the others; without it the order stays. */
export function sorted<T extends JsonObject>(entities: readonly T[], query: URLSearchParams): readonly T[] {
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

/** By value among numbers, by code unit else; what is missing comes first. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [a, b].map((value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '')));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
