import { isJsonObject } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';

/** `field`, `field[$in]` and, as some serializers write it, `field[$in][]` or `field[$in][0]`. */
const NAME = /^([^[\]]+)(?:\[\$in\](?:\[\d*\])?)?$/;

export interface FakeDidomiFilter {
  readonly field: string;
  readonly values: ReadonlySet<string>;
}

/** What a list is filtered by: every parameter that is neither one of Didomi's own (`$…`) nor among the ignored. */
export function filtersOf(query: URLSearchParams, ignored: readonly string[] = []): readonly FakeDidomiFilter[] {
  const filters = new Map<string, Set<string>>();
  for (const [name, value] of query) {
    if (name.startsWith('$') || ignored.includes(name)) continue;
    const field = NAME.exec(name)?.[1];
    // A filter that does nothing would hand out what the caller did not ask for.
    if (field === undefined) throw FakeDidomiRefusal.field(name, 'is a filter that is not known');
    filters.set(field, (filters.get(field) ?? new Set()).add(value));
  }
  return [...filters].map(([field, values]) => ({ field, values }));
}

/** Whether an entity passes all filters. Dots lead into nested objects, and of a list any item will do. */
export function passes(entity: JsonObject, filters: readonly FakeDidomiFilter[]): boolean {
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

/** As the value would stand in a query, where `null` is a word like any other. */
function asQueryText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value ?? null);
}
