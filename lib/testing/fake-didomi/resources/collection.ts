import type { JsonObject } from '../basics/json.js';

/** Anything that Didomi keeps under an id. */
export interface FakeDidomiEntity extends JsonObject {
  readonly id: string;
  readonly organization_id: string;
}

/** The entities of one kind, in the order in which they were created. They are replaced, never changed. */
export class FakeDidomiCollection<T extends FakeDidomiEntity = FakeDidomiEntity> {
  #revision = 0;
  #entities = new Map<string, T>();
  #start: ReadonlyMap<string, T> = new Map();

  /** Grows with every change, so that who remembers an answer knows whether it still holds. */
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

  /** Adds the entity, or puts it in the place of the one with its id. */
  put(entity: T): void {
    this.#revision += 1;
    this.#entities.set(keyOf(entity.organization_id, entity.id), entity);
  }

  delete(entity: T): void {
    this.#revision += 1;
    this.#entities.delete(keyOf(entity.organization_id, entity.id));
  }

  /** Makes what is there now the start to go back to. */
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
