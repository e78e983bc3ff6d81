import type { Create, List, Read } from '../../shapes/crud.js';
import type { DidomiListQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { Dated, JsonObject, OpenText } from '../../shapes/fields.js';

/**
 * A website to scan.
 *
 * @publicApi
 */
export interface ScannedPropertyInput {
  readonly name: string;
  readonly website: string;
  /** `null` for a single scan. */
  readonly schedule?: string | null;
  /** Number of pages to scan. */
  readonly pages_count?: number;
  /** Country the scan runs from: ISO 3166 alpha-2 in lower case. */
  readonly country?: string;
  readonly enabled?: boolean;
  readonly filters?: readonly unknown[];
  readonly disable_anti_bot?: boolean;
  readonly login?: { readonly enabled: boolean; readonly [Field: string]: unknown };
  readonly scenarios?: readonly ScanScenario[];
}

/**
 * What a scan does with the notice of the scanned website.
 *
 * @publicApi
 */
export interface ScanScenario {
  readonly enabled: boolean;
  readonly type: OpenText<'accept_all' | 'refuse_all' | 'no_actions'>;
  readonly scenario_actions: readonly { readonly type: OpenText<'accept' | 'refuse'>; readonly order: number }[];
}

/**
 * A website that Didomi scans.
 *
 * @publicApi
 */
export interface ScannedProperty extends Dated, Partial<ScannedPropertyInput> {
  readonly id: string;
  readonly organization_id?: string;
}

/**
 * The result of a scan of one property.
 *
 * @publicApi
 */
export interface ComplianceReport extends Dated {
  readonly id: string;
  readonly property_id?: string;
  readonly organization_id?: string;
  readonly status?: OpenText<'success' | 'partial' | 'failed' | 'queued' | 'pending'>;
  /** 0 to 100. */
  readonly score?: number;
  readonly trackers_count?: number;
  readonly vendors_count?: number;
  readonly errors?: readonly JsonObject[];
  readonly additional_info?: readonly JsonObject[];
  /** Temporary URLs by file name. Only with `$with`. */
  readonly outputs?: Readonly<Record<string, string>>;
}

type Properties = '/reports/compliances/properties';

/** Documented by examples only. A single report may be wrapped in `data`. */
export interface ComplianceReportsRoutes
  extends
    List<Properties, ScannedProperty>,
    Create<Properties, ScannedProperty, ScannedPropertyInput>,
    Read<Properties, ScannedProperty> {
  'GET /reports/compliances/reports': {
    query: DidomiListQuery<Omit<ComplianceReport, 'outputs'>>;
    response: DidomiPage<ComplianceReport>;
    item: ComplianceReport;
  };
  'POST /reports/compliances/reports': { body: { readonly property_id: string }; response: ComplianceReport };
  'GET /reports/compliances/reports/{id}': {
    query: { readonly $with?: readonly OpenText<'outputs'>[] };
    response: ComplianceReport | { readonly data: ComplianceReport };
  };
}
