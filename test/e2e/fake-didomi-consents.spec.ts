import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from '../support/decode-jwt.js';
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
    didomi = await FakeDidomi.start({ now: () => NOW, organizations: ['acme', 'other'] });
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
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  const read = (path: string) => call<Entity>(path, {});
  const remove = (path: string) => call<Entity>(path, { method: 'DELETE' });
  const patch = (path: string, body: unknown) => call<Entity>(path, { method: 'PATCH', body: JSON.stringify(body) });

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
    ['DELETE', '/consents/events?user_id=u&id=e'],
    ['GET', '/consents/events/e?user_id=u'],
    ['PATCH', '/consents/events/e?user_id=u'],
    ['DELETE', '/consents/events/e?user_id=u'],
    ['GET', '/consents/users/u'],
    ['PATCH', '/consents/users/u'],
    ['DELETE', '/consents/users/u'],
    ['POST', '/consents/tokens'],
    ['POST', '/consents/proofs'],
    ['GET', '/consents/proofs/p'],
  ])('answers %s %s without organization_id with a 400', async (method, path) => {
    const { status, body } = await call(path, {
      method,
      ...(method[0] === 'P' ? { body: '{"organization_user_id":"jane"}' } : {}),
    });
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
        consents: {},
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

    const purposes = (ads: boolean | null, id?: string) => ({
      id,
      user: { id: 'u', organization_user_id: 'jane@example.com' },
      consents: { purposes: [{ id: 'ads', enabled: ads }] },
    });
    const adsOf = async (regulation = 'gdpr') => {
      const { body } = await read(`/consents/users/u?organization_id=acme&regulation=${regulation}`);
      return (body['consents'] as { purposes: { id: string; enabled: boolean | null }[] }).purposes[0]?.enabled;
    };
    const EVENT = '/consents/events/e-1?organization_id=acme&user_id=u';

    it('are read one by one with the organization and a user', async () => {
      const { body: event } = await postEvent(purposes(null, 'e-1'));
      expect(await read(EVENT)).toEqual({ status: 200, body: event });
      const ownId = 'organization_user_id=jane%40example.com';
      expect((await read(`/consents/events/e-1?organization_id=acme&${ownId}`)).body).toEqual(event);
      expect((await read('/consents/events/e-1?organization_id=acme')).status).toBe(400);
      expect((await read('/consents/events/e-1?organization_id=acme&user_id=other')).status).toBe(404);
      expect((await read('/consents/events/e-1?organization_id=other&user_id=u')).status).toBe(404);
      expect((await read('/consents/events/e-2?organization_id=acme&user_id=u')).status).toBe(404);
    });

    it('apply their consents once they are confirmed, and then win over earlier choices', async () => {
      await postEvent({ ...purposes(true, 'e-1'), status: 'pending_approval' });
      expect(await adsOf()).toBeUndefined();
      await postEvent(purposes(false));
      const { status, body } = await patch(EVENT, { status: 'confirmed', user: { id: 'x' }, id: 'x' });
      expect([status, body]).toMatchObject([200, { id: 'e-1', status: 'confirmed', user: { id: 'u' } }]);
      expect(await adsOf()).toBe(true);
      expect((await read(EVENT)).body).toEqual(body);
    });

    it('can be changed', async () => {
      await postEvent(purposes(true, 'e-1'));
      await postEvent(purposes(false));
      const consents = { purposes: [{ id: 'ads', enabled: null }] };
      const { body } = await patch(EVENT, { consents, delegate: { id: 'agent' } });
      expect(body).toMatchObject({ consents, delegate: { id: 'agent' }, status: 'confirmed' });
      expect(await adsOf()).toBe(false);
      expect((await patch(EVENT, { status: 'unheard-of' })).body).toMatchObject({ errors: [{ field: 'status' }] });
      expect((await patch(EVENT, [])).status).toBe(400);
    });

    it('are deleted as if they had never happened', async () => {
      await postEvent(purposes(null, 'e-0'));
      await postEvent(purposes(true, 'e-1'));
      const before = (await users()).data[0]?.['version'];
      expect(await adsOf()).toBe(true);
      expect(await remove(EVENT)).toEqual({ status: 204, body: undefined });
      expect(await adsOf()).toBeNull();
      expect((await users()).data[0]?.['version']).toBe(Number(before) + 1);
      expect((await remove(EVENT)).status).toBe(404);
      expect(await events('user_id=u')).toMatchObject([{ id: 'e-0' }]);
    });

    it('are deleted by filters besides the user, nested ones included', async () => {
      const booked = (booking: unknown, ads: boolean) => ({ ...purposes(ads), metadata: { booking_id: booking } });
      await postEvent([booked('b-1', true), booked(2, false), booked(null, true), booked('b-4', false)]);
      await postEvent({ user: { id: 'other' }, metadata: { booking_id: 'b-4' } });
      const path = '/consents/events?organization_id=acme';
      const bookings = async (user = 'u') =>
        (await events(`user_id=${user}`)).map(({ metadata }) => (metadata as { booking_id: unknown }).booking_id);

      expect((await remove(`${path}&metadata.booking_id=b-4`)).status).toBe(400);
      const { status, body } = await remove(`${path}&user_id=u`);
      expect([status, body]).toMatchObject([400, { errors: [{ field: 'filters' }] }]);
      expect(await bookings()).toEqual(['b-1', 2, null, 'b-4']);

      expect(await adsOf()).toBe(false);
      const ownId = 'organization_user_id=jane%40example.com';
      expect((await remove(`${path}&${ownId}&metadata.booking_id=b-4&status=confirmed`)).status).toBe(204);
      expect(await adsOf()).toBe(true);
      expect(await bookings()).toEqual(['b-1', 2, null]);
      expect(await bookings('other')).toEqual(['b-4']);
      await remove(`${path}&user_id=u&metadata.booking_id[$in]=2&metadata.booking_id[$in]=null`);
      expect(await bookings()).toEqual(['b-1']);
      expect((await remove(`${path}&user_id=u&metadata.booking_id=nobody`)).status).toBe(204);
      await remove(`${path}&user_id=u&consents.purposes.id=ads`);
      expect([await bookings(), await adsOf()]).toEqual([[], undefined]);
      expect((await users()).data.map(({ id }) => id)).toEqual(['u', 'other']);
    });

    it('keep the ids of proofs that they bring along as files', async () => {
      const file = `data:image/png;base64,${Buffer.from('image').toString('base64')}`;
      const { body } = await postEvent({ user: { id: 'u' }, proofs: [file], proofs_id: ['known.pdf'] });
      expect(body).not.toHaveProperty('proofs');
      const [known, id] = body['proofs_id'] as string[];
      expect(known).toBe('known.pdf');
      expect((await read(`/consents/proofs/${id}?organization_id=acme`)).body).toEqual({ id, size: 5, file });
      const refused = await postEvent([{}, { proofs: [file, 'data:text/html;base64,AAAA'] }]);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: '1.proofs.1' }] } });
      expect(didomi.state.consentEvents).toHaveLength(1);
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

    describe('one by one', () => {
      const USER = '/consents/users/user-1?organization_id=acme';
      const OWN_ID = '/consents/users/jane%2Bnews%40example.com?organization_id=acme&$by_organization_user_id=true';

      beforeEach(async () => {
        const consents = { purposes: [{ id: 'cookies', enabled: null }] };
        await postUser({ id: 'user-1', organization_user_id: 'jane+news@example.com', consents, metadata: { a: 1 } });
      });

      it('are read by Didomi’s id or by the organization’s own', async () => {
        const { status, body } = await read(USER);
        const consents = { purposes: [{ id: 'cookies', enabled: null }] };
        expect([status, body]).toMatchObject([200, { id: 'user-1', version: 1, regulation: 'gdpr', consents }]);
        expect((await read(OWN_ID)).body).toEqual(body);
        expect((await read(`${USER}&regulation=cpra`)).body).toMatchObject({ consents: { purposes: [] } });
        expect((await read('/consents/users/jane%2Bnews%40example.com?organization_id=acme')).status).toBe(404);
        expect((await read('/consents/users/user-1?organization_id=other')).status).toBe(404);
      });

      it('are changed, what is not mentioned staying as it is', async () => {
        const consents = { purposes: [{ id: 'ads', enabled: true }] };
        const { status, body } = await patch(OWN_ID, { metadata: { b: 2 }, country: 'FR', consents, id: 'x' });
        expect([status, body]).toMatchObject([
          200,
          {
            id: 'user-1',
            organization_user_id: 'jane+news@example.com',
            version: 2,
            metadata: { a: 1, b: 2 },
            country: 'FR',
            consents: {
              purposes: [
                { id: 'cookies', enabled: null },
                { id: 'ads', enabled: true },
              ],
            },
          },
        ]);
        expect((await read(USER)).body).toEqual(body);
        expect((await patch(USER, { consents: 1 })).status).toBe(400);
        expect((await patch(USER, [])).status).toBe(400);
      });

      it('are not changed by whoever has an old version of them', async () => {
        expect((await patch(USER, { version: 1, country: 'FR' })).body).toMatchObject({ version: 2, country: 'FR' });
        const { status, body } = await patch(USER, { version: 1, country: 'DE' });
        expect([status, body]).toMatchObject([409, { code: 409, name: 'Conflict', errors: {} }]);
        expect((await read(USER)).body).toMatchObject({ version: 2, country: 'FR' });
      });

      it('are deleted together with their events', async () => {
        await postEvent({ user: { id: 'user-1' } });
        const { body: user } = await read(USER);
        expect(await remove(OWN_ID)).toEqual({ status: 200, body: user });
        expect((await read(USER)).status).toBe(404);
        expect((await remove(USER)).status).toBe(404);
        expect([await events('user_id=user-1'), (await users()).data]).toEqual([[], []]);
      });
    });

    it('of another organization are not listed', async () => {
      await post('/consents/users?organization_id=other', { id: 'user-1' });
      expect((await users()).data).toEqual([]);
      expect((await postUser({ id: 'user-1' })).status).toBe(200);
    });
  });

  describe('tokens for end users', () => {
    const create = (body: unknown, query = '?organization_id=acme') => post<Entity>(`/consents/tokens${query}`, body);

    it('live for 15 minutes, and the answer repeats what was asked for', async () => {
      const input = { organization_user_id: 'jane', metadata: { plan: null }, event: { consents: {} } };
      const { status, body } = await create(input);
      expect([status, body]).toEqual([
        200,
        { ...input, organization_id: 'acme', lifetime: 900, id_token: expect.any(String) },
      ]);
      const iat = NOW / 1000;
      const user = { organization_id: 'acme', organization_user_id: 'jane' };
      expect(decodeJwt(String(body['id_token']))).toMatchObject({ iat, exp: iat + 900, ...user });
    });

    it('take the lifetime and the organization of the body, and are no access tokens', async () => {
      const { body } = await create({ organization_id: 'acme', organization_user_id: 'jane', lifetime: 60 }, '');
      expect(decodeJwt(String(body['id_token'])).exp).toBe(NOW / 1000 + 60);
      accessToken = String(body['id_token']);
      expect((await read('/properties')).status).toBe(401);
    });

    it.each([
      [{}, 'organization_user_id'],
      [{ organization_user_id: 1 }, 'organization_user_id'],
      [{ organization_user_id: 'jane', lifetime: '900' }, 'lifetime'],
      [{ organization_user_id: 'jane', lifetime: 0 }, 'lifetime'],
    ])('are refused for %j', async (input, field) => {
      expect(await create(input)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    });
  });

  describe('proofs', () => {
    const upload = (file: unknown) => post<Entity>('/consents/proofs?organization_id=acme', { file });
    const png = `data:image/png;base64,${Buffer.from('image').toString('base64')}`;

    it('are kept under an id made of their content', async () => {
      const { status, body } = await upload(png);
      const id = expect.stringMatching(/^[0-9a-f]{64}\.png$/);
      expect([status, body]).toEqual([200, { id, size: 5, file: png }]);
      expect((await upload(png)).body).toEqual(body);
      expect((await read(`/consents/proofs/${body.id}?organization_id=acme`)).body).toEqual(body);
      expect((await read(`/consents/proofs/${body.id}?organization_id=other`)).status).toBe(404);
    });

    it.each([
      ['pdf', 'application/pdf'],
      ['jpg', 'image/jpeg'],
      ['gif', 'image/gif'],
      ['doc', 'application/msword'],
      ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      ['msg', 'application/vnd.ms-outlook'],
    ])('may be a %s file', async (ending, mediaType) => {
      const { status, body } = await upload(`data:${mediaType};base64,AAAA`);
      expect([status, body.id.split('.')[1]]).toEqual([200, ending]);
    });

    it.each([
      ['text', 'data:text/plain;base64,AAAA'],
      ['a data URI without base64', 'data:image/png,canary'],
      ['not in base64', 'data:image/png;base64,canary!'],
      ['no data URI', 'canary'],
      ['no string', 1],
      ['15 MB long', `data:image/png;base64,${'A'.repeat(15 * 1024 * 1024)}`],
    ])('are refused if they are %s', async (_title, file) => {
      const { status, body } = await upload(file);
      expect([status, body]).toMatchObject([400, { name: 'BadRequest', errors: [{ field: 'file' }] }]);
      expect(JSON.stringify(body)).not.toContain('canary');
    });
  });
});
