import type { JsonObject } from '../api/input.js';

/** Anything that Didomi keeps under an id. */
export interface Entity extends JsonObject {
  readonly id: string;
  readonly organization_id: string;
}

/** The entities of one kind, in the order in which they were created. They are replaced, never changed. */
export class Collection<T extends Entity = Entity> {
  #revision = 0;
  #entities = new Map<string, T>();
  #start: ReadonlyMap<string, T> = new Map();

  /** Grows with every change: an answer made at an earlier revision is out of date. */
  get revision(): number {
    return this.#revision;
  }

  all(): readonly T[] {
    return [...this.#entities.values()];
  }

  /** Two organizations may give the same id to users and events of theirs. */
  get(organizationId: string, id: string): T | undefined {
    return this.#entities.get(keyOf(organizationId, id));
  }

  find(isWanted: (entity: T) => boolean): T | undefined {
    for (const entity of this.#entities.values()) if (isWanted(entity)) return entity;
    return undefined;
  }

  /** Adds the entity, or replaces the one with its id. */
  put(entity: T): T {
    this.#revision += 1;
    this.#entities.set(keyOf(entity.organization_id, entity.id), entity);
    return entity;
  }

  delete(entity: T): void {
    this.#revision += 1;
    this.#entities.delete(keyOf(entity.organization_id, entity.id));
  }

  /** Makes what is stored now the state that {@link backToStart} restores. */
  keepAsStart(): void {
    this.#start = new Map(this.#entities);
  }

  backToStart(): void {
    this.#revision += 1;
    this.#entities = new Map(this.#start);
  }
}

function keyOf(organizationId: string, id: string): string {
  return JSON.stringify([organizationId, id]);
}
