import { Refusal, type FieldError } from './route.js';

/** More than any entity of Didomi needs; `JSON.stringify` throws at some thousands. */
export const MAX_DEPTH = 100;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one in place of anything else. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether JSON text is nested too deeply. To be checked before it is parsed, which takes memory for each level. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i += 1) {
    const char = json[i];
    if (char === '"') isInString = !isInString;
    else if (isInString) i += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** The body of a request that has to be one object. */
export function objectOf(body: unknown, name: string): JsonObject {
  if (!isJsonObject(body)) throw Refusal.field(name, 'must be an object');
  return body;
}

/** Refuses an input in which one of the fields is not a non-empty string. */
export function requireTexts(input: JsonObject, fields: readonly string[]): void {
  const missing = fields.filter((field) => asText(input[field]) === undefined);
  refuseIfAny(missing.map((field) => ({ field, message: 'is required' })));
}

export function refuseIfAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw Refusal.fields(errors);
}

/** The organization in the query, which all consents routes require. */
export function organizationIn(query: URLSearchParams): string {
  const organizationId = query.get('organization_id');
  if (!organizationId) throw Refusal.field('organization_id', 'is required in the query');
  return organizationId;
}

/** A non-negative whole number from the query, or the fallback if there is none. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const value = query.get(name) ?? '';
  return /^\d+$/.test(value) ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : fallback;
}

/** All values of a parameter: `field=a`, or `field[$in]=a&field[$in]=b` in any bracket notation. */
export function valuesOf(query: URLSearchParams, field: string): readonly string[] {
  return [...query].filter(([name]) => name === field || name.startsWith(`${field}[$in]`)).map(([, value]) => value);
}

/** The values a list is filtered by, or the default. */
export function wantedValues(query: URLSearchParams, field: string, fallback: string): ReadonlySet<string> {
  const values = valuesOf(query, field);
  return new Set(values.length > 0 ? values : [fallback]);
}
