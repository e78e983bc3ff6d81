import type { Crud } from '../../shapes/crud.js';
import type { DidomiListQuery } from '../../shapes/didomi-list-query.js';
import type { DidomiPage } from '../../shapes/didomi-page.interface.js';
import type { Dated, DurationUnit, Versioned } from '../../shapes/fields.js';
import type { ByUrl, ThirdParty } from './metadata-vendors.routes.js';

interface PartnerFields extends ThirdParty {
  readonly category_id: string;
  /** Whom to contact at the partner. */
  readonly contact?: string;
  /** The owner; `null` for a partner of Didomi's own. */
  readonly organization_id?: string | null;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
  readonly namespaces?: PartnerNamespaces;
  /** Purposes on the basis of consent. */
  readonly default_purposes_id?: readonly string[];
  /** Purposes on the basis of legitimate interest. */
  readonly legitimate_interest_purposes_id?: readonly string[];
  /** Purposes with sensitive personal information. */
  readonly spi_purposes_id?: readonly string[];
  /** In {@link cookie_max_duration_unit}. */
  readonly cookie_max_duration?: number;
  readonly cookie_max_duration_unit?: DurationUnit;
  /** Whether it stores data by other means than cookies. */
  readonly uses_non_cookie_access?: boolean;
  /** Kept for notices that use it, not available for others. */
  readonly deprecated?: boolean;
  readonly notes?: string;
}

/**
 * Ids of a partner in the lists of others.
 *
 * @publicApi
 */
export interface PartnerNamespaces {
  /** IAB TCF 1. */
  readonly iab?: string;
  /** IAB TCF 2. */
  readonly iab2?: string;
  /** SDK of Didomi. */
  readonly didomi?: string;
  readonly custom?: string;
  /** Google Ad Manager. */
  readonly google?: string;
}

/**
 * A partner that consent is collected for; notices call it a vendor.
 *
 * @publicApi
 */
export interface Partner extends Versioned, PartnerFields {
  readonly id: string;
  /** Those of the query's URLs that belong to it. */
  readonly urls?: readonly string[];
}

/**
 * A new partner, or new values of an existing one.
 *
 * @publicApi
 */
export interface PartnerInput extends PartnerFields {}

/**
 * A category of partners.
 *
 * @publicApi
 */
export interface PartnerCategory extends Dated {
  readonly id: string;
  readonly name?: string;
}

/**
 * A new category of partners, or new values of an existing one.
 *
 * @publicApi
 */
export interface PartnerCategoryInput {
  readonly id?: string;
  readonly name?: string;
}

export interface PartnersRoutes
  extends
    Omit<Crud<'/metadata/partners', Partner, PartnerInput>, 'GET /metadata/partners'>,
    Crud<'/metadata/partners-categories', PartnerCategory, PartnerCategoryInput> {
  'GET /metadata/partners': {
    query: DidomiListQuery<Partner> & ByUrl;
    response: DidomiPage<Partner>;
    item: Partner;
  };
  /** The reference only says that it takes a partner. */
  'POST /metadata/partners/deprecate': { body: Partial<Partner>; response: Partner };
}
