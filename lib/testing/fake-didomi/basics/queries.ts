/** A non-negative whole number from the query, or the fallback if there is none. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const value = query.get(name) ?? '';
  return /^\d+$/.test(value) ? Number(value) : fallback;
}

/** The values a list is filtered by: `field=a`, `field[$in]=a&field[$in]=b` in any bracket notation, or the default. */
export function wantedValues(query: URLSearchParams, field: string, fallback: string): ReadonlySet<string> {
  const values = [...query]
    .filter(([name]) => name === field || name.startsWith(`${field}[$in]`))
    .map(([, value]) => value);
  return new Set(values.length > 0 ? values : [fallback]);
}
