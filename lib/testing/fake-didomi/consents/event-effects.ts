import { asObject, asText } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import type { FakeDidomiUserRecord, FakeDidomiUserRecords } from './user-records.js';

/** An event whose user is not found yet. */
interface NewEvent extends FakeDidomiEntity {
  readonly status: string;
  readonly regulation: string;
}

export interface FakeDidomiConsentEvent extends NewEvent {
  readonly user: JsonObject & { readonly id: string };
}

/** What events do to their users. */
export class FakeDidomiEventEffects {
  readonly #records: FakeDidomiUserRecords;

  constructor(records: FakeDidomiUserRecords) {
    this.#records = records;
  }

  /** Creates or updates the user that a new event names, a random one if it names none, and returns whose it is. */
  apply(event: NewEvent): FakeDidomiConsentEvent['user'] {
    const fields = asObject(event['user']);
    const known = this.#find(event.organization_id, fields);
    const record = known ? this.#updated(known, fields) : this.#records.create(event.organization_id, fields);
    const { id: eventId, regulation } = event;
    this.#records.addChange(record, { eventId, regulation, consents: consentsOf(event) });
    return { ...fields, id: record.id, organization_user_id: record.user['organization_user_id'] };
  }

  /** A choice that is confirmed later counts from then on: it wins over what was chosen in between. */
  change(before: FakeDidomiConsentEvent, after: FakeDidomiConsentEvent): void {
    const record = this.#recordOf(after);
    const consents = consentsOf(after);
    const { id: eventId, regulation } = after;
    if (before.status !== after.status) this.#records.addChange(record, { eventId, regulation, consents });
    else this.#records.replaceChange(record, eventId, consents);
  }

  /** As if the event had never happened; what it told about the user besides the consents stays. */
  undo(event: FakeDidomiConsentEvent): void {
    this.#records.replaceChange(this.#recordOf(event), event.id, {});
  }

  /** Whose events a query is about: it has to name the user by Didomi's id or by the organization's own. */
  isOfUserIn(query: URLSearchParams): (event: FakeDidomiConsentEvent) => boolean {
    const userId = query.get('user_id');
    const organizationUserId = query.get('organization_user_id');
    if (!userId && !organizationUserId) {
      throw FakeDidomiRefusal.field('user_id', 'or organization_user_id is required in the query');
    }
    const organizationId = query.get('organization_id') ?? '';
    const linkedIds = organizationUserId
      ? new Set(this.#records.withOrganizationUserId(organizationId, organizationUserId).map(({ id }) => id))
      : undefined;
    return ({ user }) => (!userId || user.id === userId) && (!linkedIds || linkedIds.has(user.id));
  }

  #find(organizationId: string, { id, organization_user_id }: JsonObject): FakeDidomiUserRecord | undefined {
    const userId = asText(id);
    if (userId !== undefined) return this.#records.get(organizationId, userId);
    const organizationUserId = asText(organization_user_id);
    if (organizationUserId === undefined) return undefined;
    return this.#records.withOrganizationUserId(organizationId, organizationUserId)[0];
  }

  #updated(record: FakeDidomiUserRecord, fields: JsonObject): FakeDidomiUserRecord {
    // An organization user id is given once; a later event does not move the user to another.
    const organization_user_id = record.user['organization_user_id'] ?? fields['organization_user_id'] ?? null;
    return this.#records.update(record, { ...fields, organization_user_id });
  }

  /** The user with a new version, since the consent status is about to change. */
  #recordOf({ organization_id, user }: FakeDidomiConsentEvent): FakeDidomiUserRecord {
    const record = this.#records.get(organization_id, user.id);
    if (!record) throw new Error('The user of an event is gone');
    return this.#records.update(record, {});
  }
}

/** Choices that still await approval must not show as given. */
function consentsOf({ status, consents }: NewEvent): JsonObject {
  return status === 'confirmed' ? asObject(consents) : {};
}
