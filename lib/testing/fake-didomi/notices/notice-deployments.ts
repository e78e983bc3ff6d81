import { success } from '../basics/envelopes.js';
import { objectOf, requireTexts } from '../basics/inputs.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import { FakeDidomiResource } from '../resources/resource.js';
import type { FakeDidomiNoticeConfigs } from './notice-configs.js';

/**
 * `/widgets/notices/deployments`: publishes a config. A deployment succeeds at once, so that the limit of three in
 * parallel is never met.
 */
export class FakeDidomiNoticeDeployments {
  readonly resource: FakeDidomiResource;
  readonly routes: readonly FakeDidomiRoute[];
  readonly #configs: FakeDidomiNoticeConfigs;

  constructor(clock: () => number, configs: FakeDidomiNoticeConfigs) {
    const resource = new FakeDidomiResource('deployment', clock);
    this.resource = resource;
    this.#configs = configs;
    this.routes = [
      ['GET /widgets/notices/deployments', resource.list],
      ['POST /widgets/notices/deployments', ({ body }) => success(this.#create(objectOf(body, 'deployment')))],
      ['GET /widgets/notices/deployments/{id}', resource.read],
    ];
  }

  #create(input: JsonObject): FakeDidomiEntity {
    requireTexts(input, ['production_config_id']);
    const { production_config_id, notice_id: noticeId, message = '' } = input;
    const config = this.#configs.resource.entities.find(({ id }) => id === production_config_id);
    if (!config) throw FakeDidomiRefusal.field('production_config_id', 'is not the id of a notice config');
    const { organization_id, notice_id } = config;
    if (noticeId !== undefined && noticeId !== notice_id) {
      throw FakeDidomiRefusal.field('notice_id', 'is not the notice of this config');
    }
    this.#configs.deploy(config);
    return this.resource.add({ organization_id, notice_id, production_config_id, message, status: 'success' });
  }
}
