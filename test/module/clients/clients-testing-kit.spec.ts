import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  DIDOMI_RUNTIME,
  DidomiApi,
  DidomiClients,
  DidomiClientsModule,
  DidomiModule,
  type DidomiClientsOptions,
} from '../../../lib/index.js';
import {
  DidomiClientsTestingModule,
  DidomiTestingController,
  DidomiTestingModule,
} from '../../../lib/testing/index.js';
import { CANARY, customer } from '../../support/create-clients.js';
import { errorOf } from '../../support/error-of.js';

const PROPERTIES = 'GET /properties';
const LIST = { total: 0, limit: 10, skip: 0, data: [] };

@Injectable()
class Agency {
  constructor(
    readonly clients: DidomiClients,
    readonly own: DidomiApi,
  ) {}
}

const apps: TestingModule[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** An application as it runs in production, apart from the one overridden provider. */
async function wholeApplication(didomi: DidomiTestingController): Promise<Agency> {
  const app = await Test.createTestingModule({
    imports: [DidomiClientsModule.forRoot(), DidomiModule.forRoot({ ...customer('own') })],
    providers: [Agency],
  })
    .overrideProvider(DIDOMI_RUNTIME)
    .useValue(didomi)
    .compile();
  apps.push(app);
  await app.init();
  return app.get(Agency);
}

async function compile(imports: Parameters<typeof Test.createTestingModule>[0]['imports']): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports: imports ?? [] }).compile();
  apps.push(app);
  return app;
}

describe('DidomiTestingController', () => {
  it('takes the requests of DidomiClients in the place of the network, each client by its API key', async () => {
    const didomi = new DidomiTestingController();
    const { clients, own } = await wholeApplication(didomi);
    const [acme, zen] = [customer('acme'), customer('zen')];
    const answers = [
      clients.for(acme).api.request(PROPERTIES),
      clients.for(zen).api.request(PROPERTIES),
      own.request(PROPERTIES),
    ];

    const ofAcme = await didomi.client(acme).expectOne(PROPERTIES);
    const ofZen = await didomi.client({ apiKey: zen.apiKey }).expectOne(PROPERTIES);
    const ofOwn = await didomi.expectOne(PROPERTIES);
    expect(ofAcme.params.get('organization_id')).toBe('acme');
    expect(ofZen.client).toBe(clients.for(zen).name);
    expect(ofZen.client).not.toBe(ofAcme.client);
    for (const request of [ofAcme, ofZen, ofOwn]) request.flush(LIST);
    expect(await Promise.all(answers)).toEqual([LIST, LIST, LIST]);
    expect(didomi.client(acme).accessTokenRequests).toBe(1);
    didomi.verify();
  });

  it('tells the organizations of one API key apart by what they ask for', async () => {
    const didomi = new DidomiTestingController();
    const { clients } = await wholeApplication(didomi);
    const group = customer('group');
    for (const organizationId of ['a', 'b']) {
      didomi
        .client(group)
        .when({ url: '/properties', params: { organization_id: organizationId } })
        .reply({ ...LIST, total: organizationId === 'a' ? 1 : 2 });
    }
    expect(await clients.for({ ...group, organizationId: 'b' }).api.request(PROPERTIES)).toMatchObject({ total: 2 });
    expect(await clients.for({ ...group, organizationId: 'a' }).api.request(PROPERTIES)).toMatchObject({ total: 1 });
    expect(didomi.client(group).accessTokenRequests).toBe(1);
  });

  it('fails and restores one client and no other', async () => {
    const didomi = new DidomiTestingController();
    const { clients } = await wholeApplication(didomi);
    for (const name of ['acme', 'zen']) didomi.client(customer(name)).when(PROPERTIES).reply(LIST);
    didomi.client(customer('acme')).revokeApiKey();

    expect(await errorOf(clients.for(customer('acme')).api.request(PROPERTIES))).toMatchObject({ reason: 'rejected' });
    expect(await clients.for(customer('zen')).api.request(PROPERTIES)).toEqual(LIST);

    didomi.client(customer('acme')).restore();
    expect(await clients.for(customer('acme')).api.request(PROPERTIES)).toEqual(LIST);
  });

  it('reports what is left of any client, without its API key', async () => {
    const didomi = new DidomiTestingController();
    const { clients } = await wholeApplication(didomi);
    const client = clients.for(customer('acme'));
    const left = errorOf(client.http.axiosRef.get('/left'));
    await didomi.advance(0);
    let message = '';
    try {
      didomi.verify();
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toContain(`GET /left?organization_id=acme of client '${client.name}'`);
    expect(message).not.toContain(CANARY);
    didomi.client(customer('acme')).match('/left')[0]?.error('tls');
    await left;
  });

  it('is in use although no client was made', async () => {
    const app = await compile([DidomiClientsTestingModule.forRoot()]);
    expect(() => app.get(DidomiTestingController).verify()).not.toThrow();
    expect(() => new DidomiTestingController().verify()).toThrow('does not stand in for Didomi');
  });
});

describe('DidomiClientsTestingModule', () => {
  it('provides DidomiClients without a network, and the controller', async () => {
    const app = await compile([DidomiClientsTestingModule.forRoot({ maxClients: 5 })]);
    const didomi = app.get(DidomiTestingController);
    didomi.verify();
    const answer = app.get(DidomiClients).for(customer('acme')).api.request(PROPERTIES);
    (await didomi.client(customer('acme')).expectOne(PROPERTIES)).flush(LIST);
    expect(await answer).toEqual(LIST);
    didomi.verify();
  });

  it('takes the options of the application, and those of the kit', async () => {
    const useFactory = (): DidomiClientsOptions => ({ retry: false });
    const app = await compile([DidomiClientsTestingModule.forRootAsync({ useFactory })]);
    const didomi = app.get(DidomiTestingController).client(customer('acme'));
    didomi.when('/properties').error('reset');
    const call = app.get(DidomiClients).for(customer('acme')).api.request(PROPERTIES);
    expect(await errorOf(call)).toMatchObject({ reason: 'reset', attempts: 1 });

    const impatient = await compile([DidomiClientsTestingModule.forRoot({ arrivalTimeoutMs: 1 })]);
    const none = impatient.get(DidomiTestingController).client(customer('acme')).expectOne('/properties');
    await expect(none).rejects.toThrow(/within 1 ms/);
  });

  it('shares its controller with DidomiTestingModule', async () => {
    const app = await compile([DidomiClientsTestingModule.forRoot(), DidomiTestingModule.forRoot()]);
    const didomi = app.get(DidomiTestingController);
    didomi.when('/properties').reply(LIST);
    didomi.client(customer('acme')).when('/properties').reply(LIST);
    await app.get(DidomiApi).request(PROPERTIES);
    await app.get(DidomiClients).for(customer('acme')).api.request(PROPERTIES);
    expect(didomi.accessTokenRequests).toBe(1);
    expect(didomi.client(customer('acme')).accessTokenRequests).toBe(1);
  });

  it('says what to write where the class itself is imported', async () => {
    await expect(compile([DidomiClientsTestingModule])).rejects.toThrow(
      /write DidomiClientsTestingModule\.forRoot\(\)/,
    );
  });

  it('is left out where DIDOMI_RUNTIME is overridden', async () => {
    const builder = Test.createTestingModule({ imports: [DidomiClientsTestingModule.forRoot()] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue({
        clock: new DidomiTestingController().clock,
        adapterOf: () => undefined,
      });
    await expect(builder.compile()).rejects.toThrow(
      /DIDOMI_RUNTIME is overridden: leave DidomiClientsTestingModule out/,
    );
  });
});
