import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { objectOf, organizationIn, refuseIfAny } from '../basics/inputs.js';
import { asText, isJsonObject } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { wantedValues, wholeNumber } from '../basics/queries.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiCall, FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import type { FakeDidomiConsentEvents } from './consent-events.js';
import { DEFAULT_REGULATION, problemsOfConsents } from './consent-inputs.js';
import { regulationsOf, viewOf } from './user-records.js';
import type { FakeDidomiUserRecord, FakeDidomiUserRecords } from './user-records.js';

const PAGE_SIZE = 100;

/**
 * `/consents/users`: end users and the consent status that their events add up to. Where the documentation is silent,
 * this is likely: an old `version` is answered with a 409, and the events of a user are deleted with the user.
 * `$include_full_tree` changes nothing but the rate limit, since what it does to the answer is not known.
 */
export class FakeDidomiConsentUsers {
  readonly routes: readonly FakeDidomiRoute[] = [
    ['GET /consents/users', (call) => this.#list(call)],
    ['POST /consents/users', ({ query, body }) => success(this.add(organizationIn(query), objectOf(body, 'user')))],
    ['GET /consents/users/{id}', (call) => success(viewOf(this.#get(call), regulationIn(call)))],
    ['PATCH /consents/users/{id}', (call) => this.#change(call)],
    ['DELETE /consents/users/{id}', (call) => this.#remove(call)],
  ];
  readonly #records: FakeDidomiUserRecords;
  readonly #events: FakeDidomiConsentEvents;

  constructor(records: FakeDidomiUserRecords, events: FakeDidomiConsentEvents) {
    this.#records = records;
    this.#events = events;
  }

  /** Every user, once for each regulation under which anything is recorded. */
  all(): readonly FakeDidomiEntity[] {
    return this.#records
      .all()
      .flatMap((record) => regulationsOf(record).map((regulation) => viewOf(record, regulation)));
  }

  add(organizationId: string, input: JsonObject): FakeDidomiEntity {
    const { consents = {}, ...fields } = input;
    refuseIfAny(problemsOfConsents(consents));
    const id = asText(input['id']);
    if (id !== undefined && this.#records.get(organizationId, id)) {
      throw FakeDidomiRefusal.of(409, 'A user with this id exists already');
    }
    return this.#apply(this.#records.create(organizationId, fields), consents, asText(input['regulation']));
  }

  #list({ query }: FakeDidomiCall): FakeDidomiAnswer {
    const organizationId = organizationIn(query);
    const regulations = wantedValues(query, 'regulation', DEFAULT_REGULATION);
    const organizationUserId = query.get('organization_user_id');
    const found = this.#records
      .all()
      .filter((record) => record.organization_id === organizationId)
      .filter(({ user }) => organizationUserId === null || user['organization_user_id'] === organizationUserId)
      .flatMap((record) => regulationsOf(record).map((regulation) => ({ record, regulation })))
      .filter(({ regulation }) => regulations.has(regulation));
    const start = wholeNumber(query, '$cursor', 0);
    const next = start + PAGE_SIZE;
    return success({
      data: found.slice(start, next).map(({ record, regulation }) => viewOf(record, regulation)),
      limit: PAGE_SIZE,
      cursor: next < found.length ? String(next) : null,
    });
  }

  #change(call: FakeDidomiCall): FakeDidomiAnswer {
    const record = this.#get(call);
    const { consents, version, ...fields } = objectOf(call.body, 'user');
    refuseIfAny(problemsOfConsents(consents));
    // Optimistic locking: whoever read an older version would undo what happened since.
    if (version !== undefined && version !== record.user.version) {
      throw FakeDidomiRefusal.of(409, 'The user has changed: this version is not the current one');
    }
    return success(this.#apply(this.#records.update(record, fields), consents, regulationIn(call)));
  }

  #remove(call: FakeDidomiCall): FakeDidomiAnswer {
    const record = this.#get(call);
    this.#records.delete(record);
    this.#events.forgetUser(record.organization_id, record.id);
    return success(viewOf(record, regulationIn(call)));
  }

  #apply(record: FakeDidomiUserRecord, consents: unknown, regulation = DEFAULT_REGULATION): FakeDidomiEntity {
    if (isJsonObject(consents)) this.#records.addChange(record, { eventId: undefined, regulation, consents });
    return viewOf(this.#records.get(record.organization_id, record.id) ?? record, regulation);
  }

  #get({ id, query }: FakeDidomiCall): FakeDidomiUserRecord {
    const organizationId = organizationIn(query);
    const isOwnId = query.get('$by_organization_user_id') === 'true';
    const [record] = isOwnId
      ? this.#records.withOrganizationUserId(organizationId, id)
      : [this.#records.get(organizationId, id)];
    if (!record) throw FakeDidomiRefusal.of(404, 'No user has this id');
    return record;
  }
}

function regulationIn({ query }: FakeDidomiCall): string {
  return query.get('regulation') ?? DEFAULT_REGULATION;
}
