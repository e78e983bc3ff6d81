import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import { SampleUnderTest } from './support/sample-under-test.js';

describe('the sample', () => {
  let sample: SampleUnderTest;

  beforeEach(async () => {
    sample = await SampleUnderTest.start();
  });

  afterEach(() => sample.stop());

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
    const responses = await Promise.all([get('/properties'), get('/properties'), get('/properties')]);

    for (const { status, body } of responses) {
      expect(status).toBe(200);
      expect(body).toContainEqual({ id: 'property-website', name: 'Website', type: 'website' });
    }
    expect(sample.didomi.tokenRequests).toBe(1);
    expect(sample.didomi.apiRequests).toBe(3);
  });

  it('goes on after the access token was revoked', async () => {
    await get('/properties');
    sample.didomi.revokeAccessTokens();

    expect((await get('/properties')).status).toBe(200);
    expect(sample.didomi.tokenRequests).toBe(2);
  });

  describe('consents', () => {
    it('gives back what was recorded, and keeps null, false and true apart', async () => {
      const purposes = [
        { id: 'cookies', enabled: true },
        { id: 'newsletter', enabled: false },
        { id: 'profiling', enabled: null },
      ];

      const recorded = await post('/consents/user-1', { purposes });
      expect(recorded.status).toBe(201);
      expect(recorded.body).toEqual({ eventId: expect.stringMatching(/^[\da-f-]{36}$/) });

      const found = await get('/consents/user-1');
      expect(found.status).toBe(200);
      expect(found.body).toEqual([{ recordId: expect.any(String), updatedAt: expect.any(String), purposes }]);
    });

    it('works for the configured organization, in the query', async () => {
      await post('/consents/user-1', { purposes: [{ id: 'cookies', enabled: true }] });
      await get('/consents/user-1');

      const organizations = sample.didomi.requests
        .filter(({ path }) => path.startsWith('/v1/consents/'))
        .map(({ query }) => query.get('organization_id'));
      expect(organizations).toEqual([sample.didomi.organizationId, sample.didomi.organizationId]);
    });

    it.each(['anna+news@example.org', 'a/b', 'a&organization_id=other', 'ä b%', '../users'])(
      'takes the user id %p as it is',
      async (userId) => {
        const path = `/consents/${encodeURIComponent(userId)}`;
        await post(path, { purposes: [{ id: 'cookies', enabled: true }] });

        expect((await get(path)).body).toHaveLength(1);
        const { query } = sample.didomi.requests.at(-1)!;
        expect(query.getAll('organization_user_id')).toEqual([userId]);
        expect(query.getAll('organization_id')).toEqual([sample.didomi.organizationId]);
      },
    );

    it('answers 404 for somebody whom Didomi does not know', async () => {
      await post('/consents/user-1', { purposes: [{ id: 'cookies', enabled: true }] });
      expect((await get('/consents/user-2')).status).toBe(404);
    });

    it.each<[string, object]>([
      ['no purposes', {}],
      ['no purpose', { purposes: [] }],
      ['purposes that are no list', { purposes: { id: 'cookies', enabled: true } }],
      ['a purpose that is no object', { purposes: ['cookies'] }],
      ['a purpose that is null', { purposes: [null] }],
      ['no id', { purposes: [{ enabled: true }] }],
      ['an empty id', { purposes: [{ id: '', enabled: true }] }],
      ['no choice', { purposes: [{ id: 'cookies' }] }],
      ['a choice in words', { purposes: [{ id: 'cookies', enabled: 'true' }] }],
      ['a field that nobody knows', { purposes: [{ id: 'cookies', enabled: true }], status: 'confirmed' }],
      ['a field of a purpose that nobody knows', { purposes: [{ id: 'cookies', enabled: true, extra: 1 }] }],
    ])('refuses a body with %s and sends nothing to Didomi', async (_, body) => {
      expect((await post('/consents/user-1', body)).status).toBe(400);
      expect(sample.didomi.apiRequests).toBe(0);
    });
  });

  it('shows how the access token is doing, without it', async () => {
    await get('/properties');
    const { status, body, text } = await get('/status');

    expect(status).toBe(200);
    expect(body).toEqual({
      phase: 'fresh',
      expiresAt: expect.any(Number),
      tokenRequests: { sent: 1, failed: 0 },
    });
    expectNoSecretIn(text);
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
      sample.didomi.script('api-requests', { status });
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(answer);
      expect(sample.log.text).not.toContain('DidomiExceptionFilter');
      expectNoSecretIn(response.text + sample.log.text);
    });

    it('hands on what Didomi finds invalid', async () => {
      const errors = [{ field: 'consents.purposes', message: 'is not configured' }];
      sample.didomi.script('api-requests', { status: 400, body: { code: 400, name: 'BadRequest', errors } });

      expect((await post('/consents/user-1', { purposes })).body).toMatchObject({ statusCode: 422, errors });
    });

    it('answers its 500 with 502', async () => {
      sample.didomi.script('api-requests', { status: 500 });
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiApiError: POST \/v1\/consents\/events was answered with 500/);
    });

    it('tells when to come back after its 503', async () => {
      sample.didomi.script('api-requests', { status: 503, headers: { 'Retry-After': '60' } });
      const response = await get('/properties');

      expect(response.status).toBe(503);
      expect(response.headers['retry-after']).toBe('60');
      expectLogged(response, /Answered 503: DidomiApiError/);
    });

    it('answers 502 while Didomi cannot be reached', async () => {
      await get('/properties');
      await sample.didomi.stop();
      const response = await post('/consents/user-1', { purposes });

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiTransportError/);
    });

    it('answers 502 once the API key is disabled and the access token gone', async () => {
      await get('/properties');
      sample.didomi.disableApiKey();
      sample.didomi.revokeAccessTokens();
      const response = await get('/properties');

      expect(response.status).toBe(502);
      expectLogged(response, /Answered 502: DidomiAuthenticationError/);
      expect((await get('/status')).body).toMatchObject({ phase: 'rejected', lastFailureReason: 'rejected' });
    });
  });
});
