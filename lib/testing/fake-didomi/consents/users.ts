import { randomUUID } from 'node:crypto';
import { Refusal, success, type Answer, type Call, type Route } from '../api/route.js';
import {
  asText,
  isJsonObject,
  objectOf,
  organizationIn,
  refuseIfAny,
  requireTexts,
  wantedValues,
  wholeNumber,
  type JsonObject,
} from '../api/input.js';
import { JwtSigner } from '../auth/access-tokens.js';
import type { Entity } from '../resources/collection.js';
import { DEFAULT_REGULATION, errorsOfConsents } from './consents.js';
import type { ConsentEvents } from './events.js';
import { changeBy, regulationsOf, viewOf, type UserRecord, type UserRecords } from './user-records.js';

const PAGE_SIZE = 100;
const DEFAULT_TOKEN_LIFETIME_SECONDS = 900;

/**
 * `/consents/users`: end users and the consent status that their events add up to. Where the documentation is silent,
 * this is likely: an old `version` is answered with a 409, and the events of a user are deleted with the user.
 * `$include_full_tree` changes nothing but the rate limit, since what it does to the answer is not known.
 */
export class ConsentUsers {
  readonly routes: readonly Route[] = [
    ['GET /consents/users', (call) => this.#list(call)],
    ['POST /consents/users', ({ query, body }) => success(this.add(organizationIn(query), objectOf(body, 'user')))],
    ['GET /consents/users/{id}', (call) => success(viewOf(this.#get(call), regulationIn(call)))],
    ['PATCH /consents/users/{id}', (call) => this.#change(call)],
    ['DELETE /consents/users/{id}', (call) => this.#remove(call)],
  ];
  readonly #records: UserRecords;
  readonly #events: ConsentEvents;

  constructor(records: UserRecords, events: ConsentEvents) {
    this.#records = records;
    this.#events = events;
  }

  /** Every user, once for each regulation under which anything is recorded. */
  all(): readonly Entity[] {
    return this.#records
      .all()
      .flatMap((record) => regulationsOf(record).map((regulation) => viewOf(record, regulation)));
  }

  add(organizationId: string, input: JsonObject): Entity {
    const { consents = {}, ...fields } = input;
    refuseIfAny(errorsOfConsents(consents));
    const id = asText(input['id']);
    if (id !== undefined && this.#records.get(organizationId, id)) {
      throw Refusal.of(409, 'A user with this id exists already');
    }
    return this.#apply(this.#records.create(organizationId, fields), consents, asText(input['regulation']));
  }

  #list({ query }: Call): Answer {
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

  #change(call: Call): Answer {
    const record = this.#get(call);
    const { consents, version, ...fields } = objectOf(call.body, 'user');
    refuseIfAny(errorsOfConsents(consents));
    // Optimistic locking: a writer with an older version would undo what happened since.
    if (version !== undefined && version !== record.user.version) {
      throw Refusal.of(409, 'The user has changed: this version is not the current one');
    }
    return success(this.#apply(this.#records.update(record, fields), consents, regulationIn(call)));
  }

  #remove(call: Call): Answer {
    const record = this.#get(call);
    this.#records.delete(record);
    this.#events.forgetUser(record.organization_id, record.id);
    return success(viewOf(record, regulationIn(call)));
  }

  #apply(record: UserRecord, consents: unknown, regulation = DEFAULT_REGULATION): Entity {
    const change = isJsonObject(consents) ? changeBy(undefined, regulation, consents) : undefined;
    return viewOf(change ? this.#records.addChange(record, change) : record, regulation);
  }

  #get({ id, query }: Call): UserRecord {
    const organizationId = organizationIn(query);
    const isOwnId = query.get('$by_organization_user_id') === 'true';
    const [record] = isOwnId
      ? this.#records.withOrganizationUserId(organizationId, id)
      : [this.#records.get(organizationId, id)];
    if (!record) throw Refusal.of(404, 'No user has this id');
    return record;
  }
}

function regulationIn({ query }: Call): string {
  return query.get('regulation') ?? DEFAULT_REGULATION;
}

/**
 * `/consents/tokens`: gives an end user's browser access to the user's own consents. The organization may be named in
 * the query or in the body. The fake does not serve the routes that accept an `id_token`.
 */
export function consentTokenRoutes(clock: () => number): readonly Route[] {
  const signer = new JwtSigner();
  const create = ({ query, body }: Call): Answer => {
    const input = objectOf(body, 'token');
    const organizationId = input['organization_id'] ?? query.get('organization_id');
    requireTexts({ ...input, organization_id: organizationId }, ['organization_id', 'organization_user_id']);
    const { lifetime = DEFAULT_TOKEN_LIFETIME_SECONDS } = input;
    if (!Number.isInteger(lifetime) || Number(lifetime) < 1) {
      throw Refusal.field('lifetime', 'must be a whole number of seconds above 0');
    }
    const iat = Math.floor(clock() / 1000);
    const user = { organization_id: organizationId, organization_user_id: input['organization_user_id'] };
    const claims = { iat, exp: iat + Number(lifetime), jti: randomUUID(), ...user };
    return success({ ...input, ...user, lifetime, id_token: signer.sign(claims) });
  };
  return [['POST /consents/tokens', create]];
}
