import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeDidomi } from 'nestjs-didomi/testing';

interface Page<T> {
  data: T[];
  limit: number;
  cursor: string | null;
}

interface Entity {
  id: string;
  [field: string]: unknown;
}

const NOW = 1_700_000_000_000;

describe('FakeDidomi consents', () => {
  let didomi: FakeDidomi;
  let accessToken: string;

  beforeEach(async () => {
    didomi = await FakeDidomi.start({ now: () => NOW });
    const { body } = await post<{ access_token: string }>('/sessions', {
      type: 'api-key',
      key: didomi.apiKey,
      secret: didomi.apiSecret,
    });
    accessToken = body.access_token;
  });

  afterEach(() => didomi.stop());

  async function call<T>(path: string, options: RequestInit): Promise<{ status: number; body: T }> {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(didomi.baseURL + path, { headers, ...options });
    return { status: response.status, body: (await response.json()) as T };
  }

  function post<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    return call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  const postEvent = <T = Entity>(event: unknown) => post<T>('/consents/events?organization_id=acme', event);
  const postUser = (user: unknown) => post<Entity>('/consents/users?organization_id=acme', user);

  async function events(query: string): Promise<Entity[]> {
    const { status, body } = await call<{ data: Entity[] }>(`/consents/events?organization_id=acme&${query}`, {});
    expect({ status, fields: Object.keys(body) }).toEqual({ status: 200, fields: ['data'] });
    return body.data;
  }

  async function users(query = ''): Promise<Page<Entity>> {
    return (await call<Page<Entity>>(`/consents/users?organization_id=acme&${query}`, {})).body;
  }

  it.each([
    ['GET', '/consents/users'],
    ['POST', '/consents/users'],
    ['GET', '/consents/events?user_id=u'],
    ['POST', '/consents/events'],
  ])('answers %s %s without organization_id with a 400', async (method, path) => {
    const { status, body } = await call(path, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 400, name: 'BadRequest', errors: [{ field: 'organization_id' }] });
  });

  it.each(['/consents/users', '/consents/events'])('answers malformed JSON at %s with a 400', async (path) => {
    const { status, body } = await post(`${path}?organization_id=acme`, '{"user":');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 400, name: 'BadRequest' });
  });

  describe('events', () => {
    it('get an id, a date, the organization, a status and a regulation', async () => {
      const { status, body } = await postEvent({ user: { organization_user_id: 'jane@example.com' } });
      expect(status).toBe(200);
      expect(body).toEqual({
        id: expect.any(String),
        created_at: new Date(NOW).toISOString(),
        updated_at: new Date(NOW).toISOString(),
        organization_id: 'acme',
        status: 'confirmed',
        regulation: 'gdpr',
        user: { id: expect.any(String), organization_user_id: 'jane@example.com' },
      });
      expect(await events('organization_user_id=jane%40example.com')).toEqual([body]);
      expect(await events(`user_id=${(body['user'] as Entity).id}`)).toEqual([body]);
    });

    it('keep what the caller set, null values included', async () => {
      const event = {
        id: 'event-1',
        created_at: '2020-01-01T00:00:00.000Z',
        user: { id: 'user-1', organization_user_id: 'jane' },
        consents: { purposes: [{ id: 'cookies', enabled: null }] },
        metadata: { booking: null },
      };
      await postEvent(event);
      expect(await events('user_id=user-1')).toEqual([expect.objectContaining(event)]);
    });

    it('are listed for one user of one organization only', async () => {
      await postEvent({ user: { id: 'user-1' } });
      expect(await events('user_id=other')).toEqual([]);
      expect(await events('organization_user_id=jane')).toEqual([]);
      const other = await call('/consents/events?organization_id=other&user_id=user-1', {});
      expect(other.body).toEqual({ data: [] });
      const { status } = await call('/consents/events?organization_id=acme', {});
      expect(status).toBe(400);
    });

    it('are listed if confirmed and under GDPR unless the query asks for others', async () => {
      await postEvent([
        { id: 'plain', user: { id: 'u' } },
        { id: 'pending', user: { id: 'u' }, status: 'pending_approval' },
        { id: 'cpra', user: { id: 'u' }, regulation: 'cpra' },
      ]);
      const ids = async (query: string) => (await events(`user_id=u${query}`)).map(({ id }) => id);

      expect(await ids('')).toEqual(['plain']);
      expect(await ids('&status=pending_approval')).toEqual(['pending']);
      expect(await ids('&status[$in]=confirmed&status[$in]=pending_approval')).toEqual(['plain', 'pending']);
      expect(await ids('&regulation[$in][]=gdpr&regulation[$in][]=cpra')).toEqual(['plain', 'cpra']);
    });

    it('come in batches of up to 100, answered as a list', async () => {
      const batch = Array.from({ length: 100 }, () => ({ user: { id: 'u' } }));
      const { status, body } = await postEvent<Entity[]>(batch);
      expect([status, body.length]).toEqual([200, 100]);
      expect(await events('user_id=u')).toEqual(body);

      expect((await postEvent([...batch, {}])).status).toBe(400);
      expect((await postEvent([])).status).toBe(400);
      expect(await events('user_id=u')).toHaveLength(100);
    });

    it('are refused with a 409 if their id exists, a batch as a whole', async () => {
      await postEvent({ id: 'event-1', user: { id: 'u' } });
      const { status, body } = await postEvent({ id: 'event-1', user: { id: 'u' } });
      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 409, name: 'Conflict', errors: {} });

      expect((await postEvent([{ user: { id: 'u' } }, { id: 'event-1' }])).status).toBe(409);
      expect((await postEvent([{ id: 'twice' }, { id: 'twice' }])).status).toBe(409);
      expect(await events('user_id=u')).toHaveLength(1);
    });

    it.each([
      [[1], '0.event'],
      [{ id: 1 }, 'id'],
      [{ status: 'unheard-of' }, 'status'],
      [{ user: 'jane' }, 'user'],
      [{ consents: [] }, 'consents'],
      [[{}, { consents: { purposes: [{ enabled: true }] } }], '1.consents.purposes'],
    ])('are refused with a 400 if they are malformed: %j', async (event, field) => {
      const { status, body } = await postEvent(event);
      expect(status).toBe(400);
      expect(body).toMatchObject({ errors: [{ field }] });
    });

    it('are forgotten with their users on reset', async () => {
      await postEvent({ user: { id: 'u' } });
      didomi.reset();
      expect(await events('user_id=u')).toEqual([]);
      expect((await users()).data).toEqual([]);
    });
  });

  describe('users', () => {
    it('are listed in a cursor envelope', async () => {
      expect(await users()).toEqual({ data: [], limit: 100, cursor: null });
      for (const page of [0, 1]) {
        await postEvent(Array.from({ length: 75 }, (_, i) => ({ user: { id: `user-${page}-${i}` } })));
      }
      const first = await users();
      expect(first).toMatchObject({ limit: 100, cursor: expect.any(String) });
      const second = await users(`$cursor=${first.cursor}`);
      expect(second.cursor).toBeNull();
      expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(150);
    });

    it('are created directly, with an id of their own or of the caller', async () => {
      const { status, body } = await postUser({
        organization_user_id: 'jane',
        metadata: { plan: null },
        consents: { purposes: [{ id: 'cookies', enabled: null }] },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: expect.any(String),
        organization_id: 'acme',
        organization_user_id: 'jane',
        version: 1,
        metadata: { plan: null },
        consents: { purposes: [{ id: 'cookies', enabled: null }] },
      });
      expect((await postUser({ id: 'user-1' })).body).toMatchObject({ id: 'user-1' });
      expect((await postUser({ id: 'user-1' })).status).toBe(409);
      expect((await postUser([])).status).toBe(400);
      expect((await users('organization_user_id=jane')).data).toEqual([body]);
      expect((await users()).data).toHaveLength(2);
    });

    it('are created by their first event and updated by the next ones', async () => {
      await postEvent({
        user: { organization_user_id: 'jane', metadata: { a: 1 }, country: 'FR' },
        consents: {
          purposes: [
            { id: 'cookies', enabled: true },
            { id: 'ads', enabled: true },
          ],
          vendors: { enabled: ['google', 'other'] },
        },
      });
      await postEvent({
        user: { organization_user_id: 'jane', metadata: { b: 2 } },
        consents: {
          purposes: [{ id: 'ads', enabled: null }],
          channels: [{ id: 'email', enabled: false }],
          vendors: { disabled: ['google'] },
        },
      });

      const { data } = await users('organization_user_id=jane');
      expect(data).toHaveLength(1);
      expect(data[0]).toMatchObject({
        version: 2,
        country: 'FR',
        metadata: { a: 1, b: 2 },
        consents: {
          purposes: [
            { id: 'cookies', enabled: true },
            { id: 'ads', enabled: null },
          ],
          channels: [{ id: 'email', enabled: false }],
          vendors: { enabled: ['other'], disabled: ['google'], enabled_li: [], disabled_li: [] },
        },
      });
    });

    it('get the organization’s own id from a later event if they had none', async () => {
      await postEvent({ user: { id: 'user-1' } });
      await postEvent({ user: { id: 'user-1', organization_user_id: 'jane' } });
      await postEvent({ user: { id: 'user-1', organization_user_id: 'john' } });
      expect((await users('organization_user_id=jane')).data).toMatchObject([{ id: 'user-1' }]);
      expect(await events('organization_user_id=jane')).toHaveLength(3);
    });

    it('are random ones for events that name none', async () => {
      await postEvent([{}, {}]);
      expect((await users()).data).toHaveLength(2);
    });

    it('show no consent that still awaits approval', async () => {
      const consents = { purposes: [{ id: 'cookies', enabled: true }] };
      await postEvent({ user: { id: 'user-1' }, status: 'pending_approval', consents });
      expect((await users()).data).toMatchObject([{ id: 'user-1', consents: { purposes: [] } }]);
    });

    it('show the consents of one regulation at a time, GDPR by default', async () => {
      const consents = { purposes: [{ id: 'sale', enabled: false }] };
      await postEvent({ user: { id: 'user-1' }, regulation: 'cpra', consents });
      expect((await users()).data).toEqual([]);
      expect((await users('regulation=cpra')).data).toMatchObject([{ id: 'user-1', regulation: 'cpra', consents }]);
    });

    it('of another organization are not listed', async () => {
      await post('/consents/users?organization_id=other', { id: 'user-1' });
      expect((await users()).data).toEqual([]);
      expect((await postUser({ id: 'user-1' })).status).toBe(200);
    });
  });
});
