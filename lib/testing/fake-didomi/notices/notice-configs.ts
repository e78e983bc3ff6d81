import { success } from '../basics/envelopes.js';
import { objectOf, requireTexts } from '../basics/inputs.js';
import type { JsonObject } from '../basics/json.js';
import { FakeDidomiRefusal } from '../basics/refusal.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import type { FakeDidomiResponseCache } from '../resources/response-cache.js';
import type { FakeDidomiEntity } from '../resources/collection.js';
import { FakeDidomiResource } from '../resources/resource.js';

const EMPTY_CONFIG = { platform: 'web', default: true, targets: [], config: {}, regulation_configurations: [] };

/**
 * `/widgets/notices/configs`: of each notice one draft, whose `deployed_at` is `null`, and what was published. The header
 * `v` is accepted and changes nothing; `download` answers JSON as well.
 */
export class FakeDidomiNoticeConfigs {
  readonly resource: FakeDidomiResource;
  readonly routes: readonly FakeDidomiRoute[];

  constructor(clock: () => number, cache: FakeDidomiResponseCache) {
    const resource = new FakeDidomiResource('notice config', clock);
    this.resource = resource;
    this.routes = [
      ['GET /widgets/notices/configs', cache.around(resource.entities, resource.list)],
      ['GET /widgets/notices/configs/{id}', resource.read],
      [
        'PATCH /widgets/notices/configs/{id}',
        ({ id, body }) => {
          const config = resource.get(id);
          const { notice_id, deployed_at } = config;
          return success(resource.update(config, { ...objectOf(body, 'config'), notice_id, deployed_at }));
        },
      ],
    ];
  }

  /** The draft of a notice, if it has none yet. */
  addDraft({ id: noticeId, organization_id }: FakeDidomiEntity): void {
    if (!this.#draftOf(noticeId)) this.add({ organization_id, notice_id: noticeId });
  }

  add(input: JsonObject): FakeDidomiEntity {
    requireTexts(input, ['notice_id']);
    if ((input['deployed_at'] ?? null) === null && this.#draftOf(input['notice_id'])) {
      throw FakeDidomiRefusal.of(409, 'The notice has a draft already');
    }
    return this.resource.add({ ...EMPTY_CONFIG, deployed_at: null, ...input });
  }

  /** Publishes a config; a draft makes way for a new one with the same content. */
  deploy(config: FakeDidomiEntity): void {
    const isDraft = config['deployed_at'] === null;
    this.resource.update(config, { deployed_at: this.resource.timestamp() });
    if (!isDraft) return;
    const { id: _id, created_at: _created, updated_at: _updated, version: _version, ...content } = config;
    this.add({ ...content, deployed_at: null });
  }

  removeAll(noticeId: string): void {
    for (const config of this.resource.entities.all()) {
      if (config['notice_id'] === noticeId) this.resource.entities.delete(config);
    }
  }

  #draftOf(noticeId: unknown): FakeDidomiEntity | undefined {
    return this.resource.entities.find((config) => config['notice_id'] === noticeId && config['deployed_at'] === null);
  }
}
