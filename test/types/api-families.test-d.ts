/** Checked by `npm run typecheck`, never run: see `api.test-d.ts`. For each family what compiles, and what must not. */
import type { DidomiApi } from '../../lib/api/didomi-api.js';

declare const api: DidomiApi;
const path = { id: 'x' };
const config = {};

// Account.

(await api.request('GET /sessions/{id}', { path })).type satisfies 'api-key' | 'email' | undefined;
await api.request('POST /platform-integrations/sessions', { headers: { 'X-Shopify-Authorization': 't', a: 'b' } });
// @ts-expect-error the header is missing
await api.request('POST /platform-integrations/sessions');
(await api.request('POST /keys', { body: { name: 'n' } })).secret satisfies string;
// @ts-expect-error only a new key has its secret
(await api.request('GET /keys/{id}', { path })).secret satisfies string;
(await api.request('GET /quotas', { query: { organization_id: 'o' } })).data[0]?.api_requests satisfies
  number | undefined;
// @ts-expect-error quotas are Didomi's to change
await api.request('PATCH /quotas/{id}', { path, body: {} });
await api.request('POST /domains', { body: { id: 'a.example', usage: 'cmp', bots_crawl: 'allow_all' } });
await api.request('PUT /domains/{id}', { path, body: { enabled: false } });
// @ts-expect-error its usage stays
await api.request('PATCH /domains/{id}', { path, body: { usage: 'cmp' } });
await api.request('POST /secrets', { body: { name: 'n' } });
// @ts-expect-error Didomi makes the secret
await api.request('POST /secrets', { body: { name: 'n', secret: 's' } });
await api.request('PATCH /organizations/{id}', { path, body: { website: 'https://a.example' } });
// @ts-expect-error the name is missing
await api.request('POST /organizations', { body: { website: 'https://a.example' } });
await api.request('POST /organizations-source-systems', { body: { source_system: 'sp', source_system_id: '1' } });
// @ts-expect-error no such system
await api.request('POST /organizations-source-systems', { body: { source_system: 'x', source_system_id: '1' } });
await api.request('POST /members', { body: { name: 'n', email: 'n@a.example' } });
// @ts-expect-error without an address
await api.request('POST /members', { body: { name: 'n' } });
await api.request('PATCH /sso-connections/{id}', { path, body: { auth0_sign_saml_request: true } });
// @ts-expect-error no such list parameter
await api.request('GET /sso-connections', { query: { $limit: 5 } });
await api.request('PATCH /premium-features/{id}', { path, body: { mass_update: true } });
// @ts-expect-error Didomi's to set
await api.request('PATCH /premium-features/{id}', { path, body: { consents_api: true } });
for await (const { url } of api.paginate('GET /analytics/dashboards-urls', { query: { category: 'home' } }))
  url satisfies string;
// @ts-expect-error no such category
await api.request('GET /analytics/dashboards-urls', { query: { category: 'x' } });

// Data.

await api.request('POST /properties', { body: { name: 'n', type: 'website' } });
// @ts-expect-error a type of another type
await api.request('POST /properties', { body: { name: 'n', type: 1 } });
await api.request('GET /cookies', { query: { property_id: 'p' } });
// @ts-expect-error lists of cookies know one filter
await api.request('GET /cookies', { query: { name: 'n' } });
await api.request('POST /vendors', { body: { property_id: 'p', metadata_id: 'm', status: 'draft' } });
// @ts-expect-error which vendor
await api.request('POST /vendors', { body: { property_id: 'p' } });
await api.request('POST /taxonomies/vendors', { body: { id: 'a', name: 'n', parent_id: 'b' } });
// @ts-expect-error the id is the caller's
await api.request('POST /taxonomies/vendors', { body: { name: 'n' } });
(await api.request('GET /languages')).available satisfies readonly string[];
// @ts-expect-error no page
(await api.request('GET /languages')).data satisfies unknown;
await api.request('GET /metadata/vendors', { query: { url: ['https://a.example'], tags: 'ads' } });
// @ts-expect-error not an address
await api.request('GET /metadata/vendors', { query: { url: 1 } });
await api.request('POST /metadata/partners', {
  body: { name: 'n', category_id: 'c', cookie_max_duration_unit: 'days' },
});
await api.request('POST /metadata/partners', {
  // @ts-expect-error no such unit
  body: { name: 'n', category_id: 'c', cookie_max_duration_unit: 'years' },
});
await api.request('POST /metadata/partners/deprecate', { body: { id: 'x' } });
await api.request('POST /metadata/partners-categories', { body: { name: 'n' } });
// @ts-expect-error no such member
await api.request('POST /metadata/partners-categories', { body: { label: 'n' } });
await api.request('POST /metadata/partners-storages', { body: { type: 'cookie', max_age: 3, max_age_unit: 'months' } });
// @ts-expect-error no such type
await api.request('POST /metadata/partners-storages', { body: { type: 'session' } });
const pair = { metadata_partner_id: 'a', metadata_purpose_id: 'b' };
await api.request('POST /metadata/partners-purposes', {
  body: { ...pair, processing_rules: ['opt-in'], organization_id: null },
});
// @ts-expect-error no such rule
await api.request('PATCH /metadata/partners-purposes/{id}', { path, body: { processing_rules: ['opt'] } });
await api.request('POST /metadata/partners-default-purposes', { body: [pair] });
await api.request('POST /metadata/partners-spi-purposes', { body: [pair] });
// @ts-expect-error a list, even of one
await api.request('POST /metadata/partners-legitimate-interest-purposes', { body: pair });
await api.request('POST /metadata/partners-purposes-templates-overrides', {
  body: { ...pair, template_id: 't', processing_rule: 'opt-out' },
});
await api.request('POST /metadata/partners-purposes-notices-regulations-overrides', {
  // @ts-expect-error which regulation
  body: { ...pair, notice_id: 'n', processing_rule: 'opt-out' },
});
await api.request('POST /metadata/purposes', { body: { description: { en: 'd' }, regulations_id: ['gdpr'] } });
await api.request('GET /metadata/purposes', { query: { $translations: true, $sort: { created_at: 1 } } });
// @ts-expect-error texts are by language
await api.request('POST /metadata/purposes', { body: { description: 'd' } });
await api.request('POST /metadata/purposes-groups', { body: { name: 'n', purposes_id: ['p'] } });
// @ts-expect-error ids in a list
await api.request('POST /metadata/purposes-groups', { body: { name: 'n', purposes_id: 'p' } });
await api.request('POST /metadata/purposes-regulations-overrides', { body: { metadata_purpose_id: 'p' } });
// @ts-expect-error of which purpose
await api.request('POST /metadata/purposes-regulations-overrides', { body: { regulations_id: ['gdpr'] } });
await api.request('POST /preferences', { body: { name: { en: 'n' }, metadata: { a: 1 } } });
// @ts-expect-error not free-form
await api.request('POST /preferences', { body: { metadata: 'm' } });

// Notices.

await api.request('POST /widgets/notices', { query: { duplicate: 'n' }, body: { name: 'n' } });
// @ts-expect-error the name is missing
await api.request('POST /widgets/notices', { body: { environment: 'e' } });
await api.request('GET /widgets/notices/configs', {
  headers: { v: '2' },
  query: { deployed_at: null, notice_id: 'n' },
});
await api.request('PATCH /widgets/notices/configs/{id}', {
  path,
  headers: { v: '2' },
  body: { config, consent_duration: 6, consent_duration_unit: 'months', gcm_enabled: true, negative_action: null },
});
// @ts-expect-error no such version
await api.request('GET /widgets/notices/configs', { headers: { v: '3' } });
// @ts-expect-error whoever deploys, it is not by changing a config
await api.request('PATCH /widgets/notices/configs/{id}', { path, body: { deployed_at: null } });
await api.request('POST /widgets/notices/texts', { body: { name: 'n', platforms: ['web'] } });
await api.request('POST /widgets/notices/texts-contents', { body: { content: 'c', text_id: 't' } });
// @ts-expect-error of which text
await api.request('POST /widgets/notices/texts-contents', { body: { content: 'c' } });
// @ts-expect-error texts are not deleted
await api.request('DELETE /widgets/notices/texts/{id}', { path });
await api.request('POST /widgets/notices/deployments', { body: { notice_id: 'n', production_config_id: 'c' } });
// @ts-expect-error which config
await api.request('POST /widgets/notices/deployments', { body: { notice_id: 'n' } });
await api.request('POST /widgets/notices/templates', { body: { name: 'n', notices_id: ['n'] } });
const template = await api.request('GET /widgets/notices/templates/{id}', { path });
('data' in template ? template.data[0]?.name : template.name) satisfies string | undefined;
// @ts-expect-error may be a page
template.name satisfies string;
await api.request('POST /widgets/notices/generators/sdk', { body: { platform: 'web', config, gcm_enabled: true } });
await api.request('POST /widgets/notices/generators/configs', { body: { config } });
// @ts-expect-error of which configuration
await api.request('POST /widgets/notices/generators/sdk', { body: { platform: 'web' } });

// Privacy.

await api.request('POST /privacy-centers', { body: { name: 'n', languages: null, contact: { email: 'n@a.example' } } });
// @ts-expect-error no such way to show cookies
await api.request('POST /privacy-centers', { body: { name: 'n', display_cookies: 'table' } });
await api.request('POST /dsar/requests', {
  body: {
    organization_user_id: 'u@a.example',
    user_right_id: 'cpra_opt_out',
    status: 'unverified',
    source: { type: 'DSAR' },
  },
});
// @ts-expect-error no such status
await api.request('PATCH /dsar/requests/{id}', { path, body: { status: 'done' } });
for await (const { value } of api.paginate('GET /dsar/requests/notes', { query: { request_id: 'r' } }))
  value satisfies string;
await api.request('GET /compliance/v1/regulations', { query: { $search: { releaseStatus: 'stable' } } });
// @ts-expect-error no such parameter
await api.request('GET /compliance/v1/regulations', { query: { $find: {} } });
await api.request('POST /widgets', {
  body: { format: 'embeddable', template_id: 'sections', selected_purposes_ids: [] },
});
(await api.request('GET /widgets/deployments', { query: { widget_id: 'w' } }))[0]?.widget_id satisfies
  string | undefined;
// @ts-expect-error an array has no data
(await api.request('GET /config-trees')).data satisfies unknown;

// Monitoring.

await api.request('POST /marketplace/integrations', { body: { type_id: 'webhook-http', properties: { url: 'u' } } });
// @ts-expect-error of which kind
await api.request('POST /marketplace/integrations', { body: { properties: { url: 'u' } } });
await api.request('POST /reports/compliances/properties', {
  body: { name: 'n', website: 'https://a.example', schedule: null },
});
await api.request('GET /reports/compliances/reports', {
  query: { status: 'success', created_at: { $gte: '2026-01-01' } },
});
await api.request('GET /reports/compliances/reports/{id}', { path, query: { $with: ['outputs'] } });
// @ts-expect-error of which website
await api.request('POST /reports/compliances/reports', { body: {} });
