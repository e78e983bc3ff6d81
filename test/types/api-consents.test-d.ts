/** Checked by `npm run typecheck`, never run: see `api.test-d.ts`. */
import type { DidomiApi } from '../../lib/api/didomi-api.js';
import type { ConsentEvent, ConsentEventInput } from '../../lib/api/routes/consents/consent-event.interface.js';
import type { ConsentUser } from '../../lib/api/routes/consents/users.routes.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function holds<_Claim extends true>(): void {
  // The claim is all there is.
}

declare const api: DidomiApi;
declare const many: ConsentEventInput[];
declare const fixed: readonly ConsentEventInput[];
const user = { organization_user_id: 'u' };
const path = { id: 'x' };
const byUser = { user_id: 'u' };

// New events.

const event = await api.request('POST /consents/events', { body: { user, consents: { purposes: [] } } });
holds<Same<typeof event, ConsentEvent>>();
await api.request('POST /consents/events', {
  query: { $generate_tcfcs: true, $disable_integrations: true, organization_id: 'o' },
  body: {
    id: 'e',
    organization_id: 'o',
    created_at: '2026-01-01T00:00:00Z',
    status: 'pending_approval',
    regulation: 'cpra',
    user: { id: 'd', organization_user_id: 'u', metadata: { a: 1 }, country: 'FR', last_seen_country: 'DE' },
    consents: {
      channels: [{ id: 'email', enabled: null }],
      purposes: [
        { id: 'p', enabled: null, enabled_li: false, metadata: {}, values: { frequency: { value: 'daily,weekly' } } },
      ],
      vendors: { enabled: ['v'], disabled_li: ['w'] },
    },
    proofs_id: ['x.png'],
    proofs: ['data:image/png;base64,AAAA'],
    delegate: { id: 'd', name: 'n' },
    metadata: { a: 1 },
    iab: { tcf: { cmp_id: 7 } },
  },
});
await api.request('POST /consents/events', { body: { user, consents: {}, regulation: 'one-of-next-year' } });
// @ts-expect-error no user
await api.request('POST /consents/events', { body: { consents: {} } });
// @ts-expect-error a user without an id, whom Didomi would make up
await api.request('POST /consents/events', { body: { user: { country: 'FR' }, consents: {} } });
// @ts-expect-error no choices
await api.request('POST /consents/events', { body: { user } });
// @ts-expect-error not a choice
await api.request('POST /consents/events', { body: { user, consents: { purposes: [{ id: 'p', enabled: 'yes' }] } } });
// @ts-expect-error a purpose without an id
await api.request('POST /consents/events', { body: { user, consents: { purposes: [{ enabled: true }] } } });
// @ts-expect-error a purpose by its id alone
await api.request('POST /consents/events', { body: { user, consents: { purposes: ['p'] } } });
// @ts-expect-error no such member
await api.request('POST /consents/events', { body: { user, consents: { purpose: [] } } });
// @ts-expect-error no such status
await api.request('POST /consents/events', { body: { user, consents: {}, status: 'approved' } });
// @ts-expect-error a delegate without an id
await api.request('POST /consents/events', { body: { user, consents: {}, delegate: { name: 'n' } } });
// @ts-expect-error values are by the id of the preference
await api.request('POST /consents/events', { body: { user, consents: { purposes: [{ id: 'p', values: ['a'] }] } } });
// @ts-expect-error no such flag
await api.request('POST /consents/events', { query: { $generate_tcf: true }, body: { user, consents: {} } });

// Lists of events.

const answers = await api.request('POST /consents/events', { body: many });
holds<Same<typeof answers, unknown>>();
const literal = await api.request('POST /consents/events', { body: [{ user, consents: {} }] });
holds<Same<typeof literal, unknown>>();
const { data } = await api.requestWithResponse('POST /consents/events', { body: fixed });
holds<Same<typeof data, unknown>>();
// @ts-expect-error no user in the list
await api.request('POST /consents/events', { body: [{ consents: {} }] });
// @ts-expect-error no such member in the list
await api.request('POST /consents/events', { body: [{ user, consents: {}, statuss: 'confirmed' }] });

// Events of a user, who has to be named once.

await api.request('GET /consents/events', {
  query: { user_id: 'u', status: { $in: ['confirmed', 'pending_approval'] } },
});
await api.request('GET /consents/events', { query: { organization_user_id: 'u', regulation: 'cpra' } });
await api.request('PATCH /consents/events/{id}', { path, query: byUser, body: { status: 'confirmed' } });
await api.request('DELETE /consents/events', { query: { ...byUser, 'metadata.booking_id': 'b' } });
// @ts-expect-error no user
await api.request('GET /consents/events', { query: { status: 'confirmed' } });
// @ts-expect-error two ids
await api.request('GET /consents/events', { query: { user_id: 'u', organization_user_id: 'u' } });
// @ts-expect-error no user
await api.request('GET /consents/events/{id}', { path });
// @ts-expect-error the user of an event stays
await api.request('PATCH /consents/events/{id}', { path, query: byUser, body: { user } });
// @ts-expect-error no such property of an event
await api.request('DELETE /consents/events', { query: { ...byUser, booking_id: 'b' } });

// Users.

const found = await api.request('GET /consents/users/{id}', { path, query: { $by_organization_user_id: true } });
holds<Same<typeof found, ConsentUser>>();
found.consents?.purposes?.[0]?.enabled satisfies boolean | null | undefined;
const users = await api.request('GET /consents/users', { query: { $cursor: 'c', regulation: 'gdpr' } });
users.cursor satisfies string | null;
await api.request('POST /consents/users', { body: { id: 'd' } });
await api.request('POST /consents/users', { body: { organization_user_id: 'u', consents: { purposes: [] } } });
await api.request('PATCH /consents/users/{id}', { path, body: { version: 3, metadata: {} } });
// @ts-expect-error a user without an id
await api.request('POST /consents/users', { body: { country: 'FR' } });
// @ts-expect-error pages have no total
users.total satisfies number;
// @ts-expect-error events are not filtered by fields
await api.request('GET /consents/users', { query: { country: 'FR' } });
// @ts-expect-error not a flag
await api.request('GET /consents/users/{id}', { path, query: { $by_organization_user_id: 'true' } });

// Tokens, proofs and links.

const { id_token } = await api.request('POST /consents/tokens', { body: { organization_user_id: 'u', lifetime: 60 } });
id_token satisfies string;
await api.request('POST /consents/proofs', { body: { file: 'data:image/png;base64,AAAA' } });
const { url } = await api.request('POST /consents/links', {
  body: {
    organization_user_id: 'u',
    action: 'event.update',
    event: { id: 'e', status: 'confirmed' },
    redirect_url: '/',
  },
});
url satisfies string;
// @ts-expect-error whose token
await api.request('POST /consents/tokens', { body: { lifetime: 60 } });
// @ts-expect-error by its other name in the documentation
await api.request('POST /consents/proofs', { body: { proof: 'data:image/png;base64,AAAA' } });
await api.request('POST /consents/links', {
  // @ts-expect-error which event
  body: { organization_user_id: 'u', action: 'event.update', event: { status: 'confirmed' }, redirect_url: '/' },
});
