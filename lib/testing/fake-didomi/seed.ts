import { Refusal } from './api/route.js';
import { isJsonObject, isTooDeep, MAX_DEPTH, type JsonObject } from './api/input.js';
import type { FakeDidomiSeed } from './fake-didomi.types.js';

/** Adds one entity of each kind, in the order in which kinds are seeded: users before the events that change them. */
type Adders = Readonly<
  Record<keyof FakeDidomiSeed, (entity: JsonObject & { readonly organization_id: string }) => unknown>
>;

const TEXTS = ['id', 'organization_id', 'notice_id', 'name'];

/**
 * Adds what is seeded to what is stored, after checking all of it, and returns the organizations that it belongs to.
 *
 * @throws TypeError that names the entity and the field, never a value.
 */
export function applySeed(seed: FakeDidomiSeed, organizationId: string, adders: Adders): ReadonlySet<string> {
  const copy = checkedCopy(seed, Object.keys(adders));
  const organizationIds = new Set<string>();
  for (const [kind, add] of Object.entries(adders)) {
    for (const [index, seeded] of (copy[kind] ?? []).entries()) {
      const entity = { organization_id: organizationId, ...seeded };
      addOne(`seed.${kind}[${index}]`, () => add(entity));
      organizationIds.add(entity.organization_id);
    }
  }
  return organizationIds;
}

/** A copy of the seed, as JSON would carry it. */
function checkedCopy(seed: unknown, kinds: readonly string[]): Readonly<Record<string, readonly JsonObject[]>> {
  if (!isJsonObject(seed)) throw new TypeError('seed must be an object');
  const copy: Record<string, JsonObject[]> = {};
  for (const [kind, entities] of Object.entries(seed)) {
    if (entities === undefined) continue;
    if (!kinds.includes(kind)) throw new TypeError(`seed.${kind} is not known; known are ${kinds.join(', ')}`);
    if (!Array.isArray(entities)) throw new TypeError(`seed.${kind} must be a list`);
    copy[kind] = entities.map((entity, index) => copyOf(entity, `seed.${kind}[${index}]`));
  }
  return copy;
}

function copyOf(entity: unknown, place: string): JsonObject {
  const json = jsonOf(entity, place);
  if (isTooDeep(json)) throw new TypeError(`${place} is nested more than ${MAX_DEPTH} levels deep`);
  const copy: unknown = JSON.parse(json);
  if (!isJsonObject(copy)) throw new TypeError(`${place} must be an object`);
  for (const field of TEXTS) {
    const value = copy[field];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new TypeError(`${place}.${field} must be a string that is not empty`);
    }
  }
  return copy;
}

function jsonOf(entity: unknown, place: string): string {
  try {
    return JSON.stringify(entity) ?? 'null';
  } catch {
    // Circular, too deep for the stack, or a bigint.
    throw new TypeError(`${place} cannot be written as JSON`);
  }
}

function addOne(place: string, add: () => void): void {
  try {
    add();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [fieldError] = error.fieldErrors;
    throw new TypeError(
      fieldError ? `${place}.${fieldError.field} ${fieldError.message}` : `${place}: ${error.message}`,
    );
  }
}
