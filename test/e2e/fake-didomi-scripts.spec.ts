import { once } from 'node:events';
import { request as sendRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeDidomi } from 'nestjs-didomi/testing';
import type { FakeDidomiFault, FakeDidomiRequest } from 'nestjs-didomi/testing';

function fail(reason: unknown): never {
  throw reason;
}

describe('FakeDidomi scripts', () => {
  let didomi: FakeDidomi;
  let accessToken: string;

  beforeEach(async () => {
    didomi = await FakeDidomi.start();
    accessToken = ((await (await logIn()).json()) as { access_token: string }).access_token;
    didomi.reset();
  });

  afterEach(() => didomi.stop());

  function logIn(): Promise<Response> {
    return fetch(`${didomi.baseURL}/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'api-key', key: didomi.apiKey, secret: didomi.apiSecret }),
      redirect: 'manual',
    });
  }

  function getProperties(options: RequestInit = {}): Promise<Response> {
    return fetch(`${didomi.baseURL}/properties`, { headers: { authorization: `Bearer ${accessToken}` }, ...options });
  }

  async function statuses(count: number, call: () => Promise<Response> = getProperties): Promise<number[]> {
    const found: number[] = [];
    for (let i = 0; i < count; i += 1) found.push((await call()).status);
    return found;
  }

  async function untilRequests(count: number): Promise<void> {
    while (didomi.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  describe('matching', () => {
    it('apply to as many matching requests as asked for', async () => {
      didomi.script('api-requests', { status: 503 }, { times: 2 });
      expect(await statuses(3)).toEqual([503, 503, 200]);
    });

    it('apply for good by default', async () => {
      didomi.script('api-requests', { status: 503 });
      expect(await statuses(4)).toEqual([503, 503, 503, 503]);
    });

    it('are used up in the order in which they were written', async () => {
      didomi.script('api-requests', { status: 503 }, { times: 1 });
      didomi.script({ path: '/properties' }, { status: 429 }, { times: 1 });
      didomi.script('api-requests', { status: 500 }, { times: 1 });
      expect(await statuses(4)).toEqual([503, 429, 500, 200]);
    });

    it('tell token requests from API requests', async () => {
      didomi.script('token-requests', { status: 503 });
      expect([(await logIn()).status, (await getProperties()).status]).toEqual([503, 200]);
      didomi.clearScripts();
      didomi.script('api-requests', { status: 503 });
      expect([(await logIn()).status, (await getProperties()).status]).toEqual([200, 503]);
    });

    it.each([
      [{ path: '/v1/properties' }, 503],
      [{ path: '/properties', method: 'get' }, 503],
      [{ method: 'GET' }, 503],
      [{}, 503],
      [{ path: '/properties', method: 'POST' }, 200],
      [{ path: '/other' }, 200],
    ])('match by method and path: %j', async (match, status) => {
      didomi.script(match, { status: 503 });
      expect((await getProperties()).status).toBe(status);
    });

    it('can be taken back one by one, all together, or by a reset', async () => {
      const takeBack = didomi.script('api-requests', { status: 503 });
      didomi.script('api-requests', { status: 500 });
      takeBack();
      expect(await statuses(1)).toEqual([500]);
      didomi.clearScripts();
      expect(await statuses(1)).toEqual([200]);
      didomi.script('api-requests', { status: 500 });
      didomi.reset();
      expect(await statuses(1)).toEqual([200]);
    });
  });

  describe('faults', () => {
    it('answer a status with Didomi’s envelope if they give no body', async () => {
      didomi.script('api-requests', { status: 429, headers: { 'retry-after': '7' } });
      const response = await getProperties();
      expect(response.headers.get('retry-after')).toBe('7');
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toEqual({
        code: 429,
        name: 'TooManyRequests',
        message: 'Too Many Requests',
        errors: {},
      });
    });

    it.each([
      [401, 'NotAuthenticated'],
      [422, 'Unprocessable'],
      [500, 'GeneralError'],
      [503, 'Unavailable'],
      [504, 'GatewayTimeout'],
      [599, 'Error'],
    ])('name a %i as Didomi does', async (status, name) => {
      didomi.script('api-requests', { status });
      expect(await (await getProperties()).json()).toMatchObject({ code: status, name });
    });

    it.each([
      [{ status: 200, body: { a: null } }, '{"a":null}'],
      [{ status: 500, body: 'plain' }, 'plain'],
      [{ status: 500, body: '' }, ''],
      [{ status: 200 }, ''],
      [{ status: 204 }, ''],
    ])('answer %j as it is', async (fault, text) => {
      didomi.script('api-requests', fault);
      const response = await getProperties();
      expect(response.status).toBe(fault.status);
      expect(await response.text()).toBe(text);
    });

    it('answer an HTML page as a gateway does', async () => {
      didomi.script('api-requests', { html: true }, { times: 1 });
      didomi.script('api-requests', { html: true, status: 200 });
      const response = await getProperties();
      expect(response.status).toBe(502);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(await response.text()).toMatch(/^<html>.*502 Bad Gateway/);
      expect((await getProperties()).status).toBe(200);
    });

    it('redirect elsewhere', async () => {
      didomi.script('token-requests', { redirectTo: 'http://127.0.0.1:9/elsewhere' }, { times: 1 });
      didomi.script('token-requests', { redirectTo: '/moved', status: 301 });
      const response = await logIn();
      expect([response.status, response.headers.get('location')]).toEqual([307, 'http://127.0.0.1:9/elsewhere']);
      expect((await logIn()).status).toBe(301);
    });

    it('reset the connection', async () => {
      didomi.script('api-requests', { reset: true }, { times: 1 });
      await expect(getProperties()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
      expect(didomi.requests).toMatchObject([{ path: '/v1/properties', status: undefined }]);
    });

    it('never answer', async () => {
      didomi.script('api-requests', { hang: true }, { times: 1 });
      const giveUp = new AbortController();
      const call = getProperties({ signal: giveUp.signal });
      await untilRequests(1);
      expect((await getProperties()).status).toBe(200);
      expect(didomi.requests.map(({ status }) => status)).toEqual([undefined, 200]);
      giveUp.abort();
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    });

    it('deliver the usual answer late', async () => {
      didomi.script('api-requests', { latencyMs: 20 }, { times: 1 });
      const call = getProperties();
      await untilRequests(1);
      expect(didomi.requests[0]?.status).toBeUndefined();
      didomi.revokeAccessTokens();
      expect((await call).status).toBe(200);
      expect(didomi.requests[0]?.status).toBe(200);
    });

    it('combine latency with another fault', async () => {
      didomi.script('api-requests', { latencyMs: 5, status: 503 }, { times: 1 });
      didomi.script('api-requests', { latencyMs: 5, reset: true }, { times: 1 });
      expect((await getProperties()).status).toBe(503);
      await expect(getProperties()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    });

    it.each([
      [undefined, '{}'],
      [null, '{"access_token":null}'],
      [42, '{"access_token":42}'],
      ['', '{"access_token":""}'],
    ])('answer a token request with %p as access token', async (value, text) => {
      didomi.script('token-requests', { accessToken: value });
      const response = await logIn();
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(text);
    });

    it('make a new string handed out as access token a live one until it is revoked', async () => {
      didomi.script('token-requests', { accessToken: 'opaque' });
      const headers = { authorization: 'Bearer opaque' };
      expect((await getProperties({ headers })).status).toBe(401);
      await logIn();
      expect((await getProperties({ headers })).status).toBe(200);
      didomi.revokeAccessTokens();
      await logIn();
      expect((await getProperties({ headers })).status).toBe(401);
    });

    it('leave API requests alone if they are about the access token', async () => {
      didomi.script({}, { accessToken: 'opaque' });
      expect((await getProperties()).status).toBe(200);
    });

    it('are chosen by a function of the request', async () => {
      const seen: FakeDidomiRequest[] = [];
      const choose = (request: FakeDidomiRequest): FakeDidomiFault | undefined => {
        seen.push(request);
        return seen.length < 3 ? () => ({ status: 500 + seen.length }) : undefined;
      };
      didomi.script('api-requests', choose);
      expect(await statuses(3)).toEqual([501, 502, 200]);
      expect(seen).toEqual(didomi.requests);
    });

    it.each<[string, () => unknown, string]>([
      ['throws', () => fail(new Error('mistake in the test')), 'mistake in the test'],
      ['throws what cannot be printed', () => fail(Object.create(null)), 'The fake failed'],
      ['is async', () => Promise.resolve({ status: 503 }), 'must not be async'],
      ['is async and rejects', () => Promise.reject(new Error('mistake')), 'must not be async'],
      ['returns no fault', () => 503, 'The fake failed'],
    ])('tell the client if their function %s', async (_title, fault, message) => {
      didomi.script('api-requests', fault as () => FakeDidomiFault, { times: 1 });
      const response = await getProperties();
      expect(response.status).toBe(500);
      expect(await response.text()).toContain(message);
      expect((await getProperties()).status).toBe(200);
    });

    it.each<[string, FakeDidomiFault]>([
      ['status', { status: 42 }],
      ['header', { status: 200, headers: { 'x-test': 'a\nb' } }],
      ['body', { status: 200, body: 1n }],
      ['header, late', { status: 200, headers: { 'x-test': 'a\nb' }, latencyMs: 1 }],
    ])('tell the client if they cannot be sent: %s', async (_title, fault) => {
      didomi.script('api-requests', fault, { times: 1 });
      const response = await getProperties();
      expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('The fake failed')]);
    });

    it('may wait longer than a timer of Node can', async () => {
      didomi.script('api-requests', { latencyMs: 2 ** 31 }, { times: 1 });
      const giveUp = new AbortController();
      const call = getProperties({ signal: giveUp.signal });
      await untilRequests(1);
      expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
      expect(didomi.requests[0]?.status).toBeUndefined();
      giveUp.abort();
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    });
  });

  it.each([
    ['a hanging request', { hang: true } as const],
    ['a request that waits for its latency', { latencyMs: 3_600_000 }],
  ])('stop cuts off %s and leaves no timer behind', async (_title, fault) => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    didomi.script('api-requests', fault);
    const before = timers();
    const call = sendRequest(`${didomi.baseURL}/properties`).end();
    const failed = once(call, 'response');
    await untilRequests(1);

    await didomi.stop();
    await expect(failed).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
