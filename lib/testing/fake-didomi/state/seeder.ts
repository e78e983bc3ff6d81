import { isJsonObject } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiSeed } from './state.types.js';
import type { FakeDidomiStore } from './store.js';

type Plant = (entity: JsonObject & { readonly organization_id: string }) => unknown;

const TEXTS = ['id', 'organization_id', 'notice_id', 'name'];

/** Puts what a test wants to find into the store, and says what is wrong with it if it cannot. */
export class FakeDidomiSeeder {
  readonly #organizationId: string;
  /** In the order in which they are planted: users before the events that change them. */
  readonly #plants: Readonly<Record<keyof FakeDidomiSeed, Plant>>;

  constructor(organizationId: string, store: FakeDidomiStore) {
    this.#organizationId = organizationId;
    this.#plants = {
      properties: (entity) => store.properties.resource.add({ name: 'Property', type: 'website', ...entity }),
      noticeConfigs: (entity) => store.noticeConfigs.add(entity),
      notices: (entity) => store.notices.add({ name: 'Notice', ...entity }),
      consentUsers: (entity) => store.users.add(entity.organization_id, entity),
      consentEvents: (entity) => store.events.add(entity.organization_id, [entity], () => ''),
      configTrees: (entity) => store.widgets.configTrees.add(entity),
      widgetDeployments: (entity) => store.widgets.deployments.add(entity),
    };
  }

  /** @throws TypeError that names the entity and the field, never a value. */
  plant(seed: FakeDidomiSeed): void {
    const copy = this.#checked(seed);
    for (const [kind, plant] of Object.entries(this.#plants)) {
      for (const [index, entity] of (copy[kind as keyof FakeDidomiSeed] ?? []).entries()) {
        plantOne(`seed.${kind}[${index}]`, () => plant({ organization_id: this.#organizationId, ...entity }));
      }
    }
  }

  /** The seed as JSON would carry it, looked at as a whole before any of it is planted; a copy. */
  #checked(seed: unknown): FakeDidomiSeed {
    if (!isJsonObject(seed)) throw new TypeError('seed must be an object');
    const kinds = Object.keys(this.#plants);
    const entries = Object.entries(seed).filter(([, entities]) => entities !== undefined);
    for (const [kind, entities] of entries) {
      if (!kinds.includes(kind)) throw new TypeError(`seed.${kind} is not known; known are ${kinds.join(', ')}`);
      if (!Array.isArray(entities)) throw new TypeError(`seed.${kind} must be a list`);
      for (const [index, entity] of entities.entries()) checkEntity(`seed.${kind}[${index}]`, entity);
    }
    return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as FakeDidomiSeed;
  }
}

function checkEntity(place: string, entity: unknown): void {
  if (!isJsonObject(entity)) throw new TypeError(`${place} must be an object`);
  for (const field of TEXTS) {
    const value = entity[field];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw new TypeError(`${place}.${field} must be a string that is not empty`);
    }
  }
}

function plantOne(place: string, plant: () => void): void {
  try {
    plant();
  } catch (error) {
    if (!(error instanceof FakeDidomiRefusal)) throw error;
    const [problem] = error.problems;
    throw new TypeError(problem ? `${place}.${problem.field} ${problem.message}` : `${place}: ${error.message}`);
  }
}
