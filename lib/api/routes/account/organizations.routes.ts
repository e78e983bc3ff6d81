import type { Crud, List } from '../../shapes/crud.js';
import type { Dated, Owned, Versioned } from '../../shapes/fields.js';

/**
 * A customer of Didomi, which owns notices, consents, API keys and the rest.
 *
 * @publicApi
 */
export interface Organization extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly website?: string;
  readonly industry_id?: string;
  /** URL of a public dashboard. */
  readonly analytics_url?: string;
  /** The public key, for end users' browsers and apps. */
  readonly public_api_key?: string;
  /** Whether consents with ids of unknown purposes are refused. */
  readonly validate_purpose_id?: boolean;
  readonly disable_preferences_in_consents?: boolean;
  /** Whether end users can sign in. */
  readonly auth_enabled?: boolean;
  /** Whether an end user who signs in for the first time is created. */
  readonly auth_allow_user_creation?: boolean;
  /** Channels of messages, the most important first. */
  readonly auth_message_priority?: readonly string[];
  /** Whether notices can be published without an approved text. */
  readonly allow_tcf_with_custom_text?: boolean;
  /** Whether it was created by a user rather than by Didomi. */
  readonly self_register?: boolean;
  readonly organization_group_id?: string;
  readonly organization_group_name?: string | null;
  /** Put into TCF consent strings; `null` for Didomi's own. */
  readonly iab_tcf_cmp_id?: number | null;
  readonly allow_chat_support?: boolean;
}

/**
 * A new organization, or new values of an existing one.
 *
 * @publicApi
 */
export interface OrganizationInput {
  /** Unique. */
  readonly name: string;
  readonly website?: string;
  readonly industry_id?: string;
  /** URL of a public dashboard. */
  readonly analytics_url?: string;
  /** @deprecated by Didomi: always enabled. */
  readonly auth_enabled?: boolean;
  /** Whether an end user who signs in for the first time is created. */
  readonly auth_allow_user_creation?: boolean;
  /** Channels of messages, the most important first. */
  readonly auth_message_priority?: readonly string[];
  readonly organization_group_id?: string;
  readonly salesforce_account_id?: string;
}

/**
 * What an organization is called in another system.
 *
 * @publicApi
 */
export interface OrganizationSourceSystem extends Dated {
  readonly id: string;
  readonly organization_id: string;
  readonly source_system: 'sp';
  readonly source_system_id: string;
}

/**
 * A new id of an organization in another system.
 *
 * @publicApi
 */
export interface OrganizationSourceSystemInput extends Owned {
  readonly source_system: 'sp';
  readonly source_system_id: string;
}

export interface OrganizationsRoutes
  extends
    Crud<'/organizations', Organization, OrganizationInput>,
    List<'/organizations-source-systems', OrganizationSourceSystem> {
  'POST /organizations-source-systems': { body: OrganizationSourceSystemInput; response: OrganizationSourceSystem };
}
