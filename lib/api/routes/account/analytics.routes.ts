import type { List } from '../../shapes/crud.js';
import type { DidomiPageQuery, DidomiSort } from '../../shapes/didomi-list-query.js';
import type { Dated } from '../../shapes/fields.js';

/**
 * A dashboard of analytics, with a signed URL that opens it.
 *
 * @publicApi
 */
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
  /** URL of an illustration. */
  readonly illustration_ref?: string;
}

/**
 * A group of dashboards, such as those of one page of the console.
 *
 * @publicApi
 */
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
