import { randomUUID } from 'node:crypto';
import type { FakeDidomiConsentUsers } from './consent-users.js';
import { failure, invalidFields, success } from './envelopes.js';
import type { FakeDidomiAnswer, FakeDidomiFieldError } from './envelopes.js';
import { isJsonObject } from './json.js';
import type { JsonObject } from './json.js';
import { wantedValues } from './queries.js';
import type { FakeDidomiRequest } from './types.js';

const MAX_BATCH = 100;
const STATUSES: readonly unknown[] = ['confirmed', 'pending_approval'];

interface ConsentEvent extends JsonObject {
  readonly id: string;
  readonly organization_id: string;
  readonly status: string;
  readonly regulation: string;
  readonly user: JsonObject;
}

/** `/consents/events`: the choices that users made, each of which updates its user. */
export class FakeDidomiConsentEvents {
  readonly #clock: () => number;
  readonly #users: FakeDidomiConsentUsers;
  #events: ConsentEvent[] = [];

  constructor(clock: () => number, users: FakeDidomiConsentUsers) {
    this.#clock = clock;
    this.#users = users;
  }

  list(organizationId: string, { query }: FakeDidomiRequest): FakeDidomiAnswer {
    const userId = query.get('user_id');
    const organizationUserId = query.get('organization_user_id');
    if (!userId && !organizationUserId) {
      return invalidFields([{ field: 'user_id', message: 'or organization_user_id is required in the query' }]);
    }
    const statuses = wantedValues(query, 'status', 'confirmed');
    const regulations = wantedValues(query, 'regulation', 'gdpr');
    const linkedIds = organizationUserId ? this.#users.idsOf(organizationId, organizationUserId) : undefined;
    const data = this.#events.filter(
      (event) =>
        event.organization_id === organizationId &&
        statuses.has(event.status) &&
        regulations.has(event.regulation) &&
        (!userId || event.user['id'] === userId) &&
        (!linkedIds || linkedIds.has(String(event.user['id']))),
    );
    return success({ data });
  }

  create(organizationId: string, { body }: FakeDidomiRequest): FakeDidomiAnswer {
    const inputs: readonly unknown[] = Array.isArray(body) ? body : [body];
    if (inputs.length === 0 || inputs.length > MAX_BATCH) {
      return invalidFields([{ field: 'events', message: `must be 1 to ${MAX_BATCH}` }]);
    }
    const errors = inputs.flatMap((input, index) => problemsOf(input, Array.isArray(body) ? `${index}.` : ''));
    if (errors.length > 0) return invalidFields(errors);
    const events = inputs.filter(isJsonObject);
    // Checked before anything is stored, so that a batch is taken as a whole or not at all.
    if (this.#hasDuplicate(organizationId, events)) return failure(409, 'An event with this id exists already');
    const created = events.map((event) => this.#store(organizationId, event));
    return success(Array.isArray(body) ? created : created[0]);
  }

  clear(): void {
    this.#events = [];
  }

  #hasDuplicate(organizationId: string, events: readonly JsonObject[]): boolean {
    const given = events.map((event) => event['id']).filter((id) => typeof id === 'string');
    const unique = new Set(given);
    if (unique.size === 0) return false;
    return (
      unique.size < given.length ||
      this.#events.some((event) => event.organization_id === organizationId && unique.has(event.id))
    );
  }

  #store(organizationId: string, input: JsonObject): ConsentEvent {
    const timestamp = new Date(this.#clock()).toISOString();
    const status = typeof input['status'] === 'string' ? input['status'] : 'confirmed';
    const regulation = typeof input['regulation'] === 'string' ? input['regulation'] : 'gdpr';
    const user = this.#users.apply(organizationId, input, regulation, status);
    const event = {
      ...input,
      id: typeof input['id'] === 'string' ? input['id'] : randomUUID(),
      created_at: input['created_at'] ?? timestamp,
      updated_at: timestamp,
      organization_id: organizationId,
      status,
      regulation,
      user: {
        ...(isJsonObject(input['user']) ? input['user'] : {}),
        id: user.id,
        organization_user_id: user['organization_user_id'],
      },
    };
    this.#events.push(event);
    return event;
  }
}

function problemsOf(event: unknown, prefix: string): FakeDidomiFieldError[] {
  if (!isJsonObject(event)) return [{ field: `${prefix}event`, message: 'must be an object' }];
  const { id, status, user, consents } = event;
  const problems: FakeDidomiFieldError[] = [];
  const expect = (isValid: boolean, field: string, message: string) => {
    if (!isValid) problems.push({ field: prefix + field, message });
  };
  expect(id === undefined || (typeof id === 'string' && id !== ''), 'id', 'must be a string');
  expect(status === undefined || STATUSES.includes(status), 'status', 'must be confirmed or pending_approval');
  expect(user === undefined || isJsonObject(user), 'user', 'must be an object');
  expect(consents === undefined || isJsonObject(consents), 'consents', 'must be an object');
  if (!isJsonObject(consents)) return problems;
  for (const field of ['purposes', 'channels']) {
    expect(isListWithIds(consents[field]), `consents.${field}`, 'must be a list of objects with an id');
  }
  return problems;
}

function isListWithIds(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.every((item) => isJsonObject(item) && typeof item['id'] === 'string');
}
