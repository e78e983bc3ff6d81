import { describe, expect, it } from '@jest/globals';
import { DidomiApi } from '../../../lib/api/didomi-api.js';
import { DidomiHttpService, DidomiModule, DidomiRequestError, type DidomiModuleOptions } from '../../../lib/index.js';
import { FakeDidomi } from '../../../lib/testing/index.js';
import { Test } from '@nestjs/testing';
import { afterTest } from '../../support/after-test.js';
import { createApi } from '../../support/create-api.js';

const COUNT = 7;

/** Entities with the ids `0` to `6`. */
function some(fields: (id: string) => object): object[] {
  return Array.from({ length: COUNT }, (_, index) => ({ id: `${index}`, ...fields(`${index}`) }));
}

async function start(): Promise<{ didomi: FakeDidomi; api: DidomiApi }> {
  const didomi = await FakeDidomi.start({
    seed: {
      properties: some((id) => ({ name: `property ${id}`, type: id === '6' ? 'app' : 'website' })),
      consentUsers: some((id) => ({ organization_user_id: `u${id}` })),
      consentEvents: some(() => ({ user: { id: 'u' }, consents: {} })),
      configTrees: some(() => ({})),
    },
  });
  afterTest(() => didomi.stop());
  const { baseURL, apiKey, apiSecret, organizationId } = didomi;
  const options: DidomiModuleOptions = { baseURL, apiKey, apiSecret, organizationId, warmup: 'lazy' };
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(options)] }).compile();
  afterTest(() => app.close());
  await app.init();
  return { didomi, api: new DidomiApi(app.get(DidomiHttpService), organizationId) };
}

async function ids(items: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of items) found.push(id);
  return found.sort();
}

const ALL = Array.from({ length: COUNT }, (_, index) => `${index}`);

describe('paginate() of DidomiApi, over HTTP', () => {
  it('reads pages with a total', async () => {
    const { api, didomi } = await start();
    const query = { type: { $in: ['website'] }, $sort: { name: 1 }, $limit: 2 } as const;
    expect(await ids(api.paginate('GET /properties', { query }))).toEqual(ALL.slice(0, -1));
    expect(didomi.requests.filter(({ path }) => path.endsWith('/properties'))).toHaveLength(3);
  });

  it('reads pages with a cursor', async () => {
    const { api } = await start();
    const users = await ids(api.paginate('GET /consents/users', { query: { $limit: 3 } }));
    expect(users.filter((id) => ALL.includes(id))).toEqual(ALL);
  });

  it('reads a list without a page', async () => {
    const { api } = await start();
    expect(await ids(api.paginate('GET /consents/events', { query: { user_id: 'u' } }))).toEqual(ALL);
  });

  it('reads bare arrays', async () => {
    const { api } = await start();
    expect(await ids(api.paginate('GET /config-trees', { query: { $limit: 3 } }))).toEqual(ALL);
  });

  it('records an event and reads the choices of its user, by an id with characters of a URL', async () => {
    const { api } = await start();
    const user = 'a/b?c#d+e@x.io';
    const consents = { purposes: [{ id: 'newsletter', enabled: true }] };
    const event = await api.request('POST /consents/events', {
      body: { user: { organization_user_id: user }, consents },
    });
    expect(event.user.organization_user_id).toBe(user);
    const found = await api.request('GET /consents/users/{id}', {
      path: { id: user },
      query: { $by_organization_user_id: true },
    });
    expect(found.consents?.purposes).toMatchObject(consents.purposes);
  });
});

describe('paginate() of DidomiApi', () => {
  it('passes on headers and options', async () => {
    const { api, stub } = await createApi({ organizationId: 'own' });
    stub.onApiRequest = () => ({ status: 200, data: [] });
    const didomi = { organizationId: 'other' };
    await ids(api.paginate('GET /widgets/notices/configs', { headers: { v: '2' }, didomi }));
    const [sent] = stub.apiRequests;
    expect(sent?.headers.get('v')).toBe('2');
    expect(sent?.params).toEqual({ organization_id: 'other' });
  });

  it('ends when its signal aborts', async () => {
    const { api, stub } = await createApi();
    const abort = new AbortController();
    stub.onApiRequest = () => ({ status: 200, data: [{ id: 'x' }, { id: 'y' }] });
    const reading = (async () => {
      for await (const _item of api.paginate('GET /keys', { signal: abort.signal })) abort.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it.each(['POST /keys', 'nothing', 'GET keys'])('refuses %p at once', async (route) => {
    const { api } = await createApi();
    expect(() => api.paginate(route as 'GET /keys')).toThrow(DidomiRequestError);
  });
});
