import type { JsonObject, OpenText } from '../../shapes/fields.js';

/**
 * Id of a regulation. If absent, Didomi uses `gdpr`, for reading as well as for writing.
 *
 * @publicApi
 */
export type Regulation = OpenText<'gdpr' | 'cpra' | 'cpa' | 'ctdpa' | 'vcdpa'>;

/**
 * A third party that acted on behalf of the user.
 *
 * @publicApi
 */
export interface ConsentDelegate {
  readonly id: string;
  readonly name?: string;
  /** Free-form. */
  readonly metadata?: JsonObject;
}

/**
 * Identifies a user by Didomi's id, the organization's, or both. Without any, Didomi would create a random user.
 */
export type UserIdentity =
  | { readonly id: string; readonly organization_user_id?: string }
  | { readonly id?: string; readonly organization_user_id: string };

/** Details of a user. */
export interface UserDetails {
  /** Free-form; merged with the existing metadata. */
  readonly metadata?: JsonObject;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
  /** ISO 3166 alpha-2. */
  readonly last_seen_country?: string;
}

/** Selects one user in a query, by exactly one id. */
export type ByUser =
  | { readonly user_id: string; readonly organization_user_id?: never }
  | { readonly organization_user_id: string; readonly user_id?: never };

/** `organization_id` in the query. */
export interface OfOrganization {
  /**
   * @default the `organizationId` of the client
   */
  readonly organization_id?: string;
}

export interface FullTree {
  /**
   * Returns the full tree of purposes and preferences, in a shape that is not typed here. Counts against the rate limit, unlike
   * other requests to `/consents`.
   */
  readonly $include_full_tree?: boolean;
}

export interface WriteConsents {
  /** Generates a TCF consent string. Requires `iab.tcf.cmp_id` in the event. */
  readonly $generate_tcfcs?: boolean;
  /** Does not notify integrations such as webhooks. */
  readonly $disable_integrations?: boolean;
}
