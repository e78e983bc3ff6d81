import type { List, Read } from '../../shapes/crud.js';
import type { Versioned } from '../../shapes/fields.js';

/**
 * The limits of an organization. The response to a request that exceeds one is not documented.
 *
 * @publicApi
 */
export interface Quota extends Versioned {
  readonly id: string;
  readonly organization_id: string;
  /** Requests outside of `/consents/*`, in each window of 15 s by default. */
  readonly api_requests?: number;
  readonly parallel_notices_deployments?: number;
  readonly scraper_enabled_properties?: number;
  /** Pages of one scan. */
  readonly acm_scan_max_pages_per_property?: number;
  readonly exports_configs?: number;
  /** Destinations of one export. */
  readonly exports_destinations?: number;
  /** Reports of a month. */
  readonly consent_proof_reports?: number;
  readonly secrets?: number;
  readonly metadata_purposes?: number;
  readonly metadata_partners?: number;
  readonly delivery_clouds?: number;
  readonly services_per_delivery_cloud?: number;
  readonly regions_per_delivery_cloud?: number;
  readonly domains_per_delivery_cloud?: number;
}

export interface QuotasRoutes extends List<'/quotas', Quota>, Read<'/quotas', Quota> {}
