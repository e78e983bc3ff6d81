/*
 * The entities and inputs of Didomi's API, exported as the namespace `Didomi`. An entry of the package as well: declarations that
 * the compiler writes for inferred types of an application can name a module, but not a namespace in it.
 */
export type { DashboardCategory, DashboardUrl } from './routes/account/analytics.routes.js';
export type { Domain, DomainChanges, DomainInput, DomainStatus, DomainUsage } from './routes/account/domains.routes.js';
export type { Key, KeyChanges, KeyInput, KeyWithSecret } from './routes/account/keys.routes.js';
export type { Member, MemberChanges, MemberInput } from './routes/account/members.routes.js';
export type {
  Organization,
  OrganizationInput,
  OrganizationSourceSystem,
  OrganizationSourceSystemInput,
} from './routes/account/organizations.routes.js';
export type { PremiumFeatures, PremiumFeaturesInput } from './routes/account/premium-features.routes.js';
export type { Quota } from './routes/account/quotas.routes.js';
export type { Secret, SecretInput } from './routes/account/secrets.routes.js';
export type { PlatformIntegrationSession, Session, SessionInput } from './routes/account/sessions.routes.js';
export type {
  SsoConnection,
  SsoConnectionChanges,
  SsoConnectionInput,
} from './routes/account/sso-connections.routes.js';
export type {
  ConsentChannel,
  ConsentChoices,
  ConsentPreference,
  ConsentPreferenceValue,
  ConsentPurpose,
  ConsentVendors,
} from './routes/consents/consent-choices.interface.js';
export type {
  ConsentEvent,
  ConsentEventChanges,
  ConsentEventInput,
  ConsentEventStatus,
  ConsentEventUser,
} from './routes/consents/consent-event.interface.js';
export type { ConsentDelegate, Regulation } from './routes/consents/consent-terms.js';
export type { ConsentLink, ConsentLinkInput } from './routes/consents/links.routes.js';
export type { ConsentProof, ConsentProofInput } from './routes/consents/proofs.routes.js';
export type { ConsentToken, ConsentTokenInput } from './routes/consents/tokens.routes.js';
export type { ConsentUser, ConsentUserChanges, ConsentUserInput } from './routes/consents/users.routes.js';
export type { Cookie, CookieInput } from './routes/data/cookies.routes.js';
export type { Languages } from './routes/data/languages.routes.js';
export type { MetadataVendor, MetadataVendorInput } from './routes/data/metadata-vendors.routes.js';
export type {
  NoticeRegulationRule,
  NoticeRegulationRuleInput,
  TemplateRule,
  TemplateRuleInput,
} from './routes/data/partner-purpose-overrides.routes.js';
export type {
  PartnerPurpose,
  PartnerPurposeInput,
  PartnerPurposeLink,
  PartnerPurposeLinkInput,
  ProcessingRule,
} from './routes/data/partner-purposes.routes.js';
export type { PartnerStorage, PartnerStorageInput } from './routes/data/partner-storages.routes.js';
export type {
  Partner,
  PartnerCategory,
  PartnerCategoryInput,
  PartnerInput,
  PartnerNamespaces,
} from './routes/data/partners.routes.js';
export type { Preference, PreferenceInput } from './routes/data/preferences.routes.js';
export type { Property, PropertyInput, PropertyType } from './routes/data/properties.routes.js';
export type {
  PurposeRegulationsOverride,
  PurposeRegulationsOverrideChanges,
  PurposeRegulationsOverrideInput,
} from './routes/data/purpose-overrides.routes.js';
export type {
  Purpose,
  PurposeChanges,
  PurposeGroup,
  PurposeGroupInput,
  PurposeInput,
  PurposeNamespaces,
} from './routes/data/purposes.routes.js';
export type { VendorTaxonomy, VendorTaxonomyInput } from './routes/data/taxonomies.routes.js';
export type { Vendor, VendorInput } from './routes/data/vendors.routes.js';
export type {
  ComplianceReport,
  ScanScenario,
  ScannedProperty,
  ScannedPropertyInput,
} from './routes/monitoring/compliance-reports.routes.js';
export type { Integration, IntegrationInput } from './routes/monitoring/integrations.routes.js';
export type { NoticeConfig, NoticeConfigChanges, NoticePlatform } from './routes/notices/notice-config.interface.js';
export type { NoticeDeployment, NoticeDeploymentInput } from './routes/notices/notice-deployments.routes.js';
export type {
  NoticeRegulationConfig,
  NoticeRegulationConfigInput,
} from './routes/notices/notice-regulation-config.interface.js';
export type {
  NoticeIabRestriction,
  NoticeIabVendors,
  NoticePrivacySignal,
  NoticeTemplate,
  NoticeTemplateConfig,
  NoticeTemplateConfigChanges,
  NoticeTemplateConfigContent,
  NoticeTemplateConfigInput,
  NoticeTemplateInput,
} from './routes/notices/notice-templates.routes.js';
export type {
  NoticeText,
  NoticeTextContent,
  NoticeTextContentInput,
  NoticeTextInput,
} from './routes/notices/notice-texts.routes.js';
export type { Notice, NoticeInput } from './routes/notices/notices.routes.js';
export type {
  GeneratedConfig,
  GeneratedConfigInput,
  NoticeSdkConfig,
  RemoteSdkConfig,
  SdkConfigInput,
} from './routes/notices/sdk-configs.routes.js';
export type { PrivacyCenter, PrivacyCenterInput } from './routes/privacy/privacy-centers.routes.js';
export type {
  PrivacyRequest,
  PrivacyRequestInput,
  PrivacyRequestLinkInput,
  PrivacyRequestNote,
  PrivacyRequestNoteInput,
  PrivacyRequestStatus,
} from './routes/privacy/privacy-requests.routes.js';
export type { SupportedRegulation } from './routes/privacy/regulations.routes.js';
export type {
  ConfigTree,
  Widget,
  WidgetDeployment,
  WidgetDeploymentInput,
  WidgetInput,
} from './routes/privacy/widgets.routes.js';
