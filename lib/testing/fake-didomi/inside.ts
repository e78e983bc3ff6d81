import { FakeDidomiAccessTokens } from './access/access-tokens.js';
import { FakeDidomiApiKeys } from './access/api-keys.js';
import { FakeDidomiSessions } from './access/sessions.js';
import { FakeDidomiApi } from './api/api.js';
import { FakeDidomiRateLimit } from './api/rate-limit.js';
import { FakeDidomiRouter } from './api/router.js';
import { defaultProperties } from './organization/default-properties.js';
import { FakeDidomiQuotas } from './organization/quotas.js';
import { FakeDidomiTraffic } from './server/traffic.js';
import { FakeDidomiSeeder } from './state/seeder.js';
import { FakeDidomiStore } from './state/store.js';
import type { FakeDidomiOptions } from './types.js';

const DEFAULT_LIFETIME_MS = 3_600_000;

/** Everything behind the socket, put together. */
export class FakeDidomiInside {
  readonly apiKey: string;
  readonly apiKeys: FakeDidomiApiKeys;
  readonly accessTokens: FakeDidomiAccessTokens;
  readonly store: FakeDidomiStore;
  readonly seeder: FakeDidomiSeeder;
  readonly traffic: FakeDidomiTraffic;
  readonly #rateLimit: FakeDidomiRateLimit | undefined;

  /**
   * @param now unlike `clock` is never shifted.
   * @throws TypeError if an option makes no sense.
   */
  constructor(organizationId: string, options: FakeDidomiOptions, now: () => number, clock: () => number) {
    const { apiKey = 'fake-api-key', apiSecret = 'fake-api-secret', rateLimit = {}, seed = {} } = options;
    this.apiKey = apiKey;
    this.apiKeys = new FakeDidomiApiKeys(clock);
    this.apiKeys.add(apiKey, apiSecret, organizationId);
    this.accessTokens = new FakeDidomiAccessTokens(options.accessTokenLifetimeMs ?? DEFAULT_LIFETIME_MS, clock);
    this.#rateLimit = rateLimit === false ? undefined : new FakeDidomiRateLimit(rateLimit, now);

    this.store = new FakeDidomiStore(this.apiKeys, clock);
    this.seeder = new FakeDidomiSeeder(organizationId, this.store);
    this.seeder.plant(seed);
    if (seed.properties === undefined) this.seeder.plant({ properties: defaultProperties(organizationId) });
    this.store.keepAsStart();

    const sessions = new FakeDidomiSessions(this.apiKeys, this.accessTokens);
    const quotas = new FakeDidomiQuotas(organizationId, clock, this.#rateLimit?.limit);
    const router = new FakeDidomiRouter([
      ...sessions.routes,
      ...this.apiKeys.routes,
      ...quotas.routes,
      ...this.store.routes,
    ]);
    const api = new FakeDidomiApi(this.accessTokens, this.#rateLimit, router);
    const handOut = (accessToken: unknown) => sessions.handOut(accessToken, organizationId);
    this.traffic = new FakeDidomiTraffic(api, handOut, now, clock);
    this.traffic.keepsRequests = options.keepsRequests ?? true;
  }

  reset(): void {
    this.traffic.forget();
    this.#rateLimit?.clear();
    this.store.backToStart();
  }
}
