import { randomUUID } from 'node:crypto';
import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { objectOf, requireTexts } from '../basics/inputs.js';
import { asText } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiCall } from '../basics/route.js';
import { FakeDidomiCollection } from './collection.js';
import type { FakeDidomiEntity } from './collection.js';
import { offsetList } from './lists.js';

/** What most of Didomi's entities have in common: they are listed, read, created, changed and deleted alike. */
export class FakeDidomiResource {
  readonly entities = new FakeDidomiCollection();
  readonly #name: string;
  readonly #clock: () => number;

  /** @param name of one entity, for messages. */
  constructor(name: string, clock: () => number) {
    this.#name = name;
    this.#clock = clock;
  }

  readonly list = ({ query }: FakeDidomiCall): FakeDidomiAnswer => offsetList(this.entities.all(), query);

  readonly read = ({ id }: FakeDidomiCall): FakeDidomiAnswer => success(this.get(id));

  readonly create = ({ body }: FakeDidomiCall): FakeDidomiAnswer => {
    const input = objectOf(body, this.#name);
    requireTexts(input, ['organization_id', 'name']);
    return success(this.add({ ...input, id: undefined }));
  };

  readonly change = ({ id, body }: FakeDidomiCall): FakeDidomiAnswer =>
    success(this.update(this.get(id), objectOf(body, this.#name)));

  readonly remove = ({ id }: FakeDidomiCall): FakeDidomiAnswer => {
    const entity = this.get(id);
    this.entities.delete(entity);
    return success(entity);
  };

  get(id: string): FakeDidomiEntity {
    const entity = this.entities.find((candidate) => candidate.id === id);
    if (!entity) throw FakeDidomiRefusal.of(404, `No ${this.#name} has this id`);
    return entity;
  }

  /** Stores a new entity under the id in the input, or a random one. */
  add(input: JsonObject): FakeDidomiEntity {
    requireTexts(input, ['organization_id']);
    const id = asText(input['id']) ?? randomUUID();
    if (this.entities.find((known) => known.id === id)) throw FakeDidomiRefusal.of(409, 'This id exists already');
    const timestamp = this.timestamp();
    const times = { created_at: timestamp, updated_at: timestamp, version: 1 };
    const entity = { ...times, ...input, id, organization_id: String(input['organization_id']) };
    this.entities.put(entity);
    return entity;
  }

  /** Changes what the input names, but neither who the entity is nor whose. */
  update(entity: FakeDidomiEntity, input: JsonObject): FakeDidomiEntity {
    const { id, organization_id, created_at, version } = entity;
    const fixed = { id, organization_id, created_at, updated_at: this.timestamp(), version: Number(version) + 1 };
    const updated = { ...entity, ...input, ...fixed };
    this.entities.put(updated);
    return updated;
  }

  timestamp(): string {
    return new Date(this.#clock()).toISOString();
  }
}
