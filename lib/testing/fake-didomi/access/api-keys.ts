import { randomBytes, randomUUID } from 'node:crypto';
import { success } from '../basics/envelopes.js';
import type { FakeDidomiAnswer } from '../basics/envelopes.js';
import { objectOf } from '../basics/inputs.js';
import { asText } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiCall, FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import { offsetList } from '../resources/lists.js';
import { FakeDidomiResource } from '../resources/resource.js';

/** `/keys`: the API keys of the organization. Their API secrets are kept apart, so that no list can hold one. */
export class FakeDidomiApiKeys {
  readonly routes: readonly FakeDidomiRoute[];
  readonly #resource: FakeDidomiResource;
  readonly #secrets = new Map<string, string>();

  constructor(clock: () => number) {
    const resource = new FakeDidomiResource('API key', clock);
    this.#resource = resource;
    this.routes = [
      ['GET /keys', ({ query }) => this.#list(query)],
      ['POST /keys', (call) => this.#create(call)],
      ['GET /keys/{id}', resource.read],
      ['PUT /keys/{id}', (call) => this.#change(call)],
      ['PATCH /keys/{id}', (call) => this.#change(call)],
      ['DELETE /keys/{id}', resource.remove],
    ];
  }

  /** Every key that exists, without the API secrets. */
  all(): readonly FakeDidomiEntity[] {
    return this.#resource.entities.all();
  }

  add(id: string, secret: string, organizationId: string, fields: JsonObject = {}): FakeDidomiEntity {
    this.#secrets.set(id, secret);
    const { name = 'API key', description = '', is_internal = false } = fields;
    const entity = { id, organization_id: organizationId, name, description, is_internal, enabled: true };
    return this.#store({ ...entity, created_at: this.#resource.timestamp() });
  }

  /** The key if it is enabled and the API secret is its own. */
  authenticate(id: string, secret: string): FakeDidomiEntity | undefined {
    const apiKey = this.#find(id);
    return apiKey?.['enabled'] === true && this.#secrets.get(id) === secret ? apiKey : undefined;
  }

  isEnabled(id: string): boolean {
    return this.#find(id)?.['enabled'] === true;
  }

  disable(id: string): void {
    const apiKey = this.#find(id);
    if (apiKey) this.#store({ ...apiKey, enabled: false });
  }

  secretOf(id: string): string {
    return this.#secrets.get(id) ?? '';
  }

  setSecret(id: string, secret: string): void {
    this.#secrets.set(id, secret);
  }

  /** Also brings back a key that was deleted. */
  enable(id: string, organizationId: string): void {
    const apiKey = this.#find(id);
    if (apiKey) this.#store({ ...apiKey, enabled: true });
    else this.add(id, this.secretOf(id), organizationId);
  }

  #list(query: URLSearchParams): FakeDidomiAnswer {
    const wantsInternal = query.has('is_internal');
    return offsetList(
      this.all().filter((apiKey) => wantsInternal || apiKey['is_internal'] !== true),
      query,
    );
  }

  #create({ body, organizationId }: FakeDidomiCall): FakeDidomiAnswer {
    const input = objectOf(body, 'key');
    const secret = randomBytes(32).toString('base64url');
    const { is_internal, name, description } = input;
    const fields = { name, description, is_internal: is_internal === true };
    const apiKey = this.add(randomUUID(), secret, asText(input['organization_id']) ?? organizationId, fields);
    return success({ ...apiKey, secret });
  }

  #change({ id, body }: FakeDidomiCall): FakeDidomiAnswer {
    const apiKey = this.#resource.get(id);
    const input = objectOf(body, 'key');
    const { name = apiKey['name'], description = apiKey['description'], enabled = apiKey['enabled'] } = input;
    if (typeof enabled !== 'boolean') throw FakeDidomiRefusal.field('enabled', 'must be true or false');
    return success(this.#store({ ...apiKey, name, description, enabled }));
  }

  #find(id: string): FakeDidomiEntity | undefined {
    return this.#resource.entities.find((apiKey) => apiKey.id === id);
  }

  #store(apiKey: FakeDidomiEntity): FakeDidomiEntity {
    this.#resource.entities.put(apiKey);
    return apiKey;
  }
}
