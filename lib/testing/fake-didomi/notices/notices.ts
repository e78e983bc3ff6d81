import { success } from '../basics/envelopes.js';
import { objectOf, requireTexts } from '../basics/inputs.js';
import type { JsonObject } from '../basics/json.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiResponseCache } from '../resources/response-cache.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import { FakeDidomiResource } from '../resources/resource.js';
import type { FakeDidomiNoticeConfigs } from './notice-configs.js';

/** `/widgets/notices`: a new notice has one draft config, and its configs go together with it. */
export class FakeDidomiNotices {
  readonly resource: FakeDidomiResource;
  readonly routes: readonly FakeDidomiRoute[];
  readonly #configs: FakeDidomiNoticeConfigs;

  constructor(clock: () => number, cache: FakeDidomiResponseCache, configs: FakeDidomiNoticeConfigs) {
    const resource = new FakeDidomiResource('notice', clock);
    this.resource = resource;
    this.#configs = configs;
    this.routes = [
      ['GET /widgets/notices', cache.around(resource.entities, resource.list)],
      ['POST /widgets/notices', ({ body }) => success(this.#create(objectOf(body, 'notice')))],
      ['GET /widgets/notices/{id}', resource.read],
      ['PUT /widgets/notices/{id}', resource.change],
      ['PATCH /widgets/notices/{id}', resource.change],
      ['DELETE /widgets/notices/{id}', ({ id }) => success(this.#remove(resource.get(id)))],
    ];
  }

  add(input: JsonObject): FakeDidomiEntity {
    const notice = this.resource.add({ archived_at: null, ...input });
    this.#configs.addDraft(notice);
    return notice;
  }

  #create(input: JsonObject): FakeDidomiEntity {
    requireTexts(input, ['organization_id', 'name']);
    return this.add({ ...input, id: undefined });
  }

  #remove(notice: FakeDidomiEntity): FakeDidomiEntity {
    this.resource.entities.delete(notice);
    this.#configs.removeAll(notice.id);
    return notice;
  }
}
