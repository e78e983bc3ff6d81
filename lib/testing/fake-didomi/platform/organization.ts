import type { JsonObject } from '../api/input.js';
import type { Route } from '../api/route.js';
import { bareList } from '../resources/list.js';
import { Resource, type ResponseCache } from '../resources/resource.js';

const SEEDED_TIMES = { created_at: '2024-01-15T09:00:00.000Z', updated_at: '2024-06-03T14:30:00.000Z' };

/** The quotas that Didomi documents; the fake enforces none of them but the rate limit. */
const QUOTAS = {
  scraper_enabled_properties: 250,
  parallel_notices_deployments: 3,
  exports_configs: 3,
  exports_destinations: 2,
  consent_proof_reports: 10,
  secrets: 300,
  metadata_partners: 500,
  metadata_purposes: 300,
};

/** `/properties`: websites and apps. */
export class Properties {
  readonly resource: Resource;
  readonly routes: readonly Route[];

  constructor(clock: () => number, cache: ResponseCache) {
    const resource = new Resource('property', clock);
    this.resource = resource;
    this.routes = [
      ['GET /properties', cache.list(resource)],
      ['POST /properties', resource.create],
      ['GET /properties/{id}', resource.read],
    ];
  }
}

/** Three properties of the organization, and one of another organization to be filtered out. */
export function defaultProperties(organizationId: string): readonly JsonObject[] {
  const partner = { organization_id: `${organizationId}-partner`, name: 'Partner website', type: 'website' };
  return [
    { id: 'property-website', name: 'Website', type: 'website', ...SEEDED_TIMES },
    { id: 'property-ios', name: 'iOS app', type: 'app', ...SEEDED_TIMES },
    { id: 'property-android', name: 'Android app', type: 'app', ...SEEDED_TIMES },
    { id: 'property-partner', ...partner, ...SEEDED_TIMES },
  ];
}

/** `/config-trees` and `/widgets/deployments`: the lists of privacy widgets, which come without an envelope. */
export class PrivacyWidgets {
  readonly configTrees: Resource;
  readonly deployments: Resource;
  readonly routes: readonly Route[];

  constructor(clock: () => number) {
    const configTrees = new Resource('config tree', clock);
    const deployments = new Resource('widget deployment', clock);
    this.configTrees = configTrees;
    this.deployments = deployments;
    this.routes = [
      ['GET /config-trees', ({ query }) => bareList(configTrees.entities.all(), query)],
      ['GET /widgets/deployments', ({ query }) => bareList(deployments.entities.all(), query)],
    ];
  }
}

/**
 * `/quotas`: all quotas of the organization, in one entity.
 *
 * @param apiRequests per window of the rate limit.
 */
export function quotaRoutes(organizationId: string, clock: () => number, apiRequests = 100): readonly Route[] {
  const resource = new Resource('quota', clock);
  const ids = { id: `quota-${organizationId}`, organization_id: organizationId };
  resource.add({ ...ids, api_requests: apiRequests, ...QUOTAS });
  return [
    ['GET /quotas', resource.list],
    ['GET /quotas/{id}', resource.read],
  ];
}
