import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeDidomi } from 'nestjs-didomi/testing';
import type { FakeDidomiOptions, FakeDidomiSeed } from 'nestjs-didomi/testing';
import { FakeDidomiAccessTokens } from '../../lib/testing/fake-didomi/auth/access-tokens.js';

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

const MB = 1024 * 1024;

describe('FakeDidomi limits', () => {
  let didomi: FakeDidomi;
  let accessToken: string;

  beforeEach(async () => {
    didomi = await FakeDidomi.start({ rateLimit: false });
    const { body } = await call('POST', '/sessions', {
      type: 'api-key',
      key: didomi.apiKey,
      secret: didomi.apiSecret,
    });
    accessToken = String(body['access_token']);
  });

  afterEach(() => didomi.stop());

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(didomi.baseURL + path, { method, headers, body: text });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  const property = (field: string) => `{"organization_id":"fake-organization","name":"Shop","field":${field}}`;
  const query = () => `organization_id=${didomi.organizationId}`;

  describe('of nesting', () => {
    it.each<[string, string, string]>([
      ['lists', '/properties', property('['.repeat(100) + ']'.repeat(100))],
      ['objects', '/properties', property('{"a":'.repeat(100) + '1' + '}'.repeat(100))],
      ['lists beside a short one', '/properties', property(`[[],${'['.repeat(99)}${']'.repeat(99)}]`)],
      ['more than the stack holds', '/properties', property('['.repeat(100_000) + ']'.repeat(100_000))],
      ['more than memory holds', '/properties', '['.repeat(15 * MB)],
      ['a notice', '/widgets/notices', property('['.repeat(100) + ']'.repeat(100))],
      ['an API key', '/keys', `{"name":${'['.repeat(100)}${']'.repeat(100)}}`],
      ['an event', '/consents/events?', `{"metadata":${'['.repeat(100)}${']'.repeat(100)}}`],
      ['a user', '/consents/users?', `{"metadata":{"a":${'['.repeat(100)}${']'.repeat(100)}}}`],
      ['a token request', '/sessions', '['.repeat(101) + ']'.repeat(101)],
    ])('refuses a deeply nested body with a 400: %s', async (_title, path, body) => {
      const before = didomi.state;
      const { status, body: envelope } = await call('POST', path + (path.endsWith('?') ? query() : ''), body);
      const message = 'The body is nested more than 100 levels deep';
      expect([status, envelope]).toEqual([400, { code: 400, name: 'BadRequest', message, errors: {} }]);
      expect(didomi.state).toEqual(before);
      expect((await call('GET', '/properties')).status).toBe(200);
    });

    it.each<[string, string]>([
      ['99 levels in a field', '['.repeat(99) + ']'.repeat(99)],
      ['many short lists', `[${'[],'.repeat(1000)}[]]`],
      ['brackets in a string', JSON.stringify('[{'.repeat(1000))],
      ['a string with quotes and backslashes', JSON.stringify('\\"['.repeat(1000))],
    ])('accepts %s', async (_title, field) => {
      const { status, body } = await call('POST', '/properties', property(field));
      expect([status, body['field']]).toEqual([200, JSON.parse(field)]);
      expect((await call('GET', '/properties')).status).toBe(200);
    });

    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;

    it.each<[string, object, string]>([
      ['nested too deeply', { field: nested(100) }, 'is nested more than 100 levels deep'],
      ['deeper than the stack', { field: nested(100_000) }, 'cannot be written as JSON'],
      ['circular', circular, 'cannot be written as JSON'],
      ['with a bigint', { field: 1n }, 'cannot be written as JSON'],
      ['that writes itself as something else', new Date(0), 'must be an object'],
    ])('refuses seeds that are %s', async (_title, entity, problem) => {
      const seed: FakeDidomiSeed = { properties: [{}, entity] };
      expect(() => didomi.seed(seed)).toThrow(new TypeError(`seed.properties[1] ${problem}`));
      await expect(FakeDidomi.start({ seed })).rejects.toThrow(TypeError);
      expect(didomi.state.properties).toHaveLength(4);
    });
  });

  describe('of size', () => {
    it('refuses what no longer fits with a 507, and answers as before', async () => {
      didomi.seed({ properties: Array.from({ length: 4 }, () => ({ field: 'x'.repeat(15 * MB) })) });
      const large = property(`"${'x'.repeat(5 * MB)}"`);
      const { status, body } = await call('POST', '/properties', large);
      expect([status, body]).toMatchObject([507, { code: 507, message: expect.stringContaining('reset') }]);
      expect((await call('POST', '/properties', property('1'))).status).toBe(200);
      expect((await call('GET', '/properties?$limit=4')).status).toBe(200);
      expect(() => didomi.seed({ properties: [{ field: 'x'.repeat(5 * MB) }] })).toThrow(/^seed.properties\[0\]: /);
      didomi.reset();
      expect((await call('POST', '/properties', large)).status).toBe(200);
    });

    it('makes room again by a change and by a deletion', async () => {
      const notice = (length: number) => ({ id: 'n-1', field: 'x'.repeat(length * MB) });
      didomi.seed({ notices: [notice(40)] });
      const { body } = await call('PATCH', '/widgets/notices/n-1', { field: 'x'.repeat(15 * MB) });
      expect(body).toMatchObject({ id: 'n-1' });
      didomi.seed({ notices: [{ ...notice(40), id: 'n-2' }] });
      expect((await call('DELETE', '/widgets/notices/n-2')).status).toBe(200);
      didomi.seed({ notices: [{ ...notice(40), id: 'n-3' }] });
    });

    it('refuses a user that grows beyond 1 MB, since lists repeat a user for each regulation', async () => {
      const patch = (metadata: object) => call('PATCH', `/consents/users/jane?${query()}`, { metadata });
      didomi.seed({ consentUsers: [{ id: 'jane' }] });
      expect((await patch({ a: 'x'.repeat(0.6 * MB) })).status).toBe(200);
      const { status, body } = await patch({ b: 'x'.repeat(0.6 * MB) });
      expect([status, body]).toMatchObject([413, { code: 413, message: 'A user must not exceed 1 MB' }]);
      const event = { user: { id: 'jane', metadata: { b: 'x'.repeat(0.6 * MB) } } };
      expect((await call('POST', `/consents/events?${query()}`, event)).status).toBe(413);
      expect((await call('GET', `/consents/users/jane?${query()}`)).body['metadata']).toHaveProperty('a');
    });
  });

  describe('of number', () => {
    it('forgets the access token issued first where there are more than 10,000', () => {
      const accessTokens = new FakeDidomiAccessTokens(60_000, () => 0);
      const first = accessTokens.issue('acme');
      const second = accessTokens.issue('acme');
      for (let i = 0; i < 9_999; i += 1) accessTokens.adopt(`access-token-${i}`, 'acme');
      expect(accessTokens.organizationOf(first)).toBeUndefined();
      expect(accessTokens.organizationOf(second)).toBe('acme');
      expect(accessTokens.organizationOf('access-token-9998')).toBe('acme');
    });

    it('forgets the cached list asked for least recently where there are more than 1,000', async () => {
      const isHit = async (page: number) =>
        (await call('GET', `/properties?page=${page}`)).headers.get('x-didomicachehit') === 'true';
      for (const page of [0, 1]) await isHit(page);
      const others = Array.from({ length: 998 }, (_, index) => index + 2);
      while (others.length > 0) await Promise.all(others.splice(0, 50).map(isHit));
      expect(await isHit(0)).toBe(true);
      await isHit(1_000);
      expect([await isHit(0), await isHit(1)]).toEqual([true, false]);
    });

    it('records no requests if told not to', async () => {
      await didomi.stop();
      didomi = await FakeDidomi.start({ recordRequests: false });
      await call('GET', '/properties');
      expect([didomi.requests, didomi.apiRequests]).toEqual([[], 1]);
    });
  });

  it('answers numbers only, whatever numbers it is sent', async () => {
    const { body } = await call('GET', `/properties?$skip=${'9'.repeat(400)}`);
    expect(body).toMatchObject({ total: 4, skip: expect.any(Number), data: [] });
    const notice = await call('POST', '/widgets/notices', { ...JSON.parse(property('1')), version: 'x' } as object);
    const { body: changed } = await call('PATCH', `/widgets/notices/${String(notice.body['id'])}`, { name: 'Site' });
    expect(changed['version']).toEqual(expect.any(Number));
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses an access token lifetime of %d', async (accessTokenLifetimeMs) => {
    const message = /^accessTokenLifetimeMs must be/;
    await expect(FakeDidomi.start({ accessTokenLifetimeMs })).rejects.toThrow(message);
    expect(() => (didomi.accessTokenLifetimeMs = accessTokenLifetimeMs)).toThrow(message);
  });

  it.each<[FakeDidomiOptions]>([[{ rateLimit: { windowMs: 1e300 } }], [{ rateLimit: { limit: 1e300 } }]])(
    'refuses a rate limit that no header can tell: %j',
    async (options) => {
      await expect(FakeDidomi.start(options)).rejects.toThrow(/^rateLimit\./);
    },
  );
});
