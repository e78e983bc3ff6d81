import type { Crud, List } from '../../shapes/crud.js';
import type { JsonObject, Owned, Versioned } from '../../shapes/fields.js';

interface PrivacyCenterFields {
  /** Shown to users, usually the name of the company or website. */
  readonly name: string;
  readonly website?: string;
  /** Host names, such as `privacy.example.com`. */
  readonly custom_domains?: readonly string[];
  /** `schedule` is a phone number. */
  readonly contact?: { readonly email?: string; readonly schedule?: string; readonly address?: string };
  /** `logo` is an https URL. */
  readonly customization?: { readonly logo?: string; readonly colors?: { readonly primary?: string } };
  readonly legal_name?: string;
  readonly display_cookies?: 'list' | 'choices' | 'none';
  /** English, in Markdown. */
  readonly privacy_policy?: string;
  readonly content?: JsonObject;
  /** Codes such as `en` and `fr-CA`; none or `null` for all. */
  readonly languages?: readonly string[] | null;
  readonly auth_required?: boolean;
}

/**
 * A website on which end users read the privacy policy and manage their choices.
 *
 * @publicApi
 */
export interface PrivacyCenter extends Versioned, PrivacyCenterFields {
  readonly id: string;
  readonly organization_id?: string;
}

/**
 * A new privacy center, or new values of an existing one.
 *
 * @publicApi
 */
export interface PrivacyCenterInput extends Owned, PrivacyCenterFields {}

interface PrivacyCentersQuery {
  readonly privacy_center_id?: string;
}

export interface PrivacyCentersRoutes
  extends
    Omit<Crud<'/privacy-centers', PrivacyCenter, PrivacyCenterInput>, 'GET /privacy-centers'>,
    List<'/privacy-centers', PrivacyCenter, PrivacyCentersQuery> {}
