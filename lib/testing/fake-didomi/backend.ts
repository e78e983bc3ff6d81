import { ApiKeys } from './auth/api-keys.js';
import { FakeDidomiAccessTokens } from './auth/access-tokens.js';
import { Organizations } from './auth/organizations.js';
import { success } from './api/route.js';
import { ConsentEvents } from './consents/events.js';
import { Proofs } from './consents/proofs.js';
import { UserRecords } from './consents/user-records.js';
import { ConsentUsers, consentTokenRoutes } from './consents/users.js';
import type { FakeDidomiOptions, FakeDidomiSeed, FakeDidomiState } from './fake-didomi.types.js';
import { Gate, Router } from './http/gate.js';
import { RateLimit } from './http/rate-limit.js';
import { logLine, RequestReceiver } from './http/receiver.js';
import { Notices } from './platform/notices.js';
import { defaultProperties, PrivacyWidgets, Properties, quotaRoutes } from './platform/organization.js';
import type { Collection, Entity } from './resources/collection.js';
import { ResponseCache } from './resources/resource.js';
import { applySeed } from './seed.js';

const DEFAULT_LIFETIME_MS = 3_600_000;

/** Everything behind the socket: builds the parts, connects them, and knows what is stored. */
export class Backend {
  readonly apiKey: string;
  readonly apiKeys: ApiKeys;
  readonly accessTokens: FakeDidomiAccessTokens;
  readonly receiver: RequestReceiver;
  readonly #organizationId: string;
  readonly #organizations: Organizations;
  readonly #rateLimit: RateLimit | undefined;
  readonly #properties: Properties;
  readonly #notices: Notices;
  readonly #widgets: PrivacyWidgets;
  readonly #userRecords: UserRecords;
  readonly #users: ConsentUsers;
  readonly #events: ConsentEvents;
  readonly #proofs = new Proofs();

  /**
   * @param now unlike `clock` is never shifted.
   * @throws TypeError if an option makes no sense.
   */
  constructor(organizationId: string, options: FakeDidomiOptions, now: () => number, clock: () => number) {
    const { apiKey = 'fake-api-key', apiSecret = 'fake-api-secret', rateLimit = {}, seed = {} } = options;
    const cache = new ResponseCache();
    this.#organizationId = organizationId;
    this.#organizations = new Organizations(organizationId, options.organizations ?? []);
    this.apiKey = apiKey;
    this.accessTokens = new FakeDidomiAccessTokens(options.accessTokenLifetimeMs ?? DEFAULT_LIFETIME_MS, clock);
    this.apiKeys = new ApiKeys({ id: apiKey, secret: apiSecret, organizationId }, this.accessTokens, clock);
    this.#rateLimit = rateLimit === false ? undefined : new RateLimit(rateLimit, now);
    this.#properties = new Properties(clock, cache);
    this.#notices = new Notices(clock, cache);
    this.#widgets = new PrivacyWidgets(clock);
    this.#userRecords = new UserRecords(clock);
    this.#events = new ConsentEvents(this.#userRecords, this.#proofs);
    this.#users = new ConsentUsers(this.#userRecords, this.#events);

    this.seed(seed);
    if (seed.properties === undefined) this.seed({ properties: defaultProperties(organizationId) });
    for (const part of this.#resettable()) part.keepAsStart();

    const router = new Router([
      ...this.apiKeys.routes,
      ...this.#properties.routes,
      ...this.#notices.routes,
      ...this.#widgets.routes,
      ...quotaRoutes(organizationId, clock, this.#rateLimit?.limit),
      ...this.#events.routes,
      ...this.#users.routes,
      ...this.#proofs.routes,
      ...consentTokenRoutes(clock),
    ]);
    const gate = new Gate({
      accessTokens: this.accessTokens,
      organizations: this.#organizations,
      rateLimit: this.#rateLimit,
      router,
      allowsUnversionedPaths: options.allowUnversionedPaths ?? false,
    });
    const { log, recordRequests = true } = options;
    this.receiver = new RequestReceiver({
      gate,
      handOut: (accessToken) => this.#handOut(accessToken),
      recordsRequests: recordRequests,
      log: log && ((request, durationMs) => log(logLine(request, durationMs, router, [apiKey, this.apiKeys.secret]))),
      now,
      clock,
    });
  }

  seed(seed: FakeDidomiSeed): void {
    const organizationIds = applySeed(seed, this.#organizationId, {
      properties: (entity) => this.#properties.resource.add({ name: 'Property', type: 'website', ...entity }),
      noticeConfigs: (entity) => this.#notices.addConfig(entity),
      notices: (entity) => this.#notices.addNotice({ name: 'Notice', ...entity }),
      consentUsers: (entity) => this.#users.add(entity.organization_id, entity),
      consentEvents: (entity) => this.#events.add(entity.organization_id, [entity], () => ''),
      configTrees: (entity) => this.#widgets.configTrees.add(entity),
      widgetDeployments: (entity) => this.#widgets.deployments.add(entity),
    });
    for (const id of organizationIds) this.#organizations.add(id);
  }

  /** Copies, so that changing what was read does not change what is stored. */
  state(): FakeDidomiState {
    return structuredClone({
      properties: this.#properties.resource.entities.all(),
      notices: this.#notices.notices.entities.all(),
      noticeConfigs: this.#notices.configs.entities.all(),
      noticeDeployments: this.#notices.deployments.entities.all(),
      consentEvents: this.#events.collection.all(),
      consentUsers: this.#users.all(),
      consentProofs: this.#proofs.collection.all(),
      configTrees: this.#widgets.configTrees.entities.all(),
      widgetDeployments: this.#widgets.deployments.entities.all(),
      apiKeys: this.apiKeys.all(),
    });
  }

  reset(): void {
    this.receiver.forget();
    this.#rateLimit?.clear();
    for (const part of this.#resettable()) part.backToStart();
  }

  #handOut(accessToken: unknown) {
    if (typeof accessToken === 'string') this.accessTokens.adopt(accessToken, this.#organizationId);
    return success({ access_token: accessToken });
  }

  /** What a reset restores. API keys are not among it. */
  #resettable(): readonly Pick<Collection<Entity>, 'keepAsStart' | 'backToStart'>[] {
    return [
      this.#organizations,
      this.#properties.resource.entities,
      this.#notices.notices.entities,
      this.#notices.configs.entities,
      this.#notices.deployments.entities,
      this.#widgets.configTrees.entities,
      this.#widgets.deployments.entities,
      this.#userRecords,
      this.#events.collection,
      this.#proofs.collection,
    ];
  }
}
