import type { FakeDidomiFieldError } from './envelopes.js';
import { isJsonObject } from './json.js';
import type { JsonObject } from './json.js';
import { FakeDidomiRefusal } from './refusal.js';

/** The body of a request that has to be one object. */
export function objectOf(body: unknown, name: string): JsonObject {
  if (!isJsonObject(body)) throw FakeDidomiRefusal.field(name, 'must be an object');
  return body;
}

/** Refuses an input that lacks one of the texts it needs. */
export function requireTexts(input: JsonObject, fields: readonly string[]): void {
  const missing = fields.filter((field) => typeof input[field] !== 'string' || input[field] === '');
  refuseIfAny(missing.map((field) => ({ field, message: 'is required' })));
}

export function refuseIfAny(problems: readonly FakeDidomiFieldError[]): void {
  if (problems.length > 0) throw FakeDidomiRefusal.fields(problems);
}

/** The organization in the query, where all consents want it. */
export function organizationIn(query: URLSearchParams): string {
  const organizationId = query.get('organization_id');
  if (!organizationId) throw FakeDidomiRefusal.field('organization_id', 'is required in the query');
  return organizationId;
}
