import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { DidomiApi, DidomiAuthService, DidomiHttpService, DidomiRequestError } from '../../../lib/index.js';
import type {
  DidomiAuthEvent,
  DidomiClients,
  DidomiHttpEvent,
  DidomiOrganizationCredentials,
  DidomiTokenStore,
} from '../../../lib/index.js';
import { CANARY, createClients, customer } from '../../support/create-clients.js';
import { errorOf } from '../../support/error-of.js';
import { findReachable } from '../../support/find-reachable.js';
import { inspectAll } from '../../support/inspect-all.js';
import { settled } from '../../support/fake-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

const PROPERTIES = 'GET /properties';

function refusalOf(clients: DidomiClients, credentials: unknown): DidomiRequestError {
  try {
    clients.for(credentials as DidomiOrganizationCredentials);
  } catch (error) {
    if (error instanceof DidomiRequestError) return error;
    throw error;
  }
  throw new Error('The credentials were accepted');
}

describe('DidomiClients.for()', () => {
  it('returns the services of a client at once, and sends nothing', async () => {
    const { clients, stub } = await createClients();
    const { api, http, auth, name } = clients.for(customer('acme'));
    await settled();
    expect(api).toBeInstanceOf(DidomiApi);
    expect(http).toBeInstanceOf(DidomiHttpService);
    expect(auth).toBeInstanceOf(DidomiAuthService);
    expect(name).toMatch(/^key-[\da-f]{8}$/);
    expect(auth.status.phase).toBe('cold');
    expect(stub.tokenRequests).toEqual([]);
  });

  it('returns the same client for the same credentials', async () => {
    const { clients } = await createClients();
    expect(clients.for(customer('acme'))).toBe(clients.for({ ...customer('acme') }));
    expect(clients.for({ ...customer('acme'), organizationId: undefined })).not.toBe(clients.for(customer('acme')));
    expect(clients.for(customer('acme'))).not.toBe(clients.for(customer('zen')));
  });

  it('keeps customers apart: credentials, access token and organization', async () => {
    const { clients, stub } = await createClients();
    const names = ['acme', 'zen', 'umbra'];
    await Promise.all(
      [...names, ...names].map((name, turn) =>
        turn % 2 === 0
          ? firstValueFrom(clients.for(customer(name)).http.get(`/${name}`))
          : clients.for(customer(name)).api.request('GET /consents/users', { query: { organization_user_id: name } }),
      ),
    );
    expect(stub.tokenRequests).toHaveLength(3);
    expect(stub.apiRequests).toHaveLength(6);
    for (const { url, params, headers } of stub.apiRequests) {
      const { organization_id: organization } = params as { organization_id: string };
      expect(['/consents/users', `/${organization}`]).toContain(url);
      expect(headers.get('Authorization')).toMatch(new RegExp(`^Bearer ${CANARY}-secret-of-${organization}-\\d$`));
    }
  });

  it('shares one access token among the organizations of an API key', async () => {
    const { clients, stub } = await createClients();
    const all = ['a', 'b', 'c', undefined].map((organizationId) =>
      clients.for({ ...customer('group'), organizationId }),
    );
    await Promise.all(all.map(({ api }) => api.request(PROPERTIES)));
    expect(new Set(all.map(({ http }) => http)).size).toBe(4);
    expect(new Set(all.map(({ auth }) => auth)).size).toBe(1);
    expect(stub.tokenRequests).toHaveLength(1);
    expect(
      stub.apiRequests.map(({ params }) => (params as { organization_id?: string } | undefined)?.organization_id),
    ).toEqual(['a', 'b', 'c', undefined]);
  });

  it('applies the options that all clients share', async () => {
    const { clients, stub } = await createClients({
      baseURL: 'https://gateway.example/v1',
      retry: false,
      axios: { headers: { 'X-Team': 'platform' } },
    });
    stub.onApiRequest = () => ({ status: 503 });
    const error = await errorOf(clients.for(customer('acme')).http.axiosRef.get('/properties'));
    expect(error).toMatchObject({ status: 503, attempts: 1 });
    const [request] = stub.apiRequests;
    expect(request?.baseURL).toBe('https://gateway.example/v1');
    expect(request?.headers.get('X-Team')).toBe('platform');
    expect(stub.tokenRequests[0]?.baseURL).toBe('https://gateway.example/v1');
  });

  it('hands the token store on to each client, which shares its access token with other replicas', async () => {
    const tokenStore = new MemoryStore();
    const [one, other] = [await createClients({ tokenStore }), await createClients({ tokenStore })];
    await Promise.all(['acme', 'zen'].map((name) => one.clients.for(customer(name)).api.request(PROPERTIES)));
    for (const name of ['acme', 'zen']) await other.clients.for(customer(name)).api.request(PROPERTIES);

    expect(one.stub.tokenRequests).toHaveLength(2);
    expect(other.stub.tokenRequests).toEqual([]);
    expect(other.stub.bearers.toSorted()).toEqual(one.stub.bearers.toSorted());
  });

  it('tells an outage of the token store once, whatever the number of clients', async () => {
    const store = new MemoryStore();
    const state = { isDown: true };
    const never = (): Promise<never> => new Promise(() => undefined);
    const tokenStore: DidomiTokenStore = {
      get: (key) => (state.isDown ? never() : store.get(key)),
      set: (...entry) => (state.isDown ? never() : store.set(...entry)),
    };
    const { clients, clock, logger, stub } = await createClients({ tokenStore });
    const first = clients.for(customer('acme')).api.request(PROPERTIES);
    await clock.advance(1_000);
    await first;
    const others = ['zen', 'umbra'].map((name) => clients.for(customer(name)).api.request(PROPERTIES));
    await clock.advance(1_000);
    await Promise.all(others);
    expect(stub.tokenRequests).toHaveLength(3);
    const warnings = logger.didomi('warn').filter((line) => line.startsWith('tokenStore'));
    expect(warnings).toEqual([expect.stringMatching(/^tokenStore\.get\(\) did not answer/)]);

    state.isDown = false;
    await Promise.all(['late', 'later'].map((name) => clients.for(customer(name)).api.request(PROPERTIES)));
    expect(logger.didomi('log').filter((line) => line.endsWith('works again'))).toEqual(['tokenStore works again']);
    expect(store.sets).toHaveLength(2);
  });

  it('calls a client by its name in events', async () => {
    const { clients } = await createClients();
    const { api, auth, http, name } = clients.for(customer('acme'));
    const events: (DidomiAuthEvent | DidomiHttpEvent)[] = [];
    auth.events$.subscribe((event) => events.push(event));
    http.events$.subscribe((event) => events.push(event));
    await api.request(PROPERTIES);
    expect(events.map(({ type, client }) => [type, client])).toEqual([
      ['refreshed', name],
      ['waited', name],
      ['sent', name],
      ['ended', name],
    ]);
  });

  it('takes entities as they come from a database', async () => {
    const { clients } = await createClients();
    class Customer {
      readonly id = 7;
      readonly organizationId = null;
      get apiKey(): string {
        return 'key';
      }
      get apiSecret(): string {
        return 'secret';
      }
    }
    expect(clients.for(new Customer())).toBe(clients.for({ apiKey: 'key', apiSecret: 'secret' }));
  });

  it('does not see what is changed in the credentials afterwards', async () => {
    const { clients, stub } = await createClients();
    const credentials = customer('acme');
    const { api } = clients.for(credentials);
    credentials.apiSecret = 'another';
    await api.request(PROPERTIES);
    expect(stub.bearers).toEqual([`${CANARY}-secret-of-acme-1`]);
  });

  it.each([
    ['nothing', undefined, ['apiKey is missing', 'apiSecret is missing']],
    ['null', null, ['apiKey is missing', 'apiSecret is missing']],
    ['a text', CANARY, ['apiKey is missing', 'apiSecret is missing']],
    ['an empty key', { apiKey: '', apiSecret: CANARY }, ['apiKey is empty']],
    ['no secret', { apiKey: CANARY, apiSecret: null }, ['apiSecret is missing']],
    ['a number', { apiKey: 31_415_926, apiSecret: CANARY }, ['apiKey has to be a string']],
    ['white space', { apiKey: CANARY, apiSecret: `${CANARY}\n` }, ['apiSecret begins or ends with white space']],
    [
      'a wrong organization',
      { ...customer('acme'), organizationId: 31_415_926 },
      ['organizationId has to be a string'],
    ],
    ['no organization', { ...customer('acme'), organizationId: '' }, ['organizationId is empty']],
  ])('refuses %s, and names what is wrong without its value', async (_what, credentials, problems) => {
    const { clients } = await createClients();
    const error = refusalOf(clients, credentials);
    expect(error.message).toMatch(/^DidomiClients\.for\(\): /);
    for (const problem of problems) expect(error.message).toContain(problem);
    const printed = `${error.stack} ${inspectAll(error)} ${JSON.stringify(error)}`;
    expect(printed).not.toContain(CANARY);
    expect(printed).not.toContain('31415926');
  });
});

describe('no secret of a customer', () => {
  it('is in what DidomiClients and its clients print', async () => {
    const { app, clients, stub, logger } = await createClients();
    const client = clients.for(customer('acme'));
    await client.api.request(PROPERTIES);
    stub.onTokenRequest = () => ({ status: 400 });
    await errorOf(clients.for(customer('zen')).api.request(PROPERTIES));

    for (const value of [clients, client, client.http.axiosRef, client.auth.status]) {
      expect(inspectAll(value)).not.toContain(CANARY);
      expect(JSON.stringify(value) ?? '').not.toContain(CANARY);
      expect(findReachable(value, CANARY)).toBeUndefined();
    }
    expect(findReachable(app, CANARY)).toBeUndefined();
    expect(JSON.stringify(logger.lines)).not.toContain(CANARY);
  });

  it('is needed to tell in the log whose credentials Didomi rejects', async () => {
    const { clients, stub, logger } = await createClients();
    stub.onTokenRequest = () => ({ status: 400 });
    const { api, name } = clients.for(customer('acme'));
    await errorOf(api.request(PROPERTIES));
    expect(logger.lines).toContainEqual({
      level: 'error',
      context: `Didomi:${name}`,
      message: expect.stringMatching(/^No new access token \(rejected\)/),
    });
  });
});
