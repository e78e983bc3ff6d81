import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import { SampleUnderTest } from './support/sample-under-test.js';

describe('the sample', () => {
  let sample: SampleUnderTest;

  beforeEach(async () => {
    sample = await SampleUnderTest.start();
  });

  afterEach(async () => {
    await sample.stop();
    sample.didomi.verify();
  });

  async function get(path: string): Promise<Response> {
    return await request(sample.app.getHttpServer()).get(path);
  }

  async function post(path: string, body: object): Promise<Response> {
    return await request(sample.app.getHttpServer()).post(path).send(body);
  }

  function expectNoSecretIn(text: string): void {
    expect(sample.secrets.filter((secret) => text.includes(secret))).toEqual([]);
  }

  it('lists the properties with one token request for all calls', async () => {
    const website = { id: 'property-website', name: 'Website', type: 'website' };
    sample.didomi.when({ method: 'GET', url: '/properties' }).reply({ data: [website] });
    const responses = await Promise.all([get('/properties'), get('/properties'), get('/properties')]);

    for (const { status, body } of responses) {
      expect(status).toBe(200);
      expect(body).toEqual([website]);
    }
    expect(sample.didomi.accessTokenRequests).toBe(1);
    expect(sample.didomi.match('/properties')).toHaveLength(3);
  });

  it('goes on after the access token was revoked', async () => {
    sample.didomi.when('/properties').reply({ data: [] });
    await get('/properties');
    sample.didomi.revokeAccessToken();

    expect((await get('/properties')).status).toBe(200);
    expect(sample.didomi.accessTokenRequests).toBe(2);
  });

  describe('consents', () => {
    const purposes = [
      { id: 'cookies', enabled: true },
      { id: 'newsletter', enabled: false },
      { id: 'profiling', enabled: null },
    ];

    it('records choices, and keeps null, false and true apart', async () => {
      const recording = post('/consents/user-1', { purposes }).then((response) => response);
      const request = await sample.didomi.expectOne({
        method: 'POST',
        url: '/consents/events',
        params: { organization_id: 'acme' },
        body: { id: expect.any(String), user: { organization_user_id: 'user-1' }, consents: { purposes } },
      });
      request.flush(request.body, { status: 201 });

      const { status, body } = await recording;
      expect(status).toBe(201);
      expect(body).toEqual({ eventId: (request.body as { id: string }).id });
    });

    it('finds choices, and keeps null, false and true apart', async () => {
      const user = { id: 'record-1', updated_at: '2026-01-01T00:00:00.000Z', consents: { purposes } };
      sample.didomi.when({ method: 'GET', url: '/consents/users', params: { organization_id: 'acme' } }).reply({
        data: [user],
        cursor: null,
      });

      const { status, body } = await get('/consents/user-1');
      expect(status).toBe(200);
      expect(body).toEqual([{ recordId: 'record-1', updatedAt: user.updated_at, purposes }]);
    });

    it('takes a record without choices, and a purpose without consent, as no choice', async () => {
      const updated_at = '2026-01-01T00:00:00.000Z';
      const data = [
        { id: 'record-1', updated_at },
        { id: 'record-2', updated_at, consents: { purposes: [{ id: 'cookies', enabled_li: true }] } },
      ];
      sample.didomi.when('/consents/users').reply({ data, cursor: null });

      expect((await get('/consents/user-1')).body).toEqual([
        { recordId: 'record-1', updatedAt: updated_at, purposes: [] },
        { recordId: 'record-2', updatedAt: updated_at, purposes: [{ id: 'cookies', enabled: null }] },
      ]);
    });

    it.each(['anna+news@example.org', 'a/b', 'a&organization_id=other', 'ä b%', '../users'])(
      'takes the user id %p as it is',
      async (userId) => {
        sample.didomi.when('/consents/users').reply({ data: [] });
        await get(`/consents/${encodeURIComponent(userId)}`);

        const { params } = await sample.didomi.expectOne('/consents/users');
        expect(params.getAll('organization_user_id')).toEqual([userId]);
        expect(params.getAll('organization_id')).toEqual(['acme']);
      },
    );

    it('answers 404 for somebody whom Didomi does not know', async () => {
      sample.didomi.when('/consents/users').reply({ data: [], cursor: null });
      expect((await get('/consents/user-2')).status).toBe(404);
    });

    it.each<[string, object]>([
      ['no purposes', {}],
      ['no purpose', { purposes: [] }],
      ['purposes that are no list', { purposes: { id: 'cookies', enabled: true } }],
      ['a purpose that is no object', { purposes: ['cookies'] }],
      ['a purpose that is null', { purposes: [null] }],
      ['a purpose that is a list', { purposes: [[{ id: 'cookies', enabled: true }]] }],
      ['no id', { purposes: [{ enabled: true }] }],
      ['an empty id', { purposes: [{ id: '', enabled: true }] }],
      ['no choice', { purposes: [{ id: 'cookies' }] }],
      ['a choice in words', { purposes: [{ id: 'cookies', enabled: 'true' }] }],
      ['a field that nobody knows', { purposes: [{ id: 'cookies', enabled: true }], status: 'confirmed' }],
      ['a field of a purpose that nobody knows', { purposes: [{ id: 'cookies', enabled: true, extra: 1 }] }],
    ])('refuses a body with %s and sends nothing to Didomi', async (_, body) => {
      expect((await post('/consents/user-1', body)).status).toBe(400);
      sample.didomi.expectNone(() => true);
    });
  });

  describe('notices', () => {
    it('are those of the brand, through its own client', async () => {
      const { didomi } = sample;
      didomi.when('/widgets/notices').reply({ total: 1, limit: 100, skip: 0, data: [{ id: 'a-1', name: 'Website' }] });
      const ofBrandB = didomi.client('brand-b');
      ofBrandB.when('/widgets/notices').reply({
        total: 2,
        limit: 100,
        skip: 0,
        data: [
          { id: 'b-1', name: 'Shop', archived_at: null },
          { id: 'b-2', name: 'Old shop', archived_at: '2026-01-01T00:00:00.000Z' },
        ],
      });

      expect((await get('/brands/brand-a/notices')).body).toEqual([{ id: 'a-1', name: 'Website' }]);
      expect((await get('/brands/brand-b/notices')).body).toEqual([{ id: 'b-1', name: 'Shop' }]);
      ofBrandB.verify();
    });

    it('of one brand are there while Didomi fails for the other', async () => {
      sample.didomi.client('brand-b').revokeApiKey();
      sample.didomi.when('/widgets/notices').reply({ total: 0, limit: 100, skip: 0, data: [] });
      expect((await get('/brands/brand-b/notices')).status).toBe(502);
      expect((await get('/brands/brand-a/notices')).status).toBe(200);
    });

    it('of an unknown brand are not found', async () => {
      expect((await get('/brands/brand-c/notices')).status).toBe(404);
    });
  });

  it('shows how the access token is doing, without it', async () => {
    sample.didomi.when('/properties').reply({ data: [] });
    await get('/properties');
    const { status, body, text } = await get('/status');

    expect(status).toBe(200);
    expect(body).toEqual({
      phase: 'fresh',
      usable: true,
      expiresAt: expect.any(Number),
      lastRefresh: { trigger: 'warmup', at: expect.any(Number) },
      nextAttempt: { at: expect.any(Number), reason: 'renewal' },
      requests: { inFlight: 0, waiting: 0 },
      tokenRequests: { sent: 1, failed: 0 },
    });
    expectNoSecretIn(text);
  });

  it('is healthy while both clients have an access token, and names the one that has none', async () => {
    sample.didomi.when('/properties').reply({ data: [] });
    await get('/properties');
    const healthy = await get('/health');
    expect(healthy.status).toBe(200);
    expect(healthy.body).toMatchObject({ status: 'ok', details: { 'brand-a': { status: 'up', phase: 'fresh' } } });

    sample.didomi.client('brand-b').revokeApiKey();
    expect((await get('/brands/brand-b/notices')).status).toBe(502);
    const ill = await get('/health');
    expect(ill.status).toBe(503);
    expect(ill.body).toMatchObject({
      status: 'error',
      details: { 'brand-a': { status: 'up' }, 'brand-b': { status: 'down', lastFailureReason: 'rejected' } },
    });
    expectNoSecretIn(healthy.text + ill.text);
  });

  describe('when Didomi fails', () => {
    const purposes = [{ id: 'cookies', enabled: true }];

    /** The log has one line about it, and neither it nor the caller is told a secret. */
    function expectLogged(response: Response, line: RegExp): void {
      const lines = sample.log.lines.filter((logged) => logged.includes('DidomiExceptionFilter'));
      expect(lines).toEqual([expect.stringMatching(line)]);
      expectNoSecretIn(response.text + sample.log.text);
    }

    it.each([
      [400, 422],
      [404, 404],
    ])('answers its %d with %d', async (status, answer) => {
      sample.didomi.when('/consents/events').reply(undefined, { status });
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(answer);
      expect(sample.log.lines.filter((line) => /ERROR/.test(line) && line.includes('DidomiExceptionFilter'))).toEqual(
        [],
      );
      expectNoSecretIn(response.text + sample.log.text);
    });

    it('hands on what Didomi finds invalid', async () => {
      const errors = [{ field: 'consents.purposes', message: 'is not configured' }];
      sample.didomi.when('/consents/events').reply({ code: 400, name: 'BadRequest', errors }, { status: 400 });

      expect((await post('/consents/user-1', { purposes })).body).toMatchObject({ statusCode: 422, errors });
    });

    it('answers its 500 with 502', async () => {
      sample.didomi.when('/consents/events').reply(undefined, { status: 500 });
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiApiError: POST \/v1\/consents\/events was answered with 500/);
    });

    it('tells when to come back after its 503', async () => {
      sample.didomi.when('/properties').reply(undefined, { status: 503, headers: { 'Retry-After': '60' } });
      const response = await get('/properties');

      expect(response.status).toBe(503);
      expect(response.headers['retry-after']).toBe('60');
      expectLogged(response, /Answered 503: DidomiApiError/);
    });

    it('answers 502 while Didomi cannot be reached', async () => {
      sample.didomi.when('/consents/events').error('refused');
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiTransportError/);
    });

    it('answers 502 once the API key is revoked', async () => {
      sample.didomi.revokeApiKey();
      const response = await get('/properties');

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiAuthenticationError/);
      expect((await get('/status')).body).toMatchObject({ phase: 'rejected', lastFailureReason: 'rejected' });
    });
  });
});
