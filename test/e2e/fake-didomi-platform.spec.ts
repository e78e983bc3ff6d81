import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from '../support/decode-jwt.js';
import { FakeDidomi } from 'nestjs-didomi/testing';
import type { FakeDidomiOptions, FakeDidomiSeed } from 'nestjs-didomi/testing';

interface Entity {
  id: string;
  [field: string]: unknown;
}

interface Page {
  total: number;
  limit: number;
  skip: number;
  data: Entity[];
}

interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

const START = 1_700_000_000_000;
const INVALID_AUTHENTICATION = { code: 400, message: 'Invalid authentication information' };

describe('FakeDidomi beyond consents', () => {
  let now: number;
  let didomi: FakeDidomi;
  let accessToken: string;

  beforeEach(async () => {
    now = START;
    didomi = await FakeDidomi.start({ now: () => now, organizations: ['acme'] });
    accessToken = await logIn();
  });

  afterEach(() => didomi.stop());

  async function restart(options: FakeDidomiOptions): Promise<void> {
    await didomi.stop();
    didomi = await FakeDidomi.start({ now: () => now, organizations: ['acme'], ...options });
    accessToken = await logIn();
  }

  async function call<T = Entity>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
    const response = await fetch(didomi.baseURL + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T };
  }

  const get = <T = Page>(path: string) => call<T>('GET', path);
  const requestAccessToken = (key: string, secret: string) =>
    call<{ access_token: string }>('POST', '/sessions', { type: 'api-key', key, secret });

  async function logIn(): Promise<string> {
    return (await requestAccessToken(didomi.apiKey, didomi.apiSecret)).body.access_token;
  }

  async function idsOf(path: string): Promise<string[]> {
    return (await get(path)).body.data.map(({ id }) => id);
  }

  describe('rate limit', () => {
    const limited = async (path = '/properties', method = 'GET') => {
      const { status, headers } = await call(method, path);
      return [status, headers.get('ratelimit'), headers.get('retry-after')];
    };

    it('counts in a window that begins with the first request, and refuses those beyond with a 429', async () => {
      await restart({ rateLimit: { limit: 2, windowMs: 15_000 } });
      now += 60_000;
      expect(await limited()).toEqual([200, 'limit=2, remaining=1, reset=15', null]);
      now += 7_001;
      expect(await limited()).toEqual([200, 'limit=2, remaining=0, reset=8', null]);
      expect(await limited()).toEqual([429, 'limit=2, remaining=0, reset=8', '8']);
      now += 7_998;
      expect(await limited()).toEqual([429, 'limit=2, remaining=0, reset=1', '1']);
      now += 1;
      expect(await limited()).toEqual([200, 'limit=2, remaining=1, reset=15', null]);
    });

    it('is 100 requests in 15 seconds, and a 429 has Didomi’s envelope', async () => {
      const first = await get('/properties');
      expect(first.headers.get('ratelimit')).toBe('limit=100, remaining=99, reset=15');
      expect(first.headers.get('ratelimit-policy')).toBe('100;w=15');
      await Promise.all(Array.from({ length: 99 }, () => get('/properties')));
      const { status, body, headers } = await get<object>('/properties');
      expect([status, headers.get('ratelimit-policy'), headers.get('retry-after')]).toEqual([429, '100;w=15', '15']);
      expect(body).toEqual({ code: 429, name: 'TooManyRequests', message: 'Too Many Requests', errors: {} });
    });

    it('spares consents, users with their full tree excepted', async () => {
      await restart({ rateLimit: { limit: 2 }, seed: { consentUsers: [{ id: 'user-1' }] } });
      const query = `organization_id=${didomi.organizationId}`;
      for (const path of ['/consents/users', '/consents/users/user-1', '/consents/events']) {
        expect(await limited(`${path}?${query}&user_id=user-1`)).toEqual([200, null, null]);
      }
      expect(await limited(`/consents/events?${query}&user_id=u&$include_full_tree=true`)).toEqual([200, null, null]);
      expect(await limited(`/consents/users?${query}&$include_full_tree=false`)).toEqual([200, null, null]);
      expect((await limited(`/consents/users?${query}&$include_full_tree=true`))[1]).toMatch('remaining=1');
      expect((await limited(`/consents/users/user-1?${query}&%24include_full_tree=true`))[1]).toMatch('remaining=0');
      expect((await limited(`/consents/users?${query}&$include_full_tree=true`))[0]).toBe(429);
      expect((await limited(`/consents/users?${query}`))[0]).toBe(200);
    });

    it('counts neither token requests, nor requests without a live access token, nor scripted answers', async () => {
      await restart({ rateLimit: { limit: 1 } });
      expect((await requestAccessToken(didomi.apiKey, didomi.apiSecret)).headers.get('ratelimit')).toBeNull();
      const live = accessToken;
      accessToken = 'unknown';
      expect(await limited()).toEqual([401, null, null]);
      accessToken = live;
      didomi.script('api-requests', { status: 503 }, { times: 1 });
      expect(await limited()).toEqual([503, null, null]);
      expect((await limited())[0]).toBe(200);
    });

    it('counts failures, too', async () => {
      await restart({ rateLimit: { limit: 2 } });
      expect((await limited('/nowhere')).slice(0, 2)).toEqual([404, 'limit=2, remaining=1, reset=15']);
      expect((await limited('/properties', 'DELETE')).slice(0, 2)).toEqual([405, 'limit=2, remaining=0, reset=15']);
    });

    it('is shared by the API keys of an organization and by nobody else', async () => {
      await restart({ rateLimit: { limit: 3 }, organizations: ['other'] });
      const { body: sibling } = await call<Entity & { secret: string }>('POST', '/keys', {});
      const { body: foreign } = await call<Entity & { secret: string }>('POST', '/keys', { organization_id: 'other' });
      accessToken = (await requestAccessToken(sibling.id, sibling.secret)).body.access_token;
      expect((await limited()).slice(0, 2)).toEqual([200, 'limit=3, remaining=0, reset=15']);
      expect((await limited())[0]).toBe(429);
      accessToken = (await requestAccessToken(foreign.id, foreign.secret)).body.access_token;
      expect((await limited()).slice(0, 2)).toEqual([200, 'limit=3, remaining=2, reset=15']);
    });

    it('is not moved by a clock that is wrong, and survives one that is turned back', async () => {
      await restart({ rateLimit: { limit: 3 } });
      await limited();
      didomi.clockOffsetMs = 600_000;
      expect(await limited()).toEqual([200, 'limit=3, remaining=1, reset=15', null]);
      didomi.clockOffsetMs = 0;
      now -= 1_000;
      expect(await limited()).toEqual([200, 'limit=3, remaining=2, reset=15', null]);
    });

    it('begins anew on reset', async () => {
      await restart({ rateLimit: { limit: 1 } });
      await limited();
      expect((await limited())[0]).toBe(429);
      didomi.reset();
      expect((await limited())[0]).toBe(200);
    });

    it('can be left out', async () => {
      await restart({ rateLimit: false });
      await Promise.all(Array.from({ length: 110 }, () => get('/properties')));
      const { status, headers } = await get('/properties');
      expect([status, headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([200, null, null]);
    });

    it.each([{ limit: 0 }, { limit: 1.5 }, { windowMs: 0 }, { windowMs: Number.NaN }])(
      'has to make sense: %j',
      async (rateLimit) => {
        const [option = ''] = Object.keys(rateLimit);
        await expect(FakeDidomi.start({ rateLimit })).rejects.toThrow(new RegExp(`^rateLimit.${option} must be`));
      },
    );
  });

  describe('API keys', () => {
    const create = (body: object = {}) => call<Entity & { secret: string }>('POST', '/keys', body);

    it('show their API secret when they are created, and never again', async () => {
      const { status, body } = await create({ name: 'Importer', description: 'nightly' });
      expect(status).toBe(200);
      expect(body).toEqual({
        id: expect.any(String),
        organization_id: didomi.organizationId,
        enabled: true,
        created_at: new Date(START).toISOString(),
        secret: expect.any(String),
      });
      const { secret, ...created } = body;
      const apiKey = { ...created, name: 'Importer', description: 'nightly', is_internal: false };
      expect((await get<Entity>(`/keys/${body.id}`)).body).toEqual(apiKey);
      const { body: list } = await get('/keys');
      expect(list).toMatchObject({ total: 2, limit: 100, skip: 0, data: [{ id: didomi.apiKey }, apiKey] });
      const shown = JSON.stringify([list, didomi.state, await call('PATCH', `/keys/${body.id}`, { enabled: true })]);
      for (const hidden of [secret, didomi.apiSecret, accessToken]) expect(shown).not.toContain(hidden);
    });

    it('obtain access tokens until they are disabled, while issued access tokens live on', async () => {
      const { id, secret } = (await create()).body;
      expect((await requestAccessToken(id, 'wrong')).body).toMatchObject(INVALID_AUTHENTICATION);
      accessToken = (await requestAccessToken(id, secret)).body.access_token;
      expect(decodeJwt(accessToken).exp).toBe(START / 1000 + 3600);

      expect((await call('PATCH', `/keys/${id}`, { enabled: false })).body).toMatchObject({ id, enabled: false });
      const { status, body } = await requestAccessToken(id, secret);
      expect([status, body]).toEqual([400, expect.objectContaining(INVALID_AUTHENTICATION)]);
      expect((await get('/properties')).status).toBe(200);
      await call('PATCH', `/keys/${id}`, { enabled: true });
      expect((await requestAccessToken(id, secret)).status).toBe(200);
    });

    it('obtain none once they are deleted', async () => {
      const { id, secret } = (await create()).body;
      accessToken = (await requestAccessToken(id, secret)).body.access_token;
      expect((await call('DELETE', `/keys/${id}`)).body).toMatchObject({ id });
      expect((await requestAccessToken(id, secret)).body).toMatchObject(INVALID_AUTHENTICATION);
      expect((await get('/properties')).status).toBe(200);
      expect((await get(`/keys/${id}`)).status).toBe(404);
    });

    it('include the one of the options, which the methods of the fake and requests change alike', async () => {
      didomi.disableApiKey();
      expect((await get(`/keys/${didomi.apiKey}`)).body).toMatchObject({ enabled: false });
      await call('PATCH', `/keys/${didomi.apiKey}`, { enabled: true });
      expect(didomi.enabled).toBe(true);
      await call('DELETE', `/keys/${didomi.apiKey}`);
      expect(didomi.enabled).toBe(false);
      didomi.disableApiKey();
      expect((await get(`/keys/${didomi.apiKey}`)).status).toBe(404);
      didomi.rotateApiSecret('rotated-secret');
      didomi.enableApiKey();
      expect((await requestAccessToken(didomi.apiKey, 'rotated-secret')).status).toBe(200);
    });

    it('outlive a reset', async () => {
      const { id, secret } = (await create()).body;
      didomi.reset();
      expect((await requestAccessToken(id, secret)).status).toBe(200);
    });

    it('are not listed if they are internal, unless asked for', async () => {
      const { id } = (await create({ is_internal: true })).body;
      expect(await idsOf('/keys')).toEqual([didomi.apiKey]);
      expect(await idsOf('/keys?is_internal=true')).toEqual([id]);
    });

    it('cannot be enabled by half', async () => {
      const { status, body } = await call('PATCH', `/keys/${didomi.apiKey}`, { enabled: 'canary' });
      expect([status, body['errors']]).toEqual([400, [{ field: 'enabled', message: 'must be true or false' }]]);
    });
  });

  describe('organizations', () => {
    const event = { user: { id: 'jane' } };

    it.each([
      ['GET', '/properties?organization_id=unknown', undefined],
      ['GET', '/properties?organization_id=undefined', undefined],
      ['GET', '/properties?organization_id=acme&organization_id=unknown', undefined],
      ['GET', '/properties?organization_id[$in]=acme&organization_id[$in][]=unknown', undefined],
      ['GET', '/consents/users?organization_id=unknown', undefined],
      ['POST', '/consents/events?organization_id=unknown', event],
      ['POST', '/consents/events?organization_id=acme', { ...event, organization_id: 'unknown' }],
      ['POST', '/consents/events?organization_id=acme', [event, { ...event, organization_id: 'unknown' }]],
      ['POST', '/consents/tokens', { organization_id: 'unknown', organization_user_id: 'jane' }],
      ['POST', '/widgets/notices', { organization_id: 'unknown', name: 'Site' }],
      ['POST', '/keys', { organization_id: 'unknown' }],
    ])('that the API key has no access to are answered with a 403: %s %s', async (method, path, body) => {
      const before = didomi.state;
      const { status, body: envelope } = await call<object>(method, path, body);
      const message = 'The API key has no access to this organization';
      expect([status, envelope]).toEqual([403, { code: 403, name: 'Forbidden', message, errors: {} }]);
      expect(didomi.state).toEqual(before);
    });

    it('are the own one, those of the options and those of what is seeded', async () => {
      await restart({ organizations: ['acme'], seed: { notices: [{ organization_id: 'seeded' }] } });
      for (const known of [didomi.organizationId, 'acme', 'seeded', `${didomi.organizationId}-partner`]) {
        expect((await get(`/properties?organization_id=${known}`)).status).toBe(200);
      }
      expect((await get('/properties?organization_id=later')).status).toBe(403);
      didomi.seed({ consentUsers: [{ organization_id: 'later' }] });
      expect((await get('/properties?organization_id=later')).status).toBe(200);
      didomi.reset();
      expect((await get('/properties?organization_id=later')).status).toBe(403);
      expect((await get('/properties?organization_id=seeded')).status).toBe(200);
    });

    it('may be any', async () => {
      await restart({ organizations: 'any' });
      expect((await get('/properties?organization_id=unknown')).body).toMatchObject({ total: 0 });
      expect((await call('POST', '/consents/events?organization_id=unknown', event)).status).toBe(200);
    });

    it.each(['acme', [1], [''], {}])('have to be a list of ids: %j', async (organizations) => {
      const options = { organizations } as unknown as FakeDidomiOptions;
      await expect(FakeDidomi.start(options)).rejects.toThrow(/^organizations must be/);
    });
  });

  it('lists Didomi’s default quotas in an offset envelope', async () => {
    const { body } = await get(`/quotas?organization_id=${didomi.organizationId}`);
    expect(body).toMatchObject({ total: 1, limit: 100, skip: 0 });
    expect(body.data).toMatchObject([
      {
        organization_id: didomi.organizationId,
        api_requests: 100,
        scraper_enabled_properties: 250,
        parallel_notices_deployments: 3,
        exports_configs: 3,
        exports_destinations: 2,
        consent_proof_reports: 10,
        secrets: 300,
        metadata_partners: 500,
        metadata_purposes: 300,
      },
    ]);
    expect((await get<Entity>(`/quotas/${body.data[0]?.id}`)).body).toEqual(body.data[0]);
  });

  describe('properties', () => {
    it('are read one by one, and created', async () => {
      const [first] = (await get('/properties')).body.data;
      expect((await get<Entity>('/properties/property-website')).body).toEqual(first);
      expect((await get<object>('/properties/nobody')).body).toMatchObject({ code: 404, name: 'NotFound' });
      const { body } = await call('POST', '/properties', { organization_id: 'acme', name: 'Shop', type: 'website' });
      expect(body).toMatchObject({ id: expect.any(String), name: 'Shop' });
      expect(await idsOf('/properties?organization_id=acme')).toEqual([body.id]);
      const { status, body: refusal } = await call('POST', '/properties', {});
      expect([status, refusal['errors']]).toMatchObject([400, [{ field: 'organization_id' }, { field: 'name' }]]);
    });
  });

  describe('notices', () => {
    const create = async () => (await call('POST', '/widgets/notices', { organization_id: 'acme', name: 'Site' })).body;
    const draftsOf = async (notice: Entity) =>
      (await get(`/widgets/notices/configs?notice_id=${notice.id}&deployed_at=null`)).body.data;

    it('are created with one draft config, changed, and deleted together with it', async () => {
      const notice = await create();
      expect(notice).toMatchObject({ id: expect.any(String), organization_id: 'acme', name: 'Site', version: 1 });
      expect(await draftsOf(notice)).toMatchObject([{ notice_id: notice.id, deployed_at: null }]);

      const changed = await call('PATCH', `/widgets/notices/${notice.id}`, {
        name: 'Shop',
        id: 'x',
        organization_id: didomi.organizationId,
      });
      expect(changed.body).toMatchObject({ id: notice.id, organization_id: 'acme', name: 'Shop', version: 2 });
      expect((await get(`/widgets/notices/${notice.id}`)).body).toEqual(changed.body);
      expect((await get('/widgets/notices')).body).toMatchObject({ total: 1, data: [changed.body] });

      expect((await call('DELETE', `/widgets/notices/${notice.id}`)).body).toEqual(changed.body);
      expect((await get(`/widgets/notices/${notice.id}`)).status).toBe(404);
      expect((await get('/widgets/notices/configs')).body.data).toEqual([]);
    });

    it('are refused without a name and an organization', async () => {
      const { status, body } = await call('POST', '/widgets/notices', { name: '' });
      expect([status, body['errors']]).toMatchObject([400, [{ field: 'organization_id' }, { field: 'name' }]]);
    });

    it('are published by a deployment, after which there is a new draft with the same content', async () => {
      const notice = await create();
      const [draft] = await draftsOf(notice);
      const path = `/widgets/notices/configs/${draft!.id}`;
      const input = { config: { app: { name: 'Shop' } }, notice_id: 'x', deployed_at: 'x' };
      const { body: changed } = await call('PATCH', path, input);
      expect(changed).toMatchObject({ config: input.config, notice_id: notice.id, deployed_at: null, version: 2 });

      now += 60_000;
      const { status, body: deployment } = await call('POST', '/widgets/notices/deployments', {
        production_config_id: draft!.id,
        message: 'Go',
      });
      expect([status, deployment]).toMatchObject([
        200,
        {
          organization_id: 'acme',
          notice_id: notice.id,
          production_config_id: draft!.id,
          message: 'Go',
          status: 'success',
        },
      ]);
      expect((await get(`/widgets/notices/deployments/${deployment.id}`)).body).toEqual(deployment);
      expect(await idsOf(`/widgets/notices/deployments?notice_id=${notice.id}`)).toEqual([deployment.id]);
      expect((await get(path)).body).toMatchObject({ deployed_at: new Date(now).toISOString() });
      const drafts = await draftsOf(notice);
      expect(drafts).toMatchObject([{ config: input.config, deployed_at: null, version: 1 }]);
      expect(drafts[0]!.id).not.toBe(draft!.id);
    });

    it('keep their draft if an older config is published again', async () => {
      const notice = await create();
      const [first] = await draftsOf(notice);
      await call('POST', '/widgets/notices/deployments', { production_config_id: first!.id });
      const [second] = await draftsOf(notice);
      await call('POST', '/widgets/notices/deployments', { production_config_id: first!.id });
      expect(await draftsOf(notice)).toEqual([second]);
    });

    it.each([
      [{}, 'production_config_id'],
      [{ production_config_id: 'nobody' }, 'production_config_id'],
      [{ production_config_id: 'config-1', notice_id: 'other' }, 'notice_id'],
    ])('are not published by %j', async (body, field) => {
      didomi.seed({ noticeConfigs: [{ id: 'config-1', notice_id: 'notice-1' }] });
      const answer = await call('POST', '/widgets/notices/deployments', body);
      expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ field }]]);
      expect(didomi.state.noticeDeployments).toEqual([]);
    });
  });

  describe('lists', () => {
    const rooms = Array.from({ length: 130 }, (_, index) => ({
      id: `p-${index}`,
      name: `Room ${index % 3}`,
      rank: index,
      nested: { floor: index % 2 === 0 ? null : index },
    }));

    it('with an offset envelope cut $limit down to 100 and say so', async () => {
      await restart({ seed: { properties: rooms } });
      const { body } = await get('/properties?$limit=5000');
      expect([body.total, body.limit, body.skip, body.data.length]).toEqual([130, 100, 0, 100]);
      const { body: rest } = await get('/properties?$limit=5000&$skip=100');
      expect([rest.total, rest.limit, rest.skip, rest.data.length]).toEqual([130, 100, 100, 30]);
    });

    it('are sorted by $sort, by one field after the other', async () => {
      await restart({ seed: { properties: rooms.slice(0, 12) } });
      expect((await idsOf('/properties?$sort[rank]=-1')).slice(0, 2)).toEqual(['p-11', 'p-10']);
      expect((await idsOf('/properties?$sort%5Bname%5D=-1&$sort%5Brank%5D=1')).slice(0, 5)).toEqual([
        'p-2',
        'p-5',
        'p-8',
        'p-11',
        'p-1',
      ]);
    });

    it('are filtered by equality, by $in and by the word null', async () => {
      await restart({ seed: { properties: rooms.slice(0, 6) } });
      expect(await idsOf('/properties?name=Room%201')).toEqual(['p-1', 'p-4']);
      expect(await idsOf('/properties?rank=3')).toEqual(['p-3']);
      expect(await idsOf('/properties?rank[$in]=3&rank[$in]=5&rank[$in]=99')).toEqual(['p-3', 'p-5']);
      expect(await idsOf('/properties?rank%5B%24in%5D%5B%5D=3&rank[$in][1]=5')).toEqual(['p-3', 'p-5']);
      expect(await idsOf('/properties?nested.floor=null&name=Room%200')).toEqual(['p-0']);
      expect(await idsOf('/properties?name=Room%201&rank=0')).toEqual([]);
      expect(await idsOf('/properties?unknown=1')).toEqual([]);
      expect((await get('/properties?rank[$gte]=3')).status).toBe(400);
    });

    it('of privacy widgets come without an envelope', async () => {
      await restart({ seed: { configTrees: rooms.slice(0, 2), widgetDeployments: rooms.slice(0, 5) } });
      const ids = async (path: string) => (await get<Entity[]>(path)).body.map(({ id }) => id);
      expect(await ids('/config-trees')).toEqual(['p-0', 'p-1']);
      expect(await ids('/widgets/deployments?$limit=2&$skip=3')).toEqual(['p-3', 'p-4']);
      expect(await ids('/widgets/deployments?$limit=2&$skip=5')).toEqual([]);
      expect(await ids('/widgets/deployments?$sort[rank]=-1&$limit=1')).toEqual(['p-4']);
    });
  });

  describe('cache', () => {
    const hit = async (path: string) => {
      const { headers } = await get(path);
      return [headers.get('x-didomicacheenabled'), headers.get('x-didomicachehit')];
    };

    it.each([
      ['/properties', () => call('POST', '/properties', { organization_id: 'acme', name: 'Shop' })],
      ['/widgets/notices', () => call('POST', '/widgets/notices', { organization_id: 'acme', name: 'Site' })],
      ['/widgets/notices/configs', () => call('PATCH', '/widgets/notices/configs/config-1', { config: {} })],
    ])('of %s has an answer from the second time on, until the data changes', async (path, change) => {
      didomi.seed({ noticeConfigs: [{ id: 'config-1', notice_id: 'notice-1' }] });
      expect(await hit(`${path}?a=1&b=2`)).toEqual(['true', 'false']);
      expect(await hit(`${path}?b=2&a=1`)).toEqual(['true', 'true']);
      expect(await hit(`${path}?a=1`)).toEqual(['true', 'false']);
      expect((await change()).status).toBe(200);
      expect(await hit(`${path}?a=1&b=2`)).toEqual(['true', 'false']);
      didomi.reset();
      expect(await hit(`${path}?a=1&b=2`)).toEqual(['true', 'false']);
    });

    it('has nothing to say of other routes', async () => {
      expect(await hit('/keys')).toEqual([null, null]);
      expect(await hit('/properties/property-ios')).toEqual([null, null]);
    });
  });

  describe('refusals', () => {
    it.each([
      ['DELETE', '/properties', 'GET, POST'],
      ['GET', '/sessions', 'POST'],
      ['PUT', '/consents/events/x', 'GET, PATCH, DELETE'],
      ['DELETE', '/widgets/notices/configs', 'GET'],
    ])('answer %s %s with a 405', async (method, path, allow) => {
      const { status, body, headers } = await call<object>(method, path);
      expect([status, headers.get('allow')]).toEqual([405, allow]);
      expect(body).toEqual({ code: 405, name: 'MethodNotAllowed', message: 'Method Not Allowed', errors: {} });
    });

    it.each(['/nowhere', '/keys/', '/keys/a/b', '/v1/keys', '/'])('answer GET %s with a 404', async (path) => {
      const { status, body } = await get<object>(path);
      expect([status, body]).toMatchObject([404, { code: 404, name: 'NotFound', errors: {} }]);
    });

    it.each([
      ['POST', '/keys'],
      ['PATCH', '/keys/fake-api-key'],
      ['POST', '/widgets/notices'],
      ['POST', '/consents/tokens'],
    ])('answer a body of %s %s that is no object with a 400', async (method, path) => {
      for (const body of ['canary', 1, null]) {
        const { status, body: envelope } = await call<object>(method, path, body);
        expect([status, envelope]).toMatchObject([400, { code: 400, name: 'BadRequest' }]);
        expect(JSON.stringify(envelope)).not.toContain('canary');
      }
      expect((await call(method, path, ['canary'])).status).toBe(400);
      expect((await call(method, path)).status).toBe(400);
    });

    it('answer a path that is not encoded correctly with a 400', async () => {
      expect((await get('/keys/%E0%A4%A')).status).toBe(400);
    });
  });

  describe('state', () => {
    it('holds what was seeded and what the application stored', async () => {
      await restart({
        organizationId: 'acme',
        seed: {
          properties: [{ id: 'p-1', name: 'Shop' }, {}],
          notices: [{ id: 'n-1' }, { id: 'n-2' }],
          noticeConfigs: [
            { id: 'c-1', notice_id: 'n-1', config: { a: 1 } },
            { id: 'c-2', notice_id: 'n-1', deployed_at: '2024-01-01T00:00:00.000Z' },
          ],
          consentUsers: [{ id: 'u-1', organization_user_id: 'jane', metadata: { plan: null } }],
          consentEvents: [{ user: { id: 'u-1' }, consents: { purposes: [{ id: 'ads', enabled: null }] } }],
        },
      });
      await call('POST', '/consents/events?organization_id=acme', { id: 'e-2', user: { id: 'u-2' } });

      const { state } = didomi;
      expect(state.properties).toMatchObject([
        { id: 'p-1', organization_id: 'acme', name: 'Shop', created_at: new Date(START).toISOString() },
        { id: expect.any(String), organization_id: 'acme' },
      ]);
      expect(state.notices).toMatchObject([{ id: 'n-1', organization_id: 'acme' }, { id: 'n-2' }]);
      expect(state.noticeConfigs).toMatchObject([
        { id: 'c-1', notice_id: 'n-1', deployed_at: null, config: { a: 1 } },
        { id: 'c-2', notice_id: 'n-1', deployed_at: '2024-01-01T00:00:00.000Z' },
        { notice_id: 'n-2', deployed_at: null },
      ]);
      expect(state.consentEvents).toMatchObject([{ user: { organization_user_id: 'jane' } }, { id: 'e-2' }]);
      expect(state.consentUsers).toMatchObject([
        { id: 'u-1', metadata: { plan: null }, consents: { purposes: [{ id: 'ads', enabled: null }] } },
        { id: 'u-2' },
      ]);
      expect(state.apiKeys).toMatchObject([{ id: didomi.apiKey, enabled: true }]);
      expect(await idsOf('/properties')).toEqual(state.properties.map(({ id }) => id));
      for (const secret of [didomi.apiSecret, accessToken]) expect(JSON.stringify(state)).not.toContain(secret);
    });

    it('is a copy, and so is what was seeded', async () => {
      const seed = { consentEvents: [{ id: 'e-1', metadata: { booking: 1 } }] };
      await restart({ seed });
      seed.consentEvents[0]!.metadata.booking = 2;
      Object.assign(didomi.state.consentEvents[0]!['metadata'] as object, { booking: 3 });
      expect(didomi.state.consentEvents).toMatchObject([{ metadata: { booking: 1 } }]);
      didomi.reset();
      expect(didomi.state.consentEvents).toMatchObject([{ metadata: { booking: 1 } }]);
    });

    it('can be added to, and goes back to the start on reset', async () => {
      await restart({ seed: { notices: [{ id: 'n-1' }], consentUsers: [{ id: 'u-1' }] } });
      const start = didomi.state;
      didomi.seed({ notices: [{ id: 'n-2' }], consentEvents: [{ user: { id: 'u-1' } }] });
      await call('DELETE', '/widgets/notices/n-1');
      expect(await idsOf('/widgets/notices')).toEqual(['n-2']);
      expect(didomi.state.properties).toHaveLength(4);
      didomi.reset();
      expect(didomi.state).toEqual(start);
    });

    it.each<[unknown, string]>([
      [null, 'seed must be an object'],
      [{ property: [] }, 'seed.property is not known; known are properties, '],
      [{ properties: {} }, 'seed.properties must be a list'],
      [{ properties: ['canary'] }, 'seed.properties[0] must be an object'],
      [{ notices: [{}, { id: 1 }] }, 'seed.notices[1].id must be a string that is not empty'],
      [{ properties: [{ organization_id: '' }] }, 'seed.properties[0].organization_id must be a string'],
      [{ notices: [{ id: 'n' }, { id: 'n' }] }, 'seed.notices[1]: This id exists already'],
      [{ noticeConfigs: [{}] }, 'seed.noticeConfigs[0].notice_id is required'],
      [{ noticeConfigs: [{ notice_id: 'n' }, { notice_id: 'n' }] }, 'seed.noticeConfigs[1]: The notice has a draft'],
      [{ consentUsers: [{ id: 'u' }, { id: 'u' }] }, 'seed.consentUsers[1]: A user with this id exists already'],
      [{ consentUsers: [{ consents: 'canary' }] }, 'seed.consentUsers[0].consents must be an object'],
      [{ consentEvents: [{ status: 'canary' }] }, 'seed.consentEvents[0].status must be confirmed or pending_approval'],
      [{ consentEvents: [{ id: 'e' }, { id: 'e' }] }, 'seed.consentEvents[1]: An event with this id exists already'],
      [{ consentEvents: [{ proofs: ['canary'] }] }, 'seed.consentEvents[0].proofs.0 must be a data URI in base64'],
    ])('refuses the seed %j', async (seed, message) => {
      const error = (await FakeDidomi.start({ seed: seed as FakeDidomiSeed }).catch(
        (reason: unknown) => reason,
      )) as Error;
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain(message);
      expect(error.message).not.toContain('canary');
      expect(() => didomi.seed(seed as FakeDidomiSeed)).toThrow(TypeError);
    });
  });
});
