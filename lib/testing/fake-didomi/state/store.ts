import type { FakeDidomiApiKeys } from '../access/api-keys.js';
import type { FakeDidomiCollection } from '../resources/collection.js';
import { FakeDidomiResponseCache } from '../resources/response-cache.js';
import type { FakeDidomiRoute } from '../basics/route.js';
import { FakeDidomiConsentEvents } from '../consents/consent-events.js';
import { FakeDidomiConsentTokens } from '../consents/consent-tokens.js';
import { FakeDidomiConsentUsers } from '../consents/consent-users.js';
import { FakeDidomiEventEffects } from '../consents/event-effects.js';
import { FakeDidomiProofs } from '../consents/proofs.js';
import { FakeDidomiUserRecords } from '../consents/user-records.js';
import { FakeDidomiNoticeConfigs } from '../notices/notice-configs.js';
import { FakeDidomiNoticeDeployments } from '../notices/notice-deployments.js';
import { FakeDidomiNotices } from '../notices/notices.js';
import { FakeDidomiPrivacyWidgets } from '../organization/privacy-widgets.js';
import { FakeDidomiProperties } from '../organization/properties.js';
import type { FakeDidomiState } from './state.types.js';

/** Everything that an application can store in Didomi, and the routes to it. */
export class FakeDidomiStore {
  readonly properties: FakeDidomiProperties;
  readonly notices: FakeDidomiNotices;
  readonly noticeConfigs: FakeDidomiNoticeConfigs;
  readonly noticeDeployments: FakeDidomiNoticeDeployments;
  readonly widgets: FakeDidomiPrivacyWidgets;
  readonly events: FakeDidomiConsentEvents;
  readonly users: FakeDidomiConsentUsers;
  readonly proofs = new FakeDidomiProofs();
  readonly routes: readonly FakeDidomiRoute[];
  readonly #apiKeys: FakeDidomiApiKeys;
  readonly #userRecords: FakeDidomiUserRecords;

  constructor(apiKeys: FakeDidomiApiKeys, clock: () => number) {
    const cache = new FakeDidomiResponseCache();
    this.#apiKeys = apiKeys;
    this.#userRecords = new FakeDidomiUserRecords(clock);
    this.properties = new FakeDidomiProperties(clock, cache);
    this.noticeConfigs = new FakeDidomiNoticeConfigs(clock, cache);
    this.notices = new FakeDidomiNotices(clock, cache, this.noticeConfigs);
    this.noticeDeployments = new FakeDidomiNoticeDeployments(clock, this.noticeConfigs);
    this.widgets = new FakeDidomiPrivacyWidgets(clock);
    this.events = new FakeDidomiConsentEvents(clock, new FakeDidomiEventEffects(this.#userRecords), this.proofs);
    this.users = new FakeDidomiConsentUsers(this.#userRecords, this.events);
    this.routes = [
      ...this.properties.routes,
      ...this.notices.routes,
      ...this.noticeConfigs.routes,
      ...this.noticeDeployments.routes,
      ...this.widgets.routes,
      ...this.events.routes,
      ...this.users.routes,
      ...this.proofs.routes,
      ...new FakeDidomiConsentTokens(clock).routes,
    ];
  }

  /** Copies, so that nobody changes what is stored by what was read. */
  read(): FakeDidomiState {
    return structuredClone({
      properties: this.properties.resource.entities.all(),
      notices: this.notices.resource.entities.all(),
      noticeConfigs: this.noticeConfigs.resource.entities.all(),
      noticeDeployments: this.noticeDeployments.resource.entities.all(),
      consentEvents: this.events.collection.all(),
      consentUsers: this.users.all(),
      consentProofs: this.proofs.collection.all(),
      configTrees: this.widgets.configTrees.entities.all(),
      widgetDeployments: this.widgets.deployments.entities.all(),
      apiKeys: this.#apiKeys.all(),
    });
  }

  /** Makes what is stored now the start to go back to. */
  keepAsStart(): void {
    for (const collection of this.#collections()) collection.keepAsStart();
  }

  backToStart(): void {
    for (const collection of this.#collections()) collection.backToStart();
  }

  #collections(): readonly Pick<FakeDidomiCollection, 'keepAsStart' | 'backToStart'>[] {
    return [
      this.properties.resource.entities,
      this.notices.resource.entities,
      this.noticeConfigs.resource.entities,
      this.noticeDeployments.resource.entities,
      this.widgets.configTrees.entities,
      this.widgets.deployments.entities,
      this.events.collection,
      this.#userRecords.collection,
      this.proofs.collection,
    ];
  }
}
