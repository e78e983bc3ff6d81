import { randomUUID } from 'node:crypto';
import { Refusal, success, type Answer, type Call, type Handler } from '../api/route.js';
import { asText, objectOf, requireTexts, type JsonObject } from '../api/input.js';
import { Collection, type Entity } from './collection.js';
import { offsetList } from './list.js';

const MAX_CACHED = 1000;

/** What most of Didomi's entities have in common: they are listed, read, created, changed and deleted alike. */
export class Resource {
  readonly entities = new Collection();
  readonly #name: string;
  readonly #clock: () => number;

  /** @param name of one entity, for messages. */
  constructor(name: string, clock: () => number) {
    this.#name = name;
    this.#clock = clock;
  }

  readonly list = ({ query }: Call): Answer => offsetList(this.entities.all(), query);

  readonly read = ({ id }: Call): Answer => success(this.get(id));

  readonly create = ({ body }: Call): Answer => success(this.add(this.newEntity(body)));

  readonly change = ({ id, body }: Call): Answer => success(this.update(this.get(id), objectOf(body, this.#name)));

  readonly remove = ({ id }: Call): Answer => {
    const entity = this.get(id);
    this.entities.delete(entity);
    return success(entity);
  };

  get(id: string): Entity {
    const entity = this.entities.find((candidate) => candidate.id === id);
    if (!entity) throw Refusal.of(404, `No ${this.#name} has this id`);
    return entity;
  }

  /** The body of a request that creates an entity, which does not choose the id. */
  newEntity(body: unknown): JsonObject {
    const input = objectOf(body, this.#name);
    requireTexts(input, ['organization_id', 'name']);
    return { ...input, id: undefined };
  }

  /** Stores a new entity under the id in the input, or a random one. */
  add(input: JsonObject): Entity {
    requireTexts(input, ['organization_id']);
    const id = asText(input['id']) ?? randomUUID();
    if (this.entities.find((known) => known.id === id)) throw Refusal.of(409, 'This id exists already');
    const timestamp = this.timestamp();
    const times = { created_at: timestamp, updated_at: timestamp, version: 1 };
    return this.entities.put({ ...times, ...input, id, organization_id: String(input['organization_id']) });
  }

  /** Changes the given fields; id, organization and date of creation stay. */
  update(entity: Entity, input: JsonObject): Entity {
    const { id, organization_id, created_at, version } = entity;
    const fixed = {
      id,
      organization_id,
      created_at,
      updated_at: this.timestamp(),
      version: (Number(version) || 0) + 1,
    };
    return this.entities.put({ ...entity, ...input, ...fixed });
  }

  timestamp(): string {
    return new Date(this.#clock()).toISOString();
  }
}

/**
 * Tells of lists whether Didomi would have answered from its cache, which it purges when the data changes. Which lists
 * Didomi caches is not documented; the fake does so with properties, notices and notice configs.
 */
export class ResponseCache {
  readonly #revisions = new Map<string, number>();

  /** The list of a resource, with the headers of the cache. */
  list({ entities, list }: Resource): Handler {
    return (call) => {
      const answer = list(call);
      const key = keyOf(call);
      const isHit = this.#revisions.get(key) === entities.revision;
      this.#remember(key, entities.revision);
      return { ...answer, headers: { 'X-DidomiCacheEnabled': 'true', 'X-DidomiCacheHit': String(isHit) } };
    };
  }

  /** Of more than it can hold, the list asked for least recently is forgotten. */
  #remember(key: string, revision: number): void {
    this.#revisions.delete(key);
    const [oldest] = this.#revisions.keys();
    if (oldest !== undefined && this.#revisions.size >= MAX_CACHED) this.#revisions.delete(oldest);
    this.#revisions.set(key, revision);
  }
}

function keyOf({ organizationId, path, query }: Call): string {
  const ordered = new URLSearchParams(query);
  ordered.sort();
  return JSON.stringify([organizationId, path, ordered.toString()]);
}
