/**
 * Checked by `npm run typecheck`, never run: what has to compile stands bare, what must not stands below `@ts-expect-error`,
 * which is an error itself where the line compiles.
 */
import type { DidomiApi } from '../../lib/api/didomi-api.js';
import type {
  DidomiResponseOf,
  DidomiBodyOf,
  DidomiItemOf,
  DidomiListRoute,
  DidomiQueryOf,
  DidomiRoute,
} from '../../lib/api/didomi-routes.interface.js';
import type { Key, KeyChanges, KeyWithSecret } from '../../lib/api/routes/account/keys.routes.js';
import type { Property } from '../../lib/api/routes/data/properties.routes.js';
import type { DidomiPage } from '../../lib/api/shapes/didomi-page.interface.js';

/** True for the very same type; `any` is no other type's same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function holds<_Claim extends true>(): void {
  // The claim is all there is.
}

declare const api: DidomiApi;
declare const dynamic: string;
declare const either: 'GET /keys' | 'GET /quotas';
const { signal } = new AbortController();

// Routes: those that are known, written as Didomi writes them.

await api.request('GET /keys');
await api.request('GET /keys', {});
await api.request(either);
// @ts-expect-error no such route
await api.request('GET /nothing');
// @ts-expect-error no such method of the route
await api.request('PUT /quotas');
// @ts-expect-error no method
await api.request('/keys');
// @ts-expect-error a text that may be anything
await api.request(dynamic);
// @ts-expect-error a path that is filled in by hand
await api.request('GET /keys/the-id');

// Path parameters: all of them, and no others.

await api.request('GET /keys/{id}', { path: { id: 'k' } });
await api.request('GET /keys/{id}', { path: { id: 7 } });
// @ts-expect-error no options
await api.request('GET /keys/{id}');
// @ts-expect-error no path
await api.request('GET /keys/{id}', {});
// @ts-expect-error no id
await api.request('GET /keys/{id}', { path: {} });
// @ts-expect-error an id that may be absent
await api.request('GET /keys/{id}', { path: { id: process.env['KEY_ID'] } });
// @ts-expect-error a parameter that the route has not
await api.request('GET /keys/{id}', { path: { id: 'k', name: 'n' } });
// @ts-expect-error a route without parameters
await api.request('GET /keys', { path: { id: 'k' } });

// Options.

await api.request('GET /keys', { signal, timeoutMs: 5, headers: { a: 'b' }, didomi: { retry: false, replay: false } });
await api.request('GET /keys', { didomi: { organizationId: 'o' } });
await api.request('GET /keys', { didomi: { organizationId: false } });
// @ts-expect-error no such option
await api.request('GET /keys', { params: { $limit: 5 } });
// @ts-expect-error no such option of the library
await api.request('GET /keys', { didomi: { organisationId: 'o' } });
// @ts-expect-error not a number
await api.request('GET /keys', { timeoutMs: '5' });
// @ts-expect-error a GET has no body
await api.request('GET /keys', { body: {} });
// @ts-expect-error a route without a query
await api.request('GET /keys/{id}', { path: { id: 'k' }, query: { $limit: 5 } });

// Filters: by the fields of the entity.

await api.request('GET /keys', {
  query: { enabled: true, name: { $in: ['a', 'b'] }, created_at: { $gte: '2026-01-01' } },
});
await api.request('GET /keys', { query: { name: null, $sort: { created_at: -1, name: 1 }, $limit: 5, $skip: 10 } });
await api.request('GET /keys', { query: { name: { $ne: null, $nin: ['a'] } } });
await api.request('GET /metadata/partners', {
  query: { tags: 'ads', url: ['https://a.example', 'https://b.example'] },
});
// @ts-expect-error no such field
await api.request('GET /keys', { query: { nme: 'a' } });
// @ts-expect-error the wrong type of value
await api.request('GET /keys', { query: { enabled: 'yes' } });
// @ts-expect-error the wrong type of value within
await api.request('GET /keys', { query: { enabled: { $in: ['yes'] } } });
// @ts-expect-error no such operator
await api.request('GET /keys', { query: { name: { $like: 'a%' } } });
// @ts-expect-error no such field to sort by
await api.request('GET /keys', { query: { $sort: { nme: 1 } } });
// @ts-expect-error no such order
await api.request('GET /keys', { query: { $sort: { name: 'asc' } } });
// @ts-expect-error an object cannot be compared
await api.request('GET /widgets/notices/configs', { query: { config: {} } });

// Bodies.

await api.request('POST /keys', { body: { name: 'n' } });
await api.request('PATCH /keys/{id}', { path: { id: 'k' }, body: { enabled: false } });
// @ts-expect-error no body
await api.request('POST /keys');
// @ts-expect-error not in a new key
await api.request('POST /keys', { body: { name: 'n', enabled: true } });
// @ts-expect-error the name is missing
await api.request('POST /secrets', { body: { description: 'd' } });
await api.request('PATCH /secrets/{id}', { path: { id: 's' }, body: { description: 'd' } });

// Answers.

holds<Same<DidomiResponseOf<'GET /keys/{id}'>, Key>>();
holds<Same<DidomiResponseOf<'POST /keys'>, KeyWithSecret>>();
holds<Same<DidomiResponseOf<'GET /keys'>, DidomiPage<Key>>>();
holds<Same<DidomiBodyOf<'PUT /keys/{id}'>, KeyChanges>>();
holds<Same<DidomiBodyOf<'GET /keys'>, never>>();
holds<Same<DidomiQueryOf<'GET /keys/{id}'>, never>>();
holds<Same<DidomiItemOf<'GET /properties'>, Property>>();
holds<'GET /properties' extends DidomiListRoute ? true : false>();
holds<'GET /languages' extends DidomiListRoute ? false : true>();
holds<Same<Extract<DidomiListRoute, `${'POST' | 'PUT' | 'PATCH' | 'DELETE'} ${string}`>, never>>();
holds<string extends DidomiRoute ? false : true>();

const key = await api.request('GET /keys/{id}', { path: { id: 'k' } });
holds<Same<typeof key, Key>>();
const answer = await api.requestWithResponse('GET /keys/{id}', { path: { id: 'k' } });
holds<Same<typeof answer.data, Key>>();
holds<Same<typeof answer.status, number>>();
const nothing = await api.request('DELETE /consents/events/{id}', { path: { id: 'e' }, query: { user_id: 'u' } });
holds<Same<typeof nothing, undefined>>();

// Pages.

for await (const property of api.paginate('GET /properties', { query: { type: 'website', $limit: 5 } })) {
  holds<Same<typeof property, Property>>();
}
for await (const user of api.paginate('GET /consents/users')) user.version satisfies number;
api.paginate('GET /properties', { signal, timeoutMs: 5, didomi: { organizationId: 'o' } }).toObservable();
// @ts-expect-error no list
api.paginate('GET /languages');
// @ts-expect-error no GET
api.paginate('POST /properties', { body: { name: 'n' } });
// @ts-expect-error the query needs a user
api.paginate('GET /consents/events');
// @ts-expect-error no such field
api.paginate('GET /properties', { query: { nme: 'a' } });
