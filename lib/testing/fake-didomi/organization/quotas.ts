import type { FakeDidomiRoute } from '../basics/route.js';
import { FakeDidomiResource } from '../resources/resource.js';

/** The numbers that Didomi documents; the fake holds nobody to them, the rate limit excepted. */
const DEFAULTS = {
  scraper_enabled_properties: 250,
  parallel_notices_deployments: 3,
  exports_configs: 3,
  exports_destinations: 2,
  consent_proof_reports: 10,
  secrets: 300,
  metadata_partners: 500,
  metadata_purposes: 300,
};

/** `/quotas`: what an organization may use up, all of it in one entity. */
export class FakeDidomiQuotas {
  readonly routes: readonly FakeDidomiRoute[];

  /** @param apiRequests per window of the rate limit. */
  constructor(organizationId: string, clock: () => number, apiRequests = 100) {
    const resource = new FakeDidomiResource('quota', clock);
    const fields = { id: `quota-${organizationId}`, organization_id: organizationId, api_requests: apiRequests };
    resource.add({ ...fields, ...DEFAULTS });
    this.routes = [
      ['GET /quotas', resource.list],
      ['GET /quotas/{id}', resource.read],
    ];
  }
}
