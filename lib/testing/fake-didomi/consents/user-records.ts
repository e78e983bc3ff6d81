import { randomUUID } from 'node:crypto';
import { Refusal } from '../api/route.js';
import { asObject, asText, type JsonObject } from '../api/input.js';
import { Collection, type Entity } from '../resources/collection.js';
import { mergeConsents, NO_CONSENT_STATUS } from './consents.js';

/** In characters of JSON. A list repeats a user for each regulation, so users must stay well below the limit of all. */
const MAX_USER_SIZE = 1024 * 1024;

/** What one event, or a direct change of the user, does to the consents under one regulation. */
interface Change {
  readonly eventId: string | undefined;
  readonly regulation: string;
  readonly consents: JsonObject;
  /** Characters of JSON, counted once: a user may have many thousands of changes. */
  readonly size: number;
}

/** An end user, and the changes that add up to the consent status. */
export interface UserRecord extends Entity {
  readonly user: Entity & { readonly version: number };
  readonly changes: readonly Change[];
}

/** An event whose user is not resolved yet. */
interface NewEvent extends Entity {
  readonly status: string;
  readonly regulation: string;
}

export interface ConsentEvent extends NewEvent {
  readonly user: JsonObject & { readonly id: string };
}

/** End users as they are stored, and what events do to them. */
export class UserRecords extends Collection<UserRecord> {
  readonly #clock: () => number;

  constructor(clock: () => number) {
    super();
    this.#clock = clock;
  }

  /** The users that carry the organization's own id; there may be several. */
  withOrganizationUserId(organizationId: string, organizationUserId: string): readonly UserRecord[] {
    return this.all().filter(
      (record) =>
        record.organization_id === organizationId && record.user['organization_user_id'] === organizationUserId,
    );
  }

  create(organizationId: string, fields: JsonObject): UserRecord {
    const timestamp = this.timestamp();
    const id = asText(fields['id']) ?? randomUUID();
    const own = {
      id,
      organization_id: organizationId,
      metadata: asObject(fields['metadata']),
      version: 1,
      updated_at: timestamp,
    };
    const user = { created_at: timestamp, ...withOwnId(fields, fields['organization_user_id']), ...own };
    return this.put({ id, organization_id: organizationId, user: checked(user), changes: [] });
  }

  update(record: UserRecord, fields: JsonObject): UserRecord {
    const { id, organization_id, user } = record;
    const own = {
      id,
      organization_id,
      created_at: user['created_at'],
      metadata: { ...asObject(user['metadata']), ...asObject(fields['metadata']) },
      version: user.version + 1,
      updated_at: this.timestamp(),
    };
    return this.put({ ...record, user: checked({ ...user, ...fields, ...own }) });
  }

  /** Records a change as the latest one; that of an event already recorded loses its place in the order. */
  addChange(record: UserRecord, change: Change): UserRecord {
    const others = record.changes.filter(({ eventId }) => eventId === undefined || eventId !== change.eventId);
    return this.put({ ...record, changes: [...others, change] });
  }

  /** Creates or updates the user that a new event names, a random one if it names none, and returns whose it is. */
  applyEvent(event: NewEvent): ConsentEvent['user'] {
    const fields = asObject(event['user']);
    const known = this.#find(event.organization_id, fields);
    // An organization user id is given once; a later event does not move the user to another.
    const ownId = known?.user['organization_user_id'] ?? fields['organization_user_id'];
    const named = withOwnId(fields, ownId);
    const record = known ? this.update(known, named) : this.create(event.organization_id, named);
    this.addChange(record, changeOf(event));
    return { ...named, id: record.id };
  }

  /** An event that is confirmed later counts from then on: it wins over what was chosen in between. */
  changeEvent(before: ConsentEvent, after: ConsentEvent): void {
    const record = this.#nextVersion(after);
    if (before.status !== after.status) this.addChange(record, changeOf(after));
    else this.#replaceChange(record, changeOf(after));
  }

  /** As if the event had never happened; what it told about the user besides the consents stays. */
  undoEvent(event: ConsentEvent): void {
    this.#replaceChange(this.#nextVersion(event), changeBy(event.id, event.regulation, {}));
  }

  timestamp(): string {
    return new Date(this.#clock()).toISOString();
  }

  protected override sizeOf({ user, changes }: UserRecord): number {
    return changes.reduce((sum, { size }) => sum + size, JSON.stringify(user).length);
  }

  #find(organizationId: string, fields: JsonObject): UserRecord | undefined {
    const id = asText(fields['id']);
    if (id !== undefined) return this.get(organizationId, id);
    const organizationUserId = asText(fields['organization_user_id']);
    if (organizationUserId === undefined) return undefined;
    return this.withOrganizationUserId(organizationId, organizationUserId)[0];
  }

  /** The user of an event with a new version, since the consent status is about to change. */
  #nextVersion({ organization_id, user }: ConsentEvent): UserRecord {
    const record = this.get(organization_id, user.id);
    if (!record) throw new Error('The user of an event is gone');
    return this.update(record, {});
  }

  /** Gives the change of an event other consents in the same place of the order. */
  #replaceChange(record: UserRecord, replacement: Change): void {
    const changes = record.changes.map((change) => (change.eventId === replacement.eventId ? replacement : change));
    this.put({ ...record, changes });
  }
}

/** The field is absent without the organization's own id, never `null`. */
function withOwnId({ organization_user_id: _given, ...fields }: JsonObject, ownId: unknown): JsonObject {
  return ownId === undefined || ownId === null ? fields : { ...fields, organization_user_id: ownId };
}

/** Choices that still await approval must not show as given. */
function changeOf({ id, regulation, status, consents }: NewEvent): Change {
  return changeBy(id, regulation, status === 'confirmed' ? asObject(consents) : {});
}

/** @param eventId `undefined` for a direct change of the user. */
export function changeBy(eventId: string | undefined, regulation: string, consents: JsonObject): Change {
  return { eventId, regulation, consents, size: JSON.stringify(consents).length };
}

function checked<T extends UserRecord['user']>(user: T): T {
  if (JSON.stringify(user).length > MAX_USER_SIZE) throw Refusal.of(413, 'A user must not exceed 1 MB');
  return user;
}

/** The regulations under which anything was recorded, in the order in which that began. */
export function regulationsOf({ changes }: UserRecord): readonly string[] {
  return [...new Set(changes.map(({ regulation }) => regulation))];
}

/** The user as Didomi answers it: with the consent status under one regulation. */
export function viewOf({ user, changes }: UserRecord, regulation: string): Entity {
  const consents = changes
    .filter((change) => change.regulation === regulation)
    .reduce((status, change) => mergeConsents(status, change.consents), NO_CONSENT_STATUS);
  return { ...user, regulation, consents };
}
