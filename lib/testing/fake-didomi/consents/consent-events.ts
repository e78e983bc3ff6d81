import { randomUUID } from 'node:crypto';
import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { objectOf, organizationIn, refuseIfAny } from '../basics/inputs.js';
import { asObject, asText } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { wantedValues } from '../basics/queries.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiCall, FakeDidomiRoute } from '../basics/route.js';
import { FakeDidomiCollection } from '../resources/collection.js';
import { filtersOf, passes } from '../resources/filters.js';
import type { FakeDidomiConsentEvent, FakeDidomiEventEffects } from './event-effects.js';
import { DEFAULT_REGULATION, problemsOfEvent } from './consent-inputs.js';
import type { FakeDidomiProofs } from './proofs.js';

const MAX_BATCH = 100;

/** What a PATCH may change. */
const CHANGEABLE = ['status', 'consents', 'proofs_id', 'proofs', 'delegate'];

const NO_CONTENT: FakeDidomiAnswer = { status: 204, body: '' };

/**
 * `/consents/events`: the choices that users made, each of which updates its user. Where the documentation is silent,
 * this is likely: a batch is taken as a whole or not at all, and an id that exists already is answered with a 409.
 */
export class FakeDidomiConsentEvents {
  readonly collection = new FakeDidomiCollection<FakeDidomiConsentEvent>();
  readonly routes: readonly FakeDidomiRoute[] = [
    ['GET /consents/events', (call) => this.#list(call)],
    ['POST /consents/events', (call) => this.#create(call)],
    ['DELETE /consents/events', (call) => this.#removeMany(call)],
    ['GET /consents/events/{id}', (call) => success(this.#get(call))],
    ['PATCH /consents/events/{id}', (call) => this.#change(call)],
    ['DELETE /consents/events/{id}', (call) => this.#remove([this.#get(call)])],
  ];
  readonly #clock: () => number;
  readonly #effects: FakeDidomiEventEffects;
  readonly #proofs: FakeDidomiProofs;

  constructor(clock: () => number, effects: FakeDidomiEventEffects, proofs: FakeDidomiProofs) {
    this.#clock = clock;
    this.#effects = effects;
    this.#proofs = proofs;
  }

  /** Checks all events before it stores the first. */
  add(organizationId: string, inputs: readonly unknown[], prefixOf: (index: number) => string) {
    refuseIfAny(inputs.flatMap((input, index) => problemsOfEvent(input, prefixOf(index))));
    const events = inputs.map(asObject);
    const ids = events.map((event) => asText(event['id'])).filter((id) => id !== undefined);
    if (new Set(ids).size < ids.length || ids.some((id) => this.collection.get(organizationId, id))) {
      throw FakeDidomiRefusal.of(409, 'An event with this id exists already');
    }
    const proofs = events.map((event, index) => this.#proofs.read(event['proofs'], `${prefixOf(index)}proofs`));
    return events.map((event, index) => this.#store(organizationId, event, proofs[index] ?? []));
  }

  forgetUser(organizationId: string, userId: string): void {
    for (const event of this.collection.all()) {
      if (event.organization_id === organizationId && event.user.id === userId) this.collection.delete(event);
    }
  }

  #list({ query }: FakeDidomiCall): FakeDidomiAnswer {
    const statuses = wantedValues(query, 'status', 'confirmed');
    const regulations = wantedValues(query, 'regulation', DEFAULT_REGULATION);
    const data = this.#ofUserIn(query).filter(
      ({ status, regulation }) => statuses.has(status) && regulations.has(regulation),
    );
    return success({ data });
  }

  #create({ query, body }: FakeDidomiCall): FakeDidomiAnswer {
    const organizationId = organizationIn(query);
    if (!Array.isArray(body)) return success(this.add(organizationId, [body], () => '')[0]);
    if (body.length === 0 || body.length > MAX_BATCH) {
      throw FakeDidomiRefusal.field('events', `must be 1 to ${MAX_BATCH}`);
    }
    return success(this.add(organizationId, body, (index) => `${index}.`));
  }

  #change(call: FakeDidomiCall): FakeDidomiAnswer {
    const event = this.#get(call);
    const input = objectOf(call.body, 'event');
    refuseIfAny(problemsOfEvent(input));
    const changes = Object.fromEntries(Object.entries(input).filter(([field]) => CHANGEABLE.includes(field)));
    const proofs = this.#proofs.read(changes['proofs'], 'proofs');
    const changed = this.#withProofs({ ...event, ...changes, updated_at: this.#timestamp() }, proofs);
    this.#effects.change(event, changed);
    this.collection.put(changed);
    return success(changed);
  }

  #removeMany({ query }: FakeDidomiCall): FakeDidomiAnswer {
    const filters = filtersOf(query, ['organization_id', 'user_id', 'organization_user_id']);
    const events = this.#ofUserIn(query);
    if (filters.length === 0) throw FakeDidomiRefusal.field('filters', 'are required besides the user');
    return this.#remove(events.filter((event) => passes(event, filters)));
  }

  #remove(events: readonly FakeDidomiConsentEvent[]): FakeDidomiAnswer {
    for (const event of events) {
      this.collection.delete(event);
      this.#effects.undo(event);
    }
    return NO_CONTENT;
  }

  #get({ id, query }: FakeDidomiCall): FakeDidomiConsentEvent {
    const event = this.#ofUserIn(query).find((candidate) => candidate.id === id);
    if (!event) throw FakeDidomiRefusal.of(404, 'This user has no event with this id');
    return event;
  }

  /** The events of the organization and the user in the query, which has to name both. */
  #ofUserIn(query: URLSearchParams): readonly FakeDidomiConsentEvent[] {
    const organizationId = organizationIn(query);
    const isOfUser = this.#effects.isOfUserIn(query);
    return this.collection.all().filter((event) => event.organization_id === organizationId && isOfUser(event));
  }

  #store(organizationId: string, input: JsonObject, proofs: readonly string[]): FakeDidomiConsentEvent {
    const timestamp = this.#timestamp();
    const event = {
      ...input,
      id: asText(input['id']) ?? randomUUID(),
      created_at: input['created_at'] ?? timestamp,
      updated_at: timestamp,
      organization_id: organizationId,
      status: asText(input['status']) ?? 'confirmed',
      regulation: asText(input['regulation']) ?? DEFAULT_REGULATION,
    };
    const stored = this.#withProofs({ ...event, user: this.#effects.apply(event) }, proofs);
    this.collection.put(stored);
    return stored;
  }

  /** Proofs are sent as files and kept by their ids. */
  #withProofs(event: FakeDidomiConsentEvent, files: readonly string[]): FakeDidomiConsentEvent {
    const { proofs, ...rest } = event;
    if (proofs === undefined) return event;
    const known = Array.isArray(event['proofs_id']) ? (event['proofs_id'] as unknown[]) : [];
    const added = files.map((file) => this.#proofs.add(event.organization_id, file, 'proofs').id);
    return { ...(rest as FakeDidomiConsentEvent), proofs_id: [...known, ...added] };
  }

  #timestamp(): string {
    return new Date(this.#clock()).toISOString();
  }
}
