/** Checked by `npm run typecheck`, never run: see `api.test-d.ts`. Matches by route, and answers to them. */
import type { Didomi, DidomiPage } from 'nestjs-didomi';
import type { DidomiTestingController, DidomiTestMatch, DidomiTestRequest } from 'nestjs-didomi/testing';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function holds<_Claim extends true>(): void {
  // The claim is all there is.
}

declare const didomi: DidomiTestingController;
declare const page: DidomiPage<Didomi.Property>;
declare const event: Didomi.ConsentEvent;
declare const dynamic: string;
declare const status: number;
declare const either: DidomiTestMatch;

// Clients.

didomi.client();
didomi.client('brand-b');
didomi.client({ apiKey: 'key' });
// @ts-expect-error the secret is no name of a client
didomi.client({ apiSecret: 'secret' });

// Standing answers to a known route.

didomi.when('GET /properties').reply(page);
didomi.when('GET /properties').reply(page, { status: 200, headers: { 'x-didomicachehit': 'true' } });
didomi.when('GET /properties').reply({ total: 1, limit: 100, skip: 0, data: [{ id: 'p' }] });
didomi.when('GET /properties').reply(() => page);
didomi.when('GET /properties').reply(async ({ params }) => ({ ...page, limit: Number(params.get('$limit')) }));
didomi.when('GET /properties').reply((request) => request.error('reset'));
didomi.when('GET /properties').reply((request) => request.flush(page));
didomi.when('GET /properties').error('reset').reply(page).reply();
// @ts-expect-error no page
didomi.when('GET /properties').reply([{ id: 'p' }]);
// @ts-expect-error an item without an id
didomi.when('GET /properties').reply({ total: 1, limit: 100, skip: 0, data: [{ name: 'Website' }] });
// @ts-expect-error a member that Didomi does not know
didomi.when('GET /properties').reply({ total: 1, limit: 100, skip: 0, data: [{ id: 'p', nme: 'Website' }] });
// @ts-expect-error no page from a function either
didomi.when('GET /properties').reply(() => [{ id: 'p' }]);
// @ts-expect-error nor from an asynchronous one
didomi.when('GET /properties').reply(async () => 'none');
// @ts-expect-error nor with another status of success
didomi.when('GET /properties').reply([], { status: 201 });
// @ts-expect-error nor from a function that flushes it
didomi.when('GET /properties').reply((request) => request.flush([]));

// Failures have any body, and so has a status that is not known.

didomi.when('GET /properties').reply({ message: 'no' }, { status: 400 });
didomi.when('GET /properties').reply('<html>', { status: 502 });
didomi.when('GET /properties').reply(() => '<html>', { status: 502 });
didomi.when('GET /properties').reply([], { status });

// One event or a list of them: the answer to a list is not documented.

didomi.when('POST /consents/events').reply(event);
didomi.when('POST /consents/events').reply([event]);
// @ts-expect-error not an event
didomi.when('POST /consents/events').reply({ id: 'e' });
didomi.when('DELETE /consents/events/{id}').reply(undefined, { status: 204 });

// Path parameters, of known and of unknown routes.

didomi.when('GET /consents/users/{id}', { path: { id: 'u' } });
didomi.when('GET /consents/users/{id}', { path: {} });
didomi.when('GET /metrics/{year}/{month}', { path: { year: 2026 } });
didomi.when(dynamic, { path: { id: 'u' } });
// @ts-expect-error a parameter that the route does not have
didomi.when('GET /consents/users/{id}', { path: { ID: 'u' } });
// @ts-expect-error nor has this one
didomi.expectNone('GET /metrics/{year}', { path: { month: 1 } });
// @ts-expect-error no parameter at all
didomi.match('GET /properties', { path: { id: 'u' } });
// @ts-expect-error of a URL
await didomi.expectOne('/properties', { path: { id: 'u' } });

// Requests that were taken.

const request = await didomi.expectOne('GET /properties');
request.flush(page);
request.flush();
request.flush('<html>', { status: 502 });
// @ts-expect-error no page
request.flush([]);
for (const taken of didomi.match('POST /consents/events')) taken.flush(event);
// @ts-expect-error not an event
didomi.match('POST /consents/events')[0]?.flush({ id: 'e' });
request satisfies DidomiTestRequest;

// Everything else takes any answer.

didomi.when('/properties').reply([]);
didomi.when('GET /metrics').reply([]);
didomi.when(dynamic).reply([]);
didomi.when(either).reply('text');
didomi.when(/properties/).reply(({ url }) => [url]);
didomi.when({ method: 'GET', url: '/properties' }).reply(null);
didomi.when(({ url }) => url === '/properties').reply(Buffer.from('bytes'));
holds<Same<Awaited<ReturnType<typeof unknownRequest>>, DidomiTestRequest>>();
const unknownRequest = async () => await didomi.expectOne('/properties');
