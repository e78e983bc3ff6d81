import type { AnalyticsRoutes } from './account/analytics.routes.js';
import type { DomainsRoutes } from './account/domains.routes.js';
import type { KeysRoutes } from './account/keys.routes.js';
import type { MembersRoutes } from './account/members.routes.js';
import type { OrganizationsRoutes } from './account/organizations.routes.js';
import type { PremiumFeaturesRoutes } from './account/premium-features.routes.js';
import type { QuotasRoutes } from './account/quotas.routes.js';
import type { SecretsRoutes } from './account/secrets.routes.js';
import type { SessionsRoutes } from './account/sessions.routes.js';
import type { SsoConnectionsRoutes } from './account/sso-connections.routes.js';
import type { ConsentEventsRoutes } from './consents/events.routes.js';
import type { ConsentLinksRoutes } from './consents/links.routes.js';
import type { ConsentProofsRoutes } from './consents/proofs.routes.js';
import type { ConsentTokensRoutes } from './consents/tokens.routes.js';
import type { ConsentUsersRoutes } from './consents/users.routes.js';
import type { CookiesRoutes } from './data/cookies.routes.js';
import type { LanguagesRoutes } from './data/languages.routes.js';
import type { MetadataVendorsRoutes } from './data/metadata-vendors.routes.js';
import type { PartnerPurposeOverridesRoutes } from './data/partner-purpose-overrides.routes.js';
import type { PartnerPurposesRoutes } from './data/partner-purposes.routes.js';
import type { PartnerStoragesRoutes } from './data/partner-storages.routes.js';
import type { PartnersRoutes } from './data/partners.routes.js';
import type { PreferencesRoutes } from './data/preferences.routes.js';
import type { PropertiesRoutes } from './data/properties.routes.js';
import type { PurposeOverridesRoutes } from './data/purpose-overrides.routes.js';
import type { PurposesRoutes } from './data/purposes.routes.js';
import type { TaxonomiesRoutes } from './data/taxonomies.routes.js';
import type { VendorsRoutes } from './data/vendors.routes.js';
import type { ComplianceReportsRoutes } from './monitoring/compliance-reports.routes.js';
import type { IntegrationsRoutes } from './monitoring/integrations.routes.js';
import type { NoticesRoutes } from './notices/notices.routes.js';
import type { NoticeConfigsRoutes } from './notices/notice-configs.routes.js';
import type { NoticeDeploymentsRoutes } from './notices/notice-deployments.routes.js';
import type { NoticeTemplatesRoutes } from './notices/notice-templates.routes.js';
import type { NoticeTextsRoutes } from './notices/notice-texts.routes.js';
import type { SdkConfigsRoutes } from './notices/sdk-configs.routes.js';
import type { PrivacyCentersRoutes } from './privacy/privacy-centers.routes.js';
import type { PrivacyRequestsRoutes } from './privacy/privacy-requests.routes.js';
import type { RegulationsRoutes } from './privacy/regulations.routes.js';
import type { WidgetsRoutes } from './privacy/widgets.routes.js';

/** The routes of Didomi's reference, and those that its documentation has besides. */
export interface KnownRoutes
  extends
    AnalyticsRoutes,
    ComplianceReportsRoutes,
    ConsentEventsRoutes,
    ConsentLinksRoutes,
    ConsentProofsRoutes,
    ConsentTokensRoutes,
    ConsentUsersRoutes,
    CookiesRoutes,
    DomainsRoutes,
    IntegrationsRoutes,
    KeysRoutes,
    LanguagesRoutes,
    MembersRoutes,
    MetadataVendorsRoutes,
    NoticeConfigsRoutes,
    NoticeDeploymentsRoutes,
    NoticeTemplatesRoutes,
    NoticeTextsRoutes,
    NoticesRoutes,
    OrganizationsRoutes,
    PartnerPurposeOverridesRoutes,
    PartnerPurposesRoutes,
    PartnerStoragesRoutes,
    PartnersRoutes,
    PreferencesRoutes,
    PremiumFeaturesRoutes,
    PrivacyCentersRoutes,
    PrivacyRequestsRoutes,
    PropertiesRoutes,
    PurposeOverridesRoutes,
    PurposesRoutes,
    QuotasRoutes,
    RegulationsRoutes,
    SdkConfigsRoutes,
    SecretsRoutes,
    SessionsRoutes,
    SsoConnectionsRoutes,
    TaxonomiesRoutes,
    VendorsRoutes,
    WidgetsRoutes {}
