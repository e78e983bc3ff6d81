import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeDidomi } from '../../lib/testing/index.js';
import { Editor } from '../support/language-service.js';

const HEAD = `import type { DidomiResponseOf } from '../../../lib/api/didomi-routes.interface.js';\n`;
const OF_ACME = '?organization_id=acme';
const PROOF = `data:image/png;base64,${Buffer.from('proof').toString('base64')}`;

const consents = {
  purposes: [{ id: 'cookies', enabled: true, enabled_li: null, values: { channel: { value: 'sms,email' } } }],
  channels: [{ id: 'sms', enabled: null }],
  vendors: { enabled: ['google'], disabled_li: ['c:other'] },
};
const details = { metadata: { plan: 'free' }, country: 'FR', last_seen_country: 'DE' };

/** The compiler checks an object literal for missing, wrong and unknown members. */
const editor = new Editor();

let didomi: FakeDidomi | undefined;

afterEach(async () => {
  await didomi?.stop();
});

type Request = readonly [route: string, path?: string, body?: object];

/** What the compiler says against the answers to these requests as answers of their routes. */
async function complaints(requests: readonly Request[]): Promise<Record<string, readonly string[]>> {
  const token = await send(didomi!, 'POST /sessions', {
    type: 'api-key',
    key: didomi!.apiKey,
    secret: didomi!.apiSecret,
  });
  const { access_token } = token as { access_token: string };
  const found: Record<string, readonly string[]> = {};
  for (const [route, path, body] of requests) {
    const [method = '', template = ''] = route.split(' ');
    const answer = await send(didomi!, `${method} ${path ?? template}`, body, access_token);
    const messages = editor.messages(
      `${HEAD}export const answer: DidomiResponseOf<'${route}'> = ${JSON.stringify(answer)};`,
    );
    if (messages.length > 0) found[`${method} ${path ?? template}`] = messages;
  }
  return found;
}

async function send({ baseURL }: FakeDidomi, target: string, body?: object, accessToken = ''): Promise<unknown> {
  const [method = '', path = ''] = target.split(' ');
  const response = await fetch(baseURL + path, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect([target, response.status]).toEqual([target, 200]);
  return JSON.parse(await response.text(), withoutRegulation) as unknown;
}

/** On users, the fake answers with the regulation of their consents, to tell them apart. Whether Didomi does is not documented. */
function withoutRegulation(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('regulation' in value) || 'user' in value) return value;
  const { regulation: _regulation, ...user } = value;
  return user;
}

describe('answers of FakeDidomi have the types of the routes:', () => {
  it('properties', async () => {
    didomi = await FakeDidomi.start({ organizationId: 'acme', seed: { properties: [{ id: 'p' }] } });
    expect(
      await complaints([
        [
          'POST /properties',
          undefined,
          { organization_id: 'acme', name: 'Website', type: 'website', website: 'acme.com' },
        ],
        ['GET /properties'],
        ['GET /properties/{id}', '/properties/p'],
      ]),
    ).toEqual({});
  });

  it('API keys and quotas', async () => {
    didomi = await FakeDidomi.start({ organizationId: 'acme' });
    const path = `/keys/${didomi.apiKey}`;
    expect(
      await complaints([
        ['POST /sessions', undefined, { type: 'api-key', key: didomi.apiKey, secret: didomi.apiSecret }],
        ['POST /keys', undefined, { name: 'Importer', description: 'nightly', is_internal: false }],
        ['POST /keys', undefined, {}],
        ['GET /quotas'],
        ['GET /quotas/{id}', '/quotas/quota-acme'],
        ['GET /keys'],
        ['GET /keys/{id}', path],
        ['PATCH /keys/{id}', path, { enabled: true }],
        ['PUT /keys/{id}', path, { name: 'Other' }],
        ['DELETE /keys/{id}', path],
      ]),
    ).toEqual({});
  });

  it('notices, their configs and deployments', async () => {
    const notices = [{ id: 'n', name: 'Website' }];
    const noticeConfigs = [{ id: 'c', notice_id: 'n' }];
    didomi = await FakeDidomi.start({ organizationId: 'acme', seed: { notices, noticeConfigs } });
    const deployment = { organization_id: 'acme', notice_id: 'n', production_config_id: 'c' };
    expect(
      await complaints([
        ['POST /widgets/notices', undefined, { organization_id: 'acme', name: 'App' }],
        ['GET /widgets/notices'],
        ['GET /widgets/notices/{id}', '/widgets/notices/n'],
        ['PATCH /widgets/notices/{id}', '/widgets/notices/n', { organization_id: 'acme', name: 'New' }],
        ['PATCH /widgets/notices/configs/{id}', '/widgets/notices/configs/c', { platform: 'amp', targets: ['*'] }],
        ['POST /widgets/notices/deployments', undefined, deployment],
        ['GET /widgets/notices/configs'],
        ['GET /widgets/notices/configs/{id}', '/widgets/notices/configs/c'],
        ['GET /widgets/notices/deployments'],
        ['DELETE /widgets/notices/{id}', '/widgets/notices/n'],
      ]),
    ).toEqual({});
  });

  it('users', async () => {
    const consentUsers = [{ id: 'u', organization_user_id: 'jane', ...details, consents }, { id: 'v' }];
    didomi = await FakeDidomi.start({ organizationId: 'acme', seed: { consentUsers } });
    expect(
      await complaints([
        ['POST /consents/users', `/consents/users${OF_ACME}`, { organization_user_id: 'john', ...details }],
        ['POST /consents/users', `/consents/users${OF_ACME}`, { id: 'w' }],
        ['GET /consents/users', `/consents/users${OF_ACME}`],
        ['GET /consents/users/{id}', `/consents/users/u${OF_ACME}`],
        ['GET /consents/users/{id}', `/consents/users/v${OF_ACME}&regulation=cpra`],
        ['PATCH /consents/users/{id}', `/consents/users/u${OF_ACME}`, { version: 1, consents }],
        ['DELETE /consents/users/{id}', `/consents/users/v${OF_ACME}`],
      ]),
    ).toEqual({});
  });

  it('events', async () => {
    didomi = await FakeDidomi.start({
      organizationId: 'acme',
      seed: { consentEvents: [{ id: 'e', user: { id: 'u' } }] },
    });
    const path = `/consents/events${OF_ACME}`;
    const ofUser = `${OF_ACME}&user_id=u`;
    const full = {
      id: 'f',
      user: { id: 'u', ...details },
      consents,
      proofs: [PROOF],
      delegate: { id: 'd' },
      metadata: {},
    };
    expect(
      await complaints([
        ['POST /consents/events', path, full],
        [
          'POST /consents/events',
          path,
          { user: { organization_user_id: 'jane' }, status: 'pending_approval', consents },
        ],
        ['POST /consents/events', path, { user: { id: 'new' }, regulation: 'cpra' }],
        ['POST /consents/events', path, {}],
        ['GET /consents/events', `/consents/events${ofUser}`],
        ['GET /consents/events/{id}', `/consents/events/e${ofUser}`],
        ['PATCH /consents/events/{id}', `/consents/events/e${ofUser}`, { status: 'confirmed', proofs: [PROOF] }],
      ]),
    ).toEqual({});
  });

  it('proofs and consent tokens', async () => {
    didomi = await FakeDidomi.start({ organizationId: 'acme' });
    const token = { organization_user_id: 'jane', lifetime: 60, metadata: { plan: 'free' } };
    expect(
      await complaints([
        ['POST /consents/proofs', `/consents/proofs${OF_ACME}`, { file: PROOF }],
        ['POST /consents/tokens', `/consents/tokens${OF_ACME}`, token],
        ['POST /consents/tokens', `/consents/tokens${OF_ACME}`, { organization_user_id: 'jane' }],
      ]),
    ).toEqual({});
    const [proof] = didomi.state.consentProofs;
    expect(await complaints([['GET /consents/proofs/{id}', `/consents/proofs/${proof?.id}${OF_ACME}`]])).toEqual({});
  });
});
