import { Refusal } from '../api/route.js';
import type { JsonObject } from '../api/input.js';

/** Anything that Didomi keeps under an id. */
export interface Entity extends JsonObject {
  readonly id: string;
  readonly organization_id: string;
}

interface Stored<T> {
  readonly entity: T;
  readonly size: number;
}

/** In characters of JSON. A list of everything in a collection can still be written as one string. */
const MAX_SIZE = 64 * 1024 * 1024;

/** The entities of one kind, in the order in which they were created. They are replaced, never changed. */
export class Collection<T extends Entity = Entity> {
  #revision = 0;
  #size = 0;
  #stored = new Map<string, Stored<T>>();
  #start: ReadonlyMap<string, Stored<T>> = new Map();

  /** Grows with every change: an answer made at an earlier revision is out of date. */
  get revision(): number {
    return this.#revision;
  }

  all(): readonly T[] {
    return Array.from(this.#stored.values(), ({ entity }) => entity);
  }

  /** Two organizations may give the same id to users and events of theirs. */
  get(organizationId: string, id: string): T | undefined {
    return this.#stored.get(keyOf(organizationId, id))?.entity;
  }

  find(isWanted: (entity: T) => boolean): T | undefined {
    for (const { entity } of this.#stored.values()) if (isWanted(entity)) return entity;
    return undefined;
  }

  /** Adds the entity, or replaces the one with its id; refuses it if there is no room. */
  put(entity: T): T {
    const key = keyOf(entity.organization_id, entity.id);
    const size = this.sizeOf(entity);
    const total = this.#size - (this.#stored.get(key)?.size ?? 0) + size;
    if (total > MAX_SIZE)
      throw Refusal.of(507, 'The fake holds no more than 64 MB of a kind: delete some, or reset() it');
    this.#revision += 1;
    this.#size = total;
    this.#stored.set(key, { entity, size });
    return entity;
  }

  delete(entity: T): void {
    const key = keyOf(entity.organization_id, entity.id);
    this.#revision += 1;
    this.#size -= this.#stored.get(key)?.size ?? 0;
    this.#stored.delete(key);
  }

  /** Makes what is stored now the state that {@link backToStart} restores. */
  keepAsStart(): void {
    this.#start = new Map(this.#stored);
  }

  backToStart(): void {
    this.#revision += 1;
    this.#stored = new Map(this.#start);
    this.#size = 0;
    for (const { size } of this.#stored.values()) this.#size += size;
  }

  protected sizeOf(entity: T): number {
    return JSON.stringify(entity).length;
  }
}

function keyOf(organizationId: string, id: string): string {
  return JSON.stringify([organizationId, id]);
}
