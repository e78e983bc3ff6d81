type Flags<Name extends string> = { readonly [N in Name]?: boolean };

/** Consent modes of Google and Microsoft. `default_status` is the status before the user chooses. */
export interface ConsentModes extends Flags<
  | 'gcm_enabled'
  | 'gcm_tcf_enabled'
  | 'gcm_set_default_status'
  | 'gcm_analytics_default_status'
  | 'gcm_ads_default_status'
  | 'gcm_functionality_default_status'
  | 'gcm_personalization_default_status'
  | 'gcm_security_default_status'
  | 'gcm_ad_user_data_default_status'
  | 'gcm_ad_personalization_default_status'
  | 'microsoft_enabled'
  | 'microsoft_set_default_status'
  | 'microsoft_ad_storage_default_status'
  | 'microsoft_enable_tcf_advertiser_consent_mode'
> {}

/** Further consent modes, and the SDKs that receive Google's. */
export interface MoreConsentModes
  extends
    ConsentModes,
    Flags<
      | 'amazon_enabled'
      | 'amazon_set_default_status'
      | 'amazon_ad_storage_default_status'
      | 'amazon_ad_user_data_default_status'
      | 'wordpress_enabled'
      | 'gcm_firebase_enabled'
      | 'gcm_airbridge_enabled'
      | 'gcm_kochava_enabled'
      | 'gcm_branch_enabled'
      | 'gcm_appsflyer_enabled'
    > {}
