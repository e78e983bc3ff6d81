import { randomUUID } from 'node:crypto';
import { mergeConsents, NO_CONSENT_STATUS } from './consent-status.js';
import type { FakeDidomiConsentStatus } from './consent-status.js';
import { failure, invalidFields, success } from './envelopes.js';
import type { FakeDidomiAnswer } from './envelopes.js';
import { isJsonObject } from './json.js';
import type { JsonObject } from './json.js';
import { wantedValues, wholeNumber } from './queries.js';
import type { FakeDidomiRequest } from './types.js';

const PAGE_SIZE = 100;

interface User extends JsonObject {
  readonly id: string;
  readonly organization_id: string;
  readonly version: number;
}

interface StoredUser {
  user: User;
  readonly consentsByRegulation: Map<string, FakeDidomiConsentStatus>;
}

/** `/consents/users`: end users and the consent status that their events add up to. */
export class FakeDidomiConsentUsers {
  readonly #clock: () => number;
  readonly #stored = new Map<string, StoredUser>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  list(organizationId: string, { query }: FakeDidomiRequest): FakeDidomiAnswer {
    const regulations = [...wantedValues(query, 'regulation', 'gdpr')];
    const organizationUserId = query.get('organization_user_id');
    const found = [...this.#stored.values()]
      .filter(({ user }) => user.organization_id === organizationId)
      .filter(({ user }) => organizationUserId === null || user['organization_user_id'] === organizationUserId)
      .flatMap((stored) => regulations.filter((r) => stored.consentsByRegulation.has(r)).map((r) => view(stored, r)));
    const start = wholeNumber(query, '$cursor', 0);
    const next = start + PAGE_SIZE;
    return success({
      data: found.slice(start, next),
      limit: PAGE_SIZE,
      cursor: next < found.length ? String(next) : null,
    });
  }

  create(organizationId: string, { body }: FakeDidomiRequest): FakeDidomiAnswer {
    if (!isJsonObject(body)) return invalidFields([{ field: 'user', message: 'must be an object' }]);
    if (typeof body['id'] === 'string' && this.#stored.has(keyOf(organizationId, body['id']))) {
      return failure(409, 'A user with this id exists already');
    }
    const { consents, ...fields } = body;
    const stored = this.#save(organizationId, undefined, fields);
    stored.consentsByRegulation.set('gdpr', mergeConsents(NO_CONSENT_STATUS, isJsonObject(consents) ? consents : {}));
    return success(view(stored, 'gdpr'));
  }

  /** Creates or updates the user that an event names, a random one if it names none, and returns it. */
  apply(organizationId: string, event: JsonObject, regulation: string, status: string): User {
    const fields = isJsonObject(event['user']) ? event['user'] : {};
    const stored = this.#save(organizationId, this.#find(organizationId, fields), fields);
    const current = stored.consentsByRegulation.get(regulation) ?? NO_CONSENT_STATUS;
    // Choices that still await approval must not show as given.
    const update = status === 'confirmed' && isJsonObject(event['consents']) ? event['consents'] : {};
    stored.consentsByRegulation.set(regulation, mergeConsents(current, update));
    return stored.user;
  }

  /** Didomi's ids of the users that carry the organization's own id; there may be several. */
  idsOf(organizationId: string, organizationUserId: string): ReadonlySet<string> {
    const users = [...this.#stored.values()].map(({ user }) => user);
    return new Set(
      users
        .filter((user) => user.organization_id === organizationId)
        .filter((user) => user['organization_user_id'] === organizationUserId)
        .map(({ id }) => id),
    );
  }

  clear(): void {
    this.#stored.clear();
  }

  #find(organizationId: string, { id, organization_user_id: organizationUserId }: JsonObject): StoredUser | undefined {
    if (typeof id === 'string') return this.#stored.get(keyOf(organizationId, id));
    if (typeof organizationUserId !== 'string') return undefined;
    const [knownId] = this.idsOf(organizationId, organizationUserId);
    return knownId === undefined ? undefined : this.#stored.get(keyOf(organizationId, knownId));
  }

  #save(organizationId: string, known: StoredUser | undefined, fields: JsonObject): StoredUser {
    const timestamp = new Date(this.#clock()).toISOString();
    const stored = known ?? { user: newUser(organizationId, fields, timestamp), consentsByRegulation: new Map() };
    const { user } = stored;
    stored.user = {
      ...user,
      ...fields,
      id: user.id,
      organization_id: organizationId,
      // An organization user id is given once; a later event does not move the user to another.
      organization_user_id: user['organization_user_id'] ?? fields['organization_user_id'] ?? null,
      metadata: { ...asObject(user['metadata']), ...asObject(fields['metadata']) },
      version: known ? user.version + 1 : user.version,
      updated_at: timestamp,
    };
    this.#stored.set(keyOf(organizationId, user.id), stored);
    return stored;
  }
}

function newUser(organizationId: string, { id }: JsonObject, timestamp: string): User {
  return {
    id: typeof id === 'string' ? id : randomUUID(),
    organization_id: organizationId,
    version: 1,
    created_at: timestamp,
  };
}

function view({ user, consentsByRegulation }: StoredUser, regulation: string): JsonObject {
  return { ...user, regulation, consents: consentsByRegulation.get(regulation) };
}

function keyOf(organizationId: string, id: string): string {
  return JSON.stringify([organizationId, id]);
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
