import { Refusal, success, type Route } from '../api/route.js';
import { objectOf, requireTexts, type JsonObject } from '../api/input.js';
import type { Entity } from '../resources/collection.js';
import { Resource, type ResponseCache } from '../resources/resource.js';

const EMPTY_CONFIG = { platform: 'web', default: true, targets: [], config: {}, regulation_configurations: [] };

/**
 * `/widgets/notices` with their configs and deployments. A notice has one draft config, whose `deployed_at` is `null`,
 * and any number of published ones. The header `v` is accepted and changes nothing; `download` answers JSON as well. A
 * deployment succeeds at once, so the limit of three in parallel is never met.
 */
export class Notices {
  readonly notices: Resource;
  readonly configs: Resource;
  readonly deployments: Resource;
  readonly routes: readonly Route[];

  constructor(clock: () => number, cache: ResponseCache) {
    const notices = new Resource('notice', clock);
    const configs = new Resource('notice config', clock);
    const deployments = new Resource('deployment', clock);
    this.notices = notices;
    this.configs = configs;
    this.deployments = deployments;
    this.routes = [
      ['GET /widgets/notices', cache.list(notices)],
      ['POST /widgets/notices', ({ body }) => success(this.addNotice(notices.newEntity(body)))],
      ['GET /widgets/notices/{id}', notices.read],
      ['PUT /widgets/notices/{id}', notices.change],
      ['PATCH /widgets/notices/{id}', notices.change],
      ['DELETE /widgets/notices/{id}', ({ id }) => success(this.#remove(notices.get(id)))],
      ['GET /widgets/notices/configs', cache.list(configs)],
      ['GET /widgets/notices/configs/{id}', configs.read],
      [
        'PATCH /widgets/notices/configs/{id}',
        ({ id, body }) => {
          const config = configs.get(id);
          const { notice_id, deployed_at } = config;
          return success(configs.update(config, { ...objectOf(body, 'config'), notice_id, deployed_at }));
        },
      ],
      ['GET /widgets/notices/deployments', deployments.list],
      ['POST /widgets/notices/deployments', ({ body }) => success(this.#deploy(objectOf(body, 'deployment')))],
      ['GET /widgets/notices/deployments/{id}', deployments.read],
    ];
  }

  /** Adds a notice, with a draft config unless it has one already. */
  addNotice(input: JsonObject): Entity {
    const notice = this.notices.add({ archived_at: null, ...input });
    const { id, organization_id } = notice;
    if (!this.#draftOf(id)) this.addConfig({ organization_id, notice_id: id });
    return notice;
  }

  addConfig(input: JsonObject): Entity {
    requireTexts(input, ['notice_id']);
    if ((input['deployed_at'] ?? null) === null && this.#draftOf(input['notice_id'])) {
      throw Refusal.of(409, 'The notice has a draft already');
    }
    return this.configs.add({ ...EMPTY_CONFIG, deployed_at: null, ...input });
  }

  #remove(notice: Entity): Entity {
    this.notices.entities.delete(notice);
    for (const config of this.configs.entities.all()) {
      if (config['notice_id'] === notice.id) this.configs.entities.delete(config);
    }
    return notice;
  }

  #deploy(input: JsonObject): Entity {
    requireTexts(input, ['production_config_id']);
    const { production_config_id, notice_id: noticeId, message = '' } = input;
    const config = this.configs.entities.find(({ id }) => id === production_config_id);
    if (!config) throw Refusal.field('production_config_id', 'is not the id of a notice config');
    const { organization_id, notice_id } = config;
    if (noticeId !== undefined && noticeId !== notice_id) {
      throw Refusal.field('notice_id', 'is not the notice of this config');
    }
    this.#publish(config);
    return this.deployments.add({ organization_id, notice_id, production_config_id, message, status: 'success' });
  }

  /** A draft that is published is followed by a new draft with the same content. */
  #publish(config: Entity): void {
    const isDraft = config['deployed_at'] === null;
    this.configs.update(config, { deployed_at: this.configs.timestamp() });
    if (!isDraft) return;
    const { id: _id, created_at: _created, updated_at: _updated, version: _version, ...content } = config;
    this.addConfig({ ...content, deployed_at: null });
  }

  #draftOf(noticeId: unknown): Entity | undefined {
    return this.configs.entities.find((config) => config['notice_id'] === noticeId && config['deployed_at'] === null);
  }
}
