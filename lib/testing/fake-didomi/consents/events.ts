import { randomUUID } from 'node:crypto';
import { Refusal, success, type Answer, type Call, type Route } from '../api/route.js';
import {
  asObject,
  asText,
  objectOf,
  organizationIn,
  refuseIfAny,
  wantedValues,
  type JsonObject,
} from '../api/input.js';
import { Collection } from '../resources/collection.js';
import { filtersOf, passes } from '../resources/list.js';
import { DEFAULT_REGULATION, errorsOfEvent } from './consents.js';
import type { Proofs } from './proofs.js';
import type { ConsentEvent, UserRecords } from './user-records.js';

const MAX_BATCH = 100;

/** What a PATCH may change. */
const CHANGEABLE = ['status', 'consents', 'proofs_id', 'proofs', 'delegate'];

const NO_CONTENT: Answer = { status: 204, body: '' };

/**
 * `/consents/events`: the choices that users made, each of which updates its user. Where the documentation is silent,
 * this is likely: a batch is accepted as a whole or not at all, and an id that exists already is answered with a 409.
 */
export class ConsentEvents {
  readonly collection = new Collection<ConsentEvent>();
  readonly routes: readonly Route[] = [
    ['GET /consents/events', (call) => this.#list(call)],
    ['POST /consents/events', (call) => this.#create(call)],
    ['DELETE /consents/events', (call) => this.#removeMany(call)],
    ['GET /consents/events/{id}', (call) => success(this.#get(call))],
    ['PATCH /consents/events/{id}', (call) => this.#change(call)],
    ['DELETE /consents/events/{id}', (call) => this.#remove([this.#get(call)])],
  ];
  readonly #users: UserRecords;
  readonly #proofs: Proofs;

  constructor(users: UserRecords, proofs: Proofs) {
    this.#users = users;
    this.#proofs = proofs;
  }

  /** Checks all events before it stores the first. */
  add(organizationId: string, inputs: readonly unknown[], prefixOf: (index: number) => string) {
    refuseIfAny(inputs.flatMap((input, index) => errorsOfEvent(input, prefixOf(index))));
    const events = inputs.map(asObject);
    const ids = events.map((event) => asText(event['id'])).filter((id) => id !== undefined);
    if (new Set(ids).size < ids.length || ids.some((id) => this.collection.get(organizationId, id))) {
      throw Refusal.of(409, 'An event with this id exists already');
    }
    const proofs = events.map((event, index) => this.#proofs.read(event['proofs'], `${prefixOf(index)}proofs`));
    return events.map((event, index) => this.#store(organizationId, event, proofs[index] ?? []));
  }

  forgetUser(organizationId: string, userId: string): void {
    for (const event of this.collection.all()) {
      if (event.organization_id === organizationId && event.user.id === userId) this.collection.delete(event);
    }
  }

  #list({ query }: Call): Answer {
    const statuses = wantedValues(query, 'status', 'confirmed');
    const regulations = wantedValues(query, 'regulation', DEFAULT_REGULATION);
    const data = this.#ofUserIn(query).filter(
      ({ status, regulation }) => statuses.has(status) && regulations.has(regulation),
    );
    return success({ data });
  }

  #create({ query, body }: Call): Answer {
    const organizationId = organizationIn(query);
    if (!Array.isArray(body)) return success(this.add(organizationId, [body], () => '')[0]);
    if (body.length === 0 || body.length > MAX_BATCH) throw Refusal.field('events', `must be 1 to ${MAX_BATCH}`);
    return success(this.add(organizationId, body, (index) => `${index}.`));
  }

  #change(call: Call): Answer {
    const event = this.#get(call);
    const input = objectOf(call.body, 'event');
    refuseIfAny(errorsOfEvent(input));
    const changes = Object.fromEntries(Object.entries(input).filter(([field]) => CHANGEABLE.includes(field)));
    const proofs = this.#proofs.read(changes['proofs'], 'proofs');
    const changed = this.#withProofs({ ...event, ...changes, updated_at: this.#users.timestamp() }, proofs);
    this.#users.changeEvent(event, changed);
    return success(this.collection.put(changed));
  }

  #removeMany({ query }: Call): Answer {
    const filters = filtersOf(query, ['organization_id', 'user_id', 'organization_user_id']);
    const events = this.#ofUserIn(query);
    if (filters.length === 0) throw Refusal.field('filters', 'are required besides the user');
    return this.#remove(events.filter((event) => passes(event, filters)));
  }

  #remove(events: readonly ConsentEvent[]): Answer {
    for (const event of events) {
      this.collection.delete(event);
      this.#users.undoEvent(event);
    }
    return NO_CONTENT;
  }

  #get({ id, query }: Call): ConsentEvent {
    const event = this.#ofUserIn(query).find((candidate) => candidate.id === id);
    if (!event) throw Refusal.of(404, 'This user has no event with this id');
    return event;
  }

  /** The events of the organization and the user in the query, which has to name both, the user by either id. */
  #ofUserIn(query: URLSearchParams): readonly ConsentEvent[] {
    const organizationId = organizationIn(query);
    const userId = query.get('user_id');
    const organizationUserId = query.get('organization_user_id');
    if (!userId && !organizationUserId) {
      throw Refusal.field('user_id', 'or organization_user_id is required in the query');
    }
    const linkedIds = organizationUserId
      ? new Set(this.#users.withOrganizationUserId(organizationId, organizationUserId).map(({ id }) => id))
      : undefined;
    return this.collection
      .all()
      .filter(({ organization_id, user }) => organization_id === organizationId && (!userId || user.id === userId))
      .filter(({ user }) => !linkedIds || linkedIds.has(user.id));
  }

  #store(organizationId: string, input: JsonObject, proofs: readonly string[]): ConsentEvent {
    const timestamp = this.#users.timestamp();
    const event = {
      consents: {},
      ...input,
      id: asText(input['id']) ?? randomUUID(),
      created_at: input['created_at'] ?? timestamp,
      updated_at: timestamp,
      organization_id: organizationId,
      status: asText(input['status']) ?? 'confirmed',
      regulation: asText(input['regulation']) ?? DEFAULT_REGULATION,
    };
    return this.collection.put(this.#withProofs({ ...event, user: this.#users.applyEvent(event) }, proofs));
  }

  /** Proofs are sent as files and kept by their ids. */
  #withProofs(event: ConsentEvent, files: readonly string[]): ConsentEvent {
    const { proofs, ...rest } = event;
    if (proofs === undefined) return event;
    const known = Array.isArray(event['proofs_id']) ? (event['proofs_id'] as unknown[]) : [];
    const added = files.map((file) => this.#proofs.add(event.organization_id, file, 'proofs').id);
    return { ...(rest as ConsentEvent), proofs_id: [...known, ...added] };
  }
}
