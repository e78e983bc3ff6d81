import { randomUUID } from 'node:crypto';
import { asObject, asText } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiCollection } from '../resources/collection.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import { mergeConsents, NO_CONSENT_STATUS } from './consent-status.js';

/** What one event, or a direct change of the user, does to the consents under one regulation. */
interface Change {
  readonly eventId: string | undefined;
  readonly regulation: string;
  readonly consents: JsonObject;
}

/** An end user, and the changes that add up to the consent status. */
export interface FakeDidomiUserRecord extends FakeDidomiEntity {
  readonly user: FakeDidomiEntity & { readonly version: number };
  readonly changes: readonly Change[];
}

/** End users as they are stored. */
export class FakeDidomiUserRecords {
  readonly collection = new FakeDidomiCollection<FakeDidomiUserRecord>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  all(): readonly FakeDidomiUserRecord[] {
    return this.collection.all();
  }

  get(organizationId: string, id: string): FakeDidomiUserRecord | undefined {
    return this.collection.get(organizationId, id);
  }

  /** The users that carry the organization's own id; there may be several. */
  withOrganizationUserId(organizationId: string, organizationUserId: string): readonly FakeDidomiUserRecord[] {
    return this.all().filter(
      (record) =>
        record.organization_id === organizationId && record.user['organization_user_id'] === organizationUserId,
    );
  }

  create(organizationId: string, fields: JsonObject): FakeDidomiUserRecord {
    const timestamp = this.#timestamp();
    const id = asText(fields['id']) ?? randomUUID();
    const own = {
      id,
      organization_id: organizationId,
      organization_user_id: fields['organization_user_id'] ?? null,
      metadata: asObject(fields['metadata']),
      version: 1,
      updated_at: timestamp,
    };
    const user = { created_at: timestamp, ...fields, ...own };
    return this.#put({ id, organization_id: organizationId, user, changes: [] });
  }

  update(record: FakeDidomiUserRecord, fields: JsonObject): FakeDidomiUserRecord {
    const { id, organization_id, user } = record;
    const own = {
      id,
      organization_id,
      created_at: user['created_at'],
      metadata: { ...asObject(user['metadata']), ...asObject(fields['metadata']) },
      version: user.version + 1,
      updated_at: this.#timestamp(),
    };
    return this.#put({ ...record, user: { ...user, ...fields, ...own } });
  }

  /** Records a change as the latest one; that of an event already recorded leaves its place in the order. */
  addChange(record: FakeDidomiUserRecord, change: Change): void {
    const others = record.changes.filter(({ eventId }) => eventId === undefined || eventId !== change.eventId);
    this.#put({ ...record, changes: [...others, change] });
  }

  /** Gives the change of an event other consents in the same place of the order. */
  replaceChange(record: FakeDidomiUserRecord, eventId: string, consents: JsonObject): void {
    const changes = record.changes.map((change) => (change.eventId === eventId ? { ...change, consents } : change));
    this.#put({ ...record, changes });
  }

  delete(record: FakeDidomiUserRecord): void {
    this.collection.delete(record);
  }

  #put(record: FakeDidomiUserRecord): FakeDidomiUserRecord {
    this.collection.put(record);
    return record;
  }

  #timestamp(): string {
    return new Date(this.#clock()).toISOString();
  }
}

/** The regulations under which anything was recorded, in the order in which that began. */
export function regulationsOf({ changes }: FakeDidomiUserRecord): readonly string[] {
  return [...new Set(changes.map(({ regulation }) => regulation))];
}

/** The user as Didomi answers it: with the consent status under one regulation. */
export function viewOf({ user, changes }: FakeDidomiUserRecord, regulation: string): FakeDidomiEntity {
  const consents = changes
    .filter((change) => change.regulation === regulation)
    .reduce((status, change) => mergeConsents(status, change.consents), NO_CONSENT_STATUS);
  return { ...user, regulation, consents };
}
