import type { DidomiCursorPage } from '../../shapes/didomi-page.interface.js';
import type { ConsentChoices } from './consent-choices.interface.js';
import type {
  FullTree,
  OfOrganization,
  Regulation,
  UserDetails,
  UserIdentity,
  WriteConsents,
} from './consent-terms.js';

/**
 * A user and their current choices. Whether several users can share an `organization_user_id` depends on the organization.
 *
 * @publicApi
 */
export interface ConsentUser extends UserDetails {
  /** Didomi's id. */
  readonly id: string;
  readonly organization_id: string;
  /** The organization's own id, such as an e-mail address. */
  readonly organization_user_id?: string;
  readonly organization_user_id_type?: string;
  /** Revision number for optimistic locking: a PATCH with an outdated one is refused. */
  readonly version: number;
  /** ISO 8601. */
  readonly created_at: string;
  /** ISO 8601. */
  readonly updated_at: string;
  readonly consents?: ConsentChoices;
}

/**
 * A new user. Didomi recommends recording events instead, which create users.
 *
 * @publicApi
 */
export type ConsentUserInput = UserIdentity & UserDetails & ConsentUserContent;

/**
 * Changes of a user.
 *
 * @publicApi
 */
export type ConsentUserChanges = UserDetails & {
  readonly organization_user_id?: string;
  /** The `version` that the changes are based on. */
  readonly version?: number;
} & Pick<ConsentUserContent, 'consents'>;

interface ConsentUserContent {
  /** Filled in from the request or the client if absent. */
  readonly organization_id?: string;
  readonly version?: number;
  readonly consents?: ConsentChoices;
}

interface ById extends OfOrganization {
  /**
   * Whether `id` in the path is the organization's own id.
   *
   * @default false
   */
  readonly $by_organization_user_id?: boolean;
}

export interface ConsentUsersRoutes {
  'GET /consents/users': {
    query: OfOrganization &
      FullTree & {
        readonly organization_user_id?: string;
        readonly regulation?: Regulation;
        /** The `cursor` of the previous page. */
        readonly $cursor?: string;
        readonly $limit?: number;
      };
    response: DidomiCursorPage<ConsentUser>;
    item: ConsentUser;
  };
  'POST /consents/users': { query: OfOrganization & WriteConsents; body: ConsentUserInput; response: ConsentUser };
  'GET /consents/users/{id}': { query: ById & FullTree; response: ConsentUser };
  'PATCH /consents/users/{id}': { query: ById & WriteConsents; body: ConsentUserChanges; response: ConsentUser };
  'DELETE /consents/users/{id}': { query: ById; response: ConsentUser };
}
