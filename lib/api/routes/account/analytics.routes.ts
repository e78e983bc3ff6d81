import type { List } from '../../shapes/crud.js';
import type { DidomiPageQuery, DidomiSort } from '../../shapes/didomi-list-query.js';
import type { Dated } from '../../shapes/fields.js';

/** @publicApi */
export interface DashboardUrl {
  readonly id: string;
  readonly name?: string;
  /** Place among the others. */
  readonly order?: number;
  /** Signed: whoever has it sees the dashboard. */
  readonly url: string;
  readonly category?: DashboardCategory;
  readonly type: 'cluvio' | 'redash';
  readonly product: 'cmp' | 'pmp' | 'integration' | 'acm';
  readonly aggregation_period: 'monthly' | 'weekly' | 'daily' | 'hourly';
  readonly description?: string;
  readonly illustration_ref?: string;
}

/** @publicApi */
export type DashboardCategory = 'analytics' | 'home';

interface DashboardUrlsQuery extends DidomiPageQuery {
  readonly category?: DashboardCategory;
  /**
   * @default the `organizationId` of the client
   */
  readonly organization_id?: string;
  readonly $sort?: DidomiSort<Dated>;
}

export interface AnalyticsRoutes extends List<'/analytics/dashboards-urls', DashboardUrl, DashboardUrlsQuery> {}
