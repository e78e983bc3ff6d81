import type { Change, List, Read, Replace } from '../../shapes/crud.js';
import type { Owned, Versioned } from '../../shapes/fields.js';

type Flags<Name extends string> = { readonly [N in Name]?: boolean };

/** Features that can be changed. */
type SettableFeature =
  | 'acm_data_exports'
  | 'acm_full_website_scan'
  | 'acm_high_frequency'
  | 'acm_static_ip'
  | 'acm_vendor_templates'
  | 'batch_exports'
  | 'batch_exports_analytics'
  | 'batch_exports_manual_run'
  | 'brand_manager'
  | 'cmp_advanced_widgets'
  | 'cmp_consent_or_pay'
  | 'cmp_ctv_widgets'
  | 'cmp_data_exports'
  | 'cmp_rules_underage'
  | 'compliance_report_v2'
  | 'consent_management_platform'
  | 'cross_device'
  | 'data_residency_russia'
  | 'dsar_experience'
  | 'integrations'
  | 'integrations_v2'
  | 'mass_update'
  | 'pmp_data_exports'
  | 'preference_center'
  | 'preference_management_platform'
  | 'privacy_widgets_advanced'
  | 'privacy_widgets_versions'
  | 'propagate_consents_on_sync'
  | 'server_side'
  | 'smart_vendor_list'
  | 'store_cmp_consents'
  | 'store_guest_cmp_consents'
  | 'versions_and_proofs'
  | 'web_sdk_fixed_versioning'
  | 'web_sdk_versioning';

/** Read-only features. */
type GivenFeature =
  | 'actito'
  | 'adobe_campaign_classic'
  | 'adobe_campaign_standard'
  | 'adobe_experience_cloud'
  | 'advanced_internal_monitoring'
  | 'braze'
  | 'consents_api'
  | 'dotdigital'
  | 'hubspot'
  | 'mailchimp'
  | 'marketo'
  | 'microsoft_dynamics'
  | 'microsoft_dynamics_cpc'
  | 'selligent'
  | 'sendinblue'
  | 'sf_marketing_cloud'
  | 'sf_sales_cloud'
  | 'sso'
  | 'webhooks';

/**
 * The products and options of an organization.
 *
 * @publicApi
 */
export interface PremiumFeatures extends Versioned, Flags<SettableFeature | GivenFeature> {
  readonly id: string;
  readonly organization_id: string;
}

/**
 * Features to switch on or off.
 *
 * @publicApi
 */
export interface PremiumFeaturesInput extends Owned, Flags<SettableFeature> {}

export interface PremiumFeaturesRoutes
  extends
    List<'/premium-features', PremiumFeatures>,
    Read<'/premium-features', PremiumFeatures>,
    Replace<'/premium-features', PremiumFeatures, PremiumFeaturesInput>,
    Change<'/premium-features', PremiumFeatures, PremiumFeaturesInput> {}
