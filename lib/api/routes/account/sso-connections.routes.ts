import type { Change, Create, List } from '../../shapes/crud.js';
import type { Dated, Owned } from '../../shapes/fields.js';

interface Saml {
  /** The public certificate. */
  readonly auth0_certificate: string;
  /** Domains of e-mail addresses whose users are sent to this identity provider. */
  readonly auth0_domain_aliases?: readonly string[];
  /** Where users are sent to sign in. */
  readonly auth0_sign_in_endpoint: string;
  /** Where users are sent when they sign out. */
  readonly auth0_sign_out_endpoint?: string;
  /** Whether SAML requests are signed. */
  readonly auth0_sign_saml_request?: boolean;
}

/**
 * A connection to an organization's own identity provider.
 *
 * @publicApi
 */
export interface SsoConnection extends Dated, Partial<Saml> {
  readonly id: string;
  /** Id at Auth0. */
  readonly auth0_connection_id?: string;
  /** Unique. */
  readonly auth0_connection_name?: string;
  readonly organization_group_id?: string;
}

/**
 * A new connection.
 *
 * @publicApi
 */
export interface SsoConnectionInput extends Owned, Saml {}

/**
 * Changes of a connection.
 *
 * @publicApi
 */
export interface SsoConnectionChanges extends Owned, Partial<Saml> {}

interface SsoConnectionsQuery {
  /**
   * @default the `organizationId` of the client
   */
  readonly organization_id?: string;
}

export interface SsoConnectionsRoutes
  extends
    List<'/sso-connections', SsoConnection, SsoConnectionsQuery>,
    Create<'/sso-connections', SsoConnection, SsoConnectionInput>,
    Change<'/sso-connections', SsoConnection, SsoConnectionChanges> {}
