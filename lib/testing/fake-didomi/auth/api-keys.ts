import { randomBytes, randomUUID } from 'node:crypto';
import { failure, Refusal, success, type Answer, type Call, type Route } from '../api/route.js';
import { asObject, asText, objectOf, requireTexts, type JsonObject } from '../api/input.js';
import type { Entity } from '../resources/collection.js';
import { offsetList } from '../resources/list.js';
import { Resource } from '../resources/resource.js';
import type { FakeDidomiAccessTokens } from './access-tokens.js';

/** The API key that the options name. */
interface OwnApiKey {
  readonly id: string;
  readonly secret: string;
  readonly organizationId: string;
}

/**
 * `/keys`, the API keys, and `/sessions`, which exchanges one for an access token. API secrets are kept apart from the
 * keys, so that no list can hold one.
 */
export class ApiKeys {
  readonly routes: readonly Route[];
  readonly #own: OwnApiKey;
  readonly #resource: Resource;
  readonly #accessTokens: FakeDidomiAccessTokens;
  readonly #secrets = new Map<string, string>();

  constructor(own: OwnApiKey, accessTokens: FakeDidomiAccessTokens, clock: () => number) {
    const resource = new Resource('API key', clock);
    this.#own = own;
    this.#resource = resource;
    this.#accessTokens = accessTokens;
    this.routes = [
      ['POST /sessions', ({ body }) => this.#createSession(asObject(body))],
      ['GET /keys', ({ query }) => this.#list(query)],
      ['POST /keys', (call) => this.#create(call)],
      ['GET /keys/{id}', resource.read],
      ['PUT /keys/{id}', (call) => this.#change(call)],
      ['PATCH /keys/{id}', (call) => this.#change(call)],
      ['DELETE /keys/{id}', (call) => this.#remove(call)],
    ];
    this.#add(own.id, own.secret, own.organizationId);
  }

  /** Every key that exists, without the API secrets. */
  all(): readonly Entity[] {
    return this.#resource.entities.all();
  }

  /** Whether the own API key obtains access tokens. */
  get isEnabled(): boolean {
    return this.#find(this.#own.id)?.['enabled'] === true;
  }

  disable(): void {
    const apiKey = this.#find(this.#own.id);
    if (apiKey) this.#resource.entities.put({ ...apiKey, enabled: false });
  }

  /** Also brings the own API key back if it was deleted. */
  enable(): void {
    const { id, organizationId } = this.#own;
    const apiKey = this.#find(id) ?? this.#add(id, this.secret, organizationId);
    this.#resource.entities.put({ ...apiKey, enabled: true });
  }

  /** The API secret of the own API key. */
  get secret(): string {
    return this.#secrets.get(this.#own.id) ?? '';
  }

  set secret(secret: string) {
    this.#secrets.set(this.#own.id, secret);
  }

  #add(id: string, secret: string, organizationId: string, fields: JsonObject = {}): Entity {
    const { name = 'API key', description = '', is_internal = false } = fields;
    const entity = { id, organization_id: organizationId, name, description, is_internal, enabled: true };
    const apiKey = this.#resource.entities.put({ ...entity, created_at: this.#resource.timestamp() });
    this.#secrets.set(id, secret);
    return apiKey;
  }

  #createSession(input: JsonObject): Answer {
    requireTexts(input, ['type', 'key', 'secret']);
    if (input['type'] !== 'api-key') throw Refusal.field('type', 'must be api-key');
    const id = String(input['key']);
    const apiKey = this.#find(id);
    if (apiKey?.['enabled'] !== true || this.#secrets.get(id) !== input['secret']) {
      return failure(400, 'Invalid authentication information');
    }
    return success({ access_token: this.#accessTokens.issue(apiKey.organization_id) });
  }

  #list(query: URLSearchParams): Answer {
    const wantsInternal = query.has('is_internal');
    return offsetList(
      this.all().filter((apiKey) => wantsInternal || apiKey['is_internal'] !== true),
      query,
    );
  }

  #create({ body, organizationId }: Call): Answer {
    const input = objectOf(body, 'key');
    const secret = randomBytes(32).toString('base64url');
    const { is_internal, name, description } = input;
    const fields = { name, description, is_internal: is_internal === true };
    const apiKey = this.#add(randomUUID(), secret, asText(input['organization_id']) ?? organizationId, fields);
    const { id, organization_id, created_at, enabled } = apiKey;
    return success({ id, organization_id, created_at, enabled, secret });
  }

  #change({ id, body }: Call): Answer {
    const apiKey = this.#resource.get(id);
    const input = objectOf(body, 'key');
    const { name = apiKey['name'], description = apiKey['description'], enabled = apiKey['enabled'] } = input;
    if (typeof enabled !== 'boolean') throw Refusal.field('enabled', 'must be true or false');
    return success(this.#resource.entities.put({ ...apiKey, name, description, enabled }));
  }

  #remove(call: Call): Answer {
    const answer = this.#resource.remove(call);
    // That of the own key is needed if a test enables it again.
    if (call.id !== this.#own.id) this.#secrets.delete(call.id);
    return answer;
  }

  #find(id: string): Entity | undefined {
    return this.#resource.entities.find((apiKey) => apiKey.id === id);
  }
}
