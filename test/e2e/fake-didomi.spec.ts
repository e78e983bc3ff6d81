import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from '../support/decode-jwt.js';
import { FakeDidomi } from 'nestjs-didomi/testing';
import type { FakeDidomiOptions } from 'nestjs-didomi/testing';

const INVALID_AUTHENTICATION = {
  code: 400,
  name: 'BadRequest',
  message: 'Invalid authentication information',
  errors: {},
};
const NOT_AUTHENTICATED = { code: 401, name: 'NotAuthenticated', message: expect.any(String), errors: {} };

function fail(): never {
  throw new Error('mistake in the test');
}

describe('FakeDidomi', () => {
  let didomi: FakeDidomi;

  beforeEach(async () => {
    didomi = await FakeDidomi.start();
  });

  afterEach(() => didomi.stop());

  async function restart(options: FakeDidomiOptions): Promise<void> {
    await didomi.stop();
    didomi = await FakeDidomi.start(options);
  }

  function postSession(body: unknown, base = didomi.baseURL): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${base}/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
  }

  function logIn(secret = didomi.apiSecret, key = didomi.apiKey): Promise<Response> {
    return postSession({ type: 'api-key', key, secret });
  }

  async function getAccessToken(): Promise<string> {
    const { access_token: accessToken } = (await (await logIn()).json()) as { access_token: string };
    return accessToken;
  }

  function get(path: string, accessToken?: string, base = didomi.baseURL): Promise<Response> {
    const headers: Record<string, string> = {};
    if (accessToken !== undefined) headers['authorization'] = `Bearer ${accessToken}`;
    return fetch(base + path, { headers });
  }

  async function statusOf(accessToken: string): Promise<number> {
    return (await get('/properties', accessToken)).status;
  }

  describe('token requests', () => {
    it('answers the right credentials with a JWT that lives for an hour', async () => {
      const response = await logIn();

      expect(response.status).toBe(200);
      const body = (await response.json()) as { access_token: string };
      expect(Object.keys(body)).toEqual(['access_token']);
      expect(decodeProtectedHeader(body.access_token)).toEqual({ alg: 'HS256', typ: 'JWT' });
      const { iat, exp } = decodeJwt(body.access_token);
      expect(Number.isInteger(iat)).toBe(true);
      expect(exp).toBe(iat! + 3600);
    });

    it('issues different access tokens within one second', async () => {
      await restart({ now: () => 1_700_000_000_000 });
      expect(await getAccessToken()).not.toBe(await getAccessToken());
    });

    it.each([
      ['a wrong API secret', () => logIn('wrong')],
      ['a wrong API key', () => logIn(didomi.apiSecret, 'wrong')],
    ])('answers %s with Didomi’s 400', async (_title, attempt) => {
      const response = await attempt();
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual(INVALID_AUTHENTICATION);
    });

    it('refuses a disabled API key while issued access tokens live on', async () => {
      const accessToken = await getAccessToken();
      didomi.disableApiKey();

      expect(didomi.enabled).toBe(false);
      expect(await (await logIn()).json()).toEqual(INVALID_AUTHENTICATION);
      expect(await statusOf(accessToken)).toBe(200);

      didomi.enableApiKey();
      expect(didomi.enabled).toBe(true);
      expect((await logIn()).status).toBe(200);
    });

    it('refuses the old API secret after a rotation', async () => {
      const oldSecret = didomi.apiSecret;
      didomi.rotateApiSecret('rotated-secret');

      expect(didomi.apiSecret).toBe('rotated-secret');
      expect((await logIn(oldSecret)).status).toBe(400);
      expect((await logIn('rotated-secret')).status).toBe(200);
    });

    it.each([
      ['not JSON', '{"key":"canary', ['type', 'key', 'secret']],
      ['not an object', ['canary'], ['type', 'key', 'secret']],
      ['without a secret', { type: 'api-key', key: 'canary' }, ['secret']],
      ['with a key that is no string', { type: 'api-key', key: 1, secret: 'canary' }, ['key']],
      ['of another type', { type: 'canary', key: 'canary', secret: 'canary' }, ['type']],
    ])('names the faulty fields of a body that is %s without repeating its values', async (_title, body, fields) => {
      const response = await postSession(body);
      const text = await response.text();

      expect(response.status).toBe(400);
      expect(text).not.toContain('canary');
      const envelope = JSON.parse(text) as { message: string; errors: { field: string }[] };
      expect(envelope).toMatchObject({ code: 400, name: 'BadRequest' });
      expect(envelope.message).not.toBe(INVALID_AUTHENTICATION.message);
      expect(envelope.errors.map(({ field }) => field)).toEqual(fields);
    });

    it('does not read JSON that is not labelled as JSON', async () => {
      const body = JSON.stringify({ type: 'api-key', key: didomi.apiKey, secret: didomi.apiSecret });
      const response = await fetch(`${didomi.baseURL}/sessions`, { method: 'POST', body });
      expect(response.status).toBe(400);
    });

    it('takes the credentials and the organization from the options', async () => {
      await restart({ apiKey: 'own-key', apiSecret: 'own-secret', organizationId: 'own-organization' });

      expect([didomi.apiKey, didomi.apiSecret, didomi.organizationId]).toEqual([
        'own-key',
        'own-secret',
        'own-organization',
      ]);
      expect((await logIn('own-secret', 'own-key')).status).toBe(200);
      expect((await logIn('fake-api-secret', 'fake-api-key')).status).toBe(400);
    });
  });

  describe('access tokens', () => {
    it.each([
      ['no access token', undefined],
      ['an unknown access token', 'unknown'],
      ['an empty access token', ''],
    ])('answers a request with %s with a 401', async (_title, accessToken) => {
      const response = await get('/properties', accessToken);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual(NOT_AUTHENTICATED);
    });

    it('expire by the clock that the options give', async () => {
      let now = 1_700_000_000_000;
      await restart({ now: () => now });
      const accessToken = await getAccessToken();
      expect(decodeJwt(accessToken).iat).toBe(1_700_000_000);

      now += 3_599_999;
      expect(await statusOf(accessToken)).toBe(200);
      now += 1;
      expect(await statusOf(accessToken)).toBe(401);
    });

    it('take the lifetime that is set when they are issued', async () => {
      let now = 1_700_000_000_000;
      await restart({ now: () => now, accessTokenLifetimeMs: 60_000 });
      const first = await getAccessToken();
      didomi.accessTokenLifetimeMs = 2_000;
      const second = await getAccessToken();
      didomi.accessTokenLifetimeMs = 250;
      const third = await getAccessToken();

      expect(decodeJwt(first).exp).toBe(1_700_000_060);
      expect(decodeJwt(second).exp).toBe(1_700_000_002);
      expect(decodeJwt(third).exp).toBe(1_700_000_000.25);
      now += 2_000;
      expect(await statusOf(first)).toBe(200);
      expect(await statusOf(second)).toBe(401);
    });

    it('carry and obey a clock that runs ahead', async () => {
      await restart({ now: () => 1_700_000_000_000 });
      didomi.clockOffsetMs = 600_000;
      const response = await logIn();
      const { access_token: accessToken } = (await response.json()) as { access_token: string };

      expect(response.headers.get('date')).toBe(new Date(1_700_000_600_000).toUTCString());
      expect(decodeJwt(accessToken)).toMatchObject({ iat: 1_700_000_600, exp: 1_700_004_200 });
      expect(await statusOf(accessToken)).toBe(200);
      didomi.clockOffsetMs += 3_600_000;
      expect(await statusOf(accessToken)).toBe(401);
    });

    it('may carry odd claims without a change to their real expiry', async () => {
      let now = 1_700_000_000_000;
      await restart({ now: () => now });
      didomi.accessTokenClaims = ({ iat, jti }) => ({ iat: String(iat), exp: 1, jti });
      const accessToken = await getAccessToken();

      expect(JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString())).toMatchObject({
        iat: '1700000000',
        exp: 1,
      });
      expect(await statusOf(accessToken)).toBe(200);
      now += 3_600_000;
      expect(await statusOf(accessToken)).toBe(401);
      didomi.accessTokenClaims = undefined;
      expect(decodeJwt(await getAccessToken()).exp).toBe(1_700_007_200);
    });

    it('are refused after a revocation, unlike those issued later', async () => {
      const revoked = await getAccessToken();
      didomi.revokeAccessTokens();
      expect(await statusOf(revoked)).toBe(401);
      expect(await statusOf(await getAccessToken())).toBe(200);
    });
  });

  describe('routes', () => {
    const credentials = () => ({ type: 'api-key', key: didomi.apiKey, secret: didomi.apiSecret });

    it('begin with /v1: without it, any request is answered with a 404', async () => {
      const accessToken = await getAccessToken();
      for (const response of [
        await postSession(credentials(), didomi.origin),
        await get('/properties', accessToken, didomi.origin),
        await get('/properties', undefined, didomi.origin),
        await get('/properties', accessToken, `${didomi.origin}/v2`),
        await get('/v1/properties', accessToken),
        await get('', accessToken),
      ]) {
        expect(response.status).toBe(404);
        expect(await response.json()).toEqual({ code: 404, errors: {}, message: 'Page not found', name: 'NotFound' });
      }
    });

    it('are served without /v1 as well if paths without a version are allowed', async () => {
      await restart({ allowUnversionedPaths: true });
      const { access_token: accessToken } = (await (await postSession(credentials(), didomi.origin)).json()) as {
        access_token: string;
      };
      expect((await get('/properties', accessToken, didomi.origin)).status).toBe(200);
      expect((await get('/properties', accessToken)).status).toBe(200);
      expect((await get('/v1/properties', accessToken)).status).toBe(404);
    });

    it('answers an unknown route with Didomi’s 404', async () => {
      const response = await get('/nowhere', await getAccessToken());
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ code: 404, errors: {}, message: 'Page not found', name: 'NotFound' });
    });

    it('lists properties in an offset envelope', async () => {
      const accessToken = await getAccessToken();
      const list = async (query: string) =>
        (await (await get(`/properties${query}`, accessToken)).json()) as { data: { organization_id: string }[] };

      const all = await list('');
      expect(all).toMatchObject({ total: 4, limit: 100, skip: 0 });
      expect(all.data).toHaveLength(4);
      expect(await list('?$limit=5000&$skip=3')).toEqual({ total: 4, limit: 100, skip: 3, data: all.data.slice(3) });
      expect(await list('?$limit=2&$skip=1')).toEqual({ total: 4, limit: 2, skip: 1, data: all.data.slice(1, 3) });
      const own = await list(`?organization_id=${didomi.organizationId}`);
      expect(own).toMatchObject({ total: 3 });
      expect(own.data.every((property) => property.organization_id === didomi.organizationId)).toBe(true);
    });

    it('answers a body over 16 MB with a 413', async () => {
      const accessToken = await getAccessToken();
      const response = await fetch(`${didomi.baseURL}/consents/events?organization_id=${didomi.organizationId}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ proofs: ['x'.repeat(16 * 1024 * 1024)] }),
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 413, errors: {} });
    });
  });

  describe('records', () => {
    it('keeps each request as it came, with the status it got', async () => {
      await restart({ now: () => 1_700_000_000_000 });
      const accessToken = await getAccessToken();
      await (await get('/properties?a=1&a=%2B', accessToken)).text();

      const [tokenRequest, apiRequest] = didomi.requests;
      expect(tokenRequest).toMatchObject({
        method: 'POST',
        path: '/v1/sessions',
        body: { type: 'api-key', key: didomi.apiKey, secret: didomi.apiSecret },
        status: 200,
        receivedAt: 1_700_000_000_000,
      });
      expect(apiRequest).toMatchObject({ method: 'GET', path: '/v1/properties', body: undefined, status: 200 });
      expect(apiRequest?.query.getAll('a')).toEqual(['1', '+']);
      expect(apiRequest?.headers.authorization).toBe(`Bearer ${accessToken}`);
    });

    it('counts token requests, API requests and connections', async () => {
      await (await logIn('wrong')).text();
      await (await get('/properties')).text();
      await (await get('/sessions')).text();
      expect([didomi.tokenRequests, didomi.apiRequests]).toEqual([1, 2]);
      expect(didomi.connections).toBeGreaterThan(0);
    });

    it('keeps a request whose client left in the middle of the body, unanswered', async () => {
      const client = connect(Number(new URL(didomi.origin).port), '127.0.0.1');
      client.write('POST /v1/sessions HTTP/1.1\r\nhost: fake\r\ncontent-length: 100\r\n\r\nbeginning');
      while (didomi.connections === 0) await new Promise((resolve) => setImmediate(resolve));
      client.end();
      while (didomi.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      client.destroy();
      expect(didomi.requests).toMatchObject([{ path: '/v1/sessions', body: undefined, status: undefined }]);
    });

    it('forgets records and counts on reset but keeps credentials and access tokens', async () => {
      didomi.rotateApiSecret('rotated-secret');
      const accessToken = await getAccessToken();
      didomi.reset();

      expect(didomi.requests).toEqual([]);
      expect([didomi.tokenRequests, didomi.apiRequests, didomi.connections]).toEqual([0, 0, 0]);
      expect(didomi.apiSecret).toBe('rotated-secret');
      expect(await statusOf(accessToken)).toBe(200);
    });

    it('prints no secret when it is inspected', async () => {
      const accessToken = await getAccessToken();
      const printed = inspect(didomi, { depth: null, showHidden: true, getters: true }) + JSON.stringify(didomi);
      for (const secret of [didomi.apiSecret, didomi.apiKey, accessToken]) expect(printed).not.toContain(secret);
    });
  });

  describe('log', () => {
    let lines: string[];

    beforeEach(async () => {
      lines = [];
      await restart({ log: (line) => lines.push(line.replace(/\d+ ms$/, 'N ms')) });
    });

    const untilLogged = async (count: number) => {
      while (lines.length < count) await new Promise((resolve) => setImmediate(resolve));
      return lines;
    };

    it.each([
      ['/v1/properties?name=canary&$limit=1', 'GET /v1/properties 200 N ms'],
      ['/v1/consents/users/canary?organization_id=fake-organization', 'GET /v1/consents/users/{id} 404 N ms'],
      ['/v1/keys/fake-api-key', 'GET /v1/keys/{id} 200 N ms'],
      ['/v1/consents/events/canary%40example.com', 'GET /v1/consents/events/{id} 400 N ms'],
      ['/v1/propertys/', 'GET /v1/propertys/ 404 N ms'],
      ['/properties', 'GET /properties 404 N ms'],
      ['/v1/nowhere/fake-api-secret/fake-api-key', 'GET /v1/nowhere/***/*** 404 N ms'],
      ['/v1/nowhere/eyJhbGciOiJIUzI1NiJ9.canary/%1B%5B31m', 'GET /v1/nowhere/***/*** 404 N ms'],
      ['/', 'GET / 404 N ms'],
    ])('shows GET %s without its query and its ids', async (path, line) => {
      const accessToken = await getAccessToken();
      await (await get(path, accessToken, didomi.origin)).text();
      expect(await untilLogged(2)).toEqual(['POST /v1/sessions 200 N ms', line]);
    });

    it('shows requests that were not answered', async () => {
      didomi.script({ path: '/properties' }, { reset: true });
      await expect(get('/properties')).rejects.toThrow('fetch failed');
      const client = connect(Number(new URL(didomi.origin).port), '127.0.0.1');
      client.write('POST /v1/sessions HTTP/1.1\r\nhost: fake\r\ncontent-length: 100\r\n\r\nbeginning');
      await once(client, 'connect');
      client.end();
      await untilLogged(2);
      expect(lines).toEqual(['GET /v1/properties (no answer) N ms', 'POST /v1/sessions (no answer) N ms']);
    });
  });

  describe('server', () => {
    it('listens on a free loopback port unless told otherwise', async () => {
      expect(didomi.baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
      expect(didomi.baseURL).toBe(`${didomi.origin}/v1`);

      const { port } = new URL(didomi.origin);
      await restart({ port: Number(port), host: 'localhost' });
      expect(didomi.origin).toBe(`http://localhost:${port}`);
    });

    it.each(['0.0.0.0', '0'])('has a base URL that can be used where it listens on %s', async (host) => {
      await restart({ host });
      expect(didomi.baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
      expect((await logIn()).status).toBe(200);
    });

    it('cuts off a client whose request it cannot answer, and serves the next one', async () => {
      let isBroken = false;
      await restart({ now: () => (isBroken ? fail() : Date.now()) });
      isBroken = true;
      await expect(get('/properties')).rejects.toThrow('fetch failed');
      isBroken = false;
      expect((await logIn()).status).toBe(200);
    });

    it('rejects the start on a port that is taken', async () => {
      const port = Number(new URL(didomi.origin).port);
      await expect(FakeDidomi.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    });

    it('closes idle connections on stop, as often as it is called', async () => {
      const socket = connect(Number(new URL(didomi.origin).port), '127.0.0.1');
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      socket.resume();

      await Promise.all([didomi.stop(), didomi.stop()]);
      await didomi.stop();
      await closed;
      await expect(get('/properties')).rejects.toThrow('fetch failed');
    });
  });
});
