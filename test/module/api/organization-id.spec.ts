import { describe, expect, it } from '@jest/globals';
import type { DidomiRequestOptions } from '../../../lib/index.js';
import { createApi, type TestApi } from '../../support/create-api.js';
import { sentOrganizations } from '../../support/sent-url.js';
import { DOCUMENTED, REFERENCE } from '../../types/didomi-routes.js';

/** The routes whose body Didomi's reference gives an `organization_id`; those that update, only where it is required. */
const WITH_BODY = new Set([
  'POST /consents/events',
  'POST /consents/tokens',
  'POST /consents/users',
  'POST /domains',
  'POST /keys',
  'POST /members',
  'POST /metadata/partners',
  'POST /metadata/partners-default-purposes',
  'POST /metadata/partners-legitimate-interest-purposes',
  'POST /metadata/partners-purposes',
  'POST /metadata/partners-purposes-notices-regulations-overrides',
  'POST /metadata/partners-purposes-templates-overrides',
  'POST /metadata/partners-spi-purposes',
  'POST /metadata/partners-storages',
  'POST /metadata/purposes',
  'POST /metadata/purposes-groups',
  'POST /metadata/purposes-regulations-overrides',
  'POST /organizations-source-systems',
  'POST /privacy-centers',
  'POST /secrets',
  'POST /sso-connections',
  'POST /widgets/notices',
  'POST /widgets/notices/deployments',
  'POST /widgets/notices/generators/configs',
  'POST /widgets/notices/generators/sdk',
  'POST /widgets/notices/texts',
  'POST /widgets/notices/texts-contents',
  'PATCH /premium-features/{id}',
  'PATCH /privacy-centers/{id}',
  'PATCH /secrets/{id}',
  'PATCH /sso-connections/{id}',
  'PATCH /widgets/notices/configs/{id}',
  'PATCH /widgets/notices/texts-contents/{id}',
  'PATCH /widgets/notices/texts/{id}',
  'PATCH /widgets/notices/{id}',
  'PUT /premium-features/{id}',
  'PUT /privacy-centers/{id}',
  'PUT /secrets/{id}',
  'PUT /widgets/notices/texts-contents/{id}',
  'PUT /widgets/notices/texts/{id}',
  'PUT /widgets/notices/{id}',
]);

/** What belongs to no organization: the entities have no such field, and the routes no such parameter. */
const UNOWNED =
  /^[A-Z]+ \/(?:compliance\/v1\/regulations|cookies|languages|metadata\/partners-categories|metadata\/vendors|organizations|platform-integrations\/sessions|sessions|taxonomies\/vendors|vendors)(?:\/\{id\})?$/;

/** Without `POST /sessions`, which the stub takes for a token request of the client. */
const ROUTES = [...REFERENCE, ...DOCUMENTED].filter((route) => route !== 'POST /sessions');

interface Given {
  readonly query?: object;
  readonly body?: unknown;
  readonly didomi?: DidomiRequestOptions;
}

/** Sends a request, whatever the compiler thinks of it. */
async function send({ api }: TestApi, route: string, given: Given): Promise<void> {
  const path = route.includes('{id}') ? { id: 'x' } : undefined;
  await (api.request as (...args: unknown[]) => Promise<unknown>).call(api, route, { path, ...given });
}

function sentBody({ stub }: TestApi): unknown {
  const data: unknown = stub.apiRequests.at(-1)?.data;
  return typeof data === 'string' ? JSON.parse(data) : data;
}

describe('organization_id of DidomiApi', () => {
  it('goes into the query and the body of the routes that have it there', async () => {
    const made = await createApi({ organizationId: 'own' });
    const inBody = new Set<string>();
    for (const route of ROUTES) {
      await send(made, route, { body: { a: 1 } });
      expect([route, sentOrganizations(made)]).toEqual([route, UNOWNED.test(route) ? [] : ['own']]);
      const { organization_id, ...body } = sentBody(made) as Record<string, unknown>;
      if (organization_id === 'own') inBody.add(route);
      expect(body).toEqual({ a: 1 });
    }
    expect([...inBody].filter((route) => !WITH_BODY.has(route))).toEqual([]);
    expect([...WITH_BODY].filter((route) => !inBody.has(route))).toEqual([]);
  });

  it.each<[string, Given, string[], unknown]>([
    ['the request in didomi', { didomi: { organizationId: 'other' } }, ['other'], 'other'],
    ['the query', { query: { organization_id: 'other' } }, ['other'], 'other'],
    ['the body', { body: { organization_id: 'other' } }, ['other'], 'other'],
    ['the first item of the body', { body: [{ organization_id: 'other' }] }, ['other'], ['other']],
    ['the query and the body', { query: { organization_id: 'a' }, body: { organization_id: 'b' } }, ['a'], 'b'],
    ['nobody, by false', { didomi: { organizationId: false } }, [], undefined],
    [
      'the query despite false',
      { query: { organization_id: 'a' }, didomi: { organizationId: false } },
      ['a'],
      undefined,
    ],
    ['null in the body', { body: { organization_id: null } }, ['own'], null],
    ['undefined in the body', { body: { organization_id: undefined } }, ['own'], 'own'],
  ])('is that of %s', async (_title, given, query, body) => {
    const made = await createApi({ organizationId: 'own' });
    await send(made, 'POST /consents/events', { body: { a: 1 }, ...given });
    expect(sentOrganizations(made)).toEqual(query);
    const sent = sentBody(made) as Record<string, unknown> | Record<string, unknown>[];
    expect(Array.isArray(sent) ? sent.map((item) => item['organization_id']) : sent['organization_id']).toEqual(body);
  });

  it("goes into each item of a list, and leaves the caller's as they are", async () => {
    const made = await createApi({ organizationId: 'own' });
    const body = [{ a: 1 }, { a: 2, organization_id: 'own' }];
    await send(made, 'POST /consents/events', { body });
    expect(sentBody(made)).toEqual([
      { a: 1, organization_id: 'own' },
      { a: 2, organization_id: 'own' },
    ]);
    expect(body[0]).toEqual({ a: 1 });
  });

  it('goes into what toJSON() of the body answers', async () => {
    class Dto {
      readonly #name = 'x';
      toJSON = (): object => ({ name: this.#name });
    }
    const made = await createApi({ organizationId: 'own' });
    await send(made, 'POST /secrets', { body: new Dto() });
    expect(sentBody(made)).toEqual({ name: 'x', organization_id: 'own' });
  });

  it.each([
    ['text', 'text'],
    ['a Buffer', Buffer.from('x')],
    ['URLSearchParams', new URLSearchParams({ a: '1' })],
  ])('leaves a body alone that is %s', async (_title, body) => {
    const made = await createApi({ organizationId: 'own' });
    await send(made, 'POST /secrets', { body });
    expect(String(made.stub.apiRequests[0]?.data)).toBe(String(body));
  });

  it('is nowhere if neither the client nor the request has one', async () => {
    const made = await createApi();
    await send(made, 'POST /secrets', { body: { name: 'x' } });
    expect(sentOrganizations(made)).toEqual([]);
    expect(sentBody(made)).toEqual({ name: 'x' });
  });
});
