import { describe, expect, it } from '@jest/globals';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import type { DidomiClient } from '../../../lib/index.js';
import type { StubAnswer } from '../../support/didomi-stub.js';
import { CANARY, collectGarbage, createClients, customer, type TestClients } from '../../support/create-clients.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

const PROPERTIES = 'GET /properties';
/** An access token of an hour is due for renewal by then. */
const DUE_MS = 2_400_000;
const JOB = 'didomi-access-token:clients';

type Held = TestClients & {
  /** Lets the requests under way have their answer. */
  readonly release: () => void;
};

/** Clients whose API requests wait for the test. */
async function createHeld(options: Parameters<typeof createClients>[0]): Promise<Held> {
  const made = await createClients(options);
  const waiting: ((answer: StubAnswer) => void)[] = [];
  made.stub.onApiRequest = () => new Promise((resolve) => waiting.push(resolve));
  return { ...made, release: () => waiting.splice(0).forEach((answer) => answer({ status: 200, data: 'late' })) };
}

function tick({ app }: TestClients): void {
  void app.get(SchedulerRegistry, { strict: false }).getCronJob(JOB).fireOnTick();
}

/** The secrets that access tokens were requested with, in order. */
function logins({ stub }: TestClients): string[] {
  return stub.tokenRequests.map(({ data }) => (JSON.parse(String(data)) as { secret: string }).secret);
}

const secretOf = (name: string, secret = 'secret'): string => customer(name, secret).apiSecret;

describe('the cron job', () => {
  it('is one for all clients', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    await Promise.all(['a', 'b', 'c'].map((name) => made.clients.for(customer(name)).api.request(PROPERTIES)));
    const registry = made.app.get(SchedulerRegistry, { strict: false });
    expect([...registry.getCronJobs().keys()]).toEqual([JOB]);

    await made.clock.advance(DUE_MS);
    tick(made);
    await settled();
    expect(logins(made).slice(3).sort()).toEqual(['a', 'b', 'c'].map((name) => secretOf(name)));

    await made.app.close();
    expect([...registry.getCronJobs().keys()]).toEqual([]);
  });

  it('can be left out', async () => {
    const made = await createClients({ refresh: { cron: false } }, [ScheduleModule.forRoot()]);
    expect(made.app.get(SchedulerRegistry, { strict: false }).getCronJobs().size).toBe(0);
  });

  it('leaves alone who was never called', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    made.clients.for(customer('acme'));
    tick(made);
    await settled();
    expect(logins(made)).toEqual([]);
  });

  it('renews for an idle client once after its last call, and no more', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    const busy = made.clients.for(customer('busy'));
    const idle = made.clients.for(customer('idle'));
    await Promise.all([busy.api.request(PROPERTIES), idle.auth.getAccessToken()]);
    for (let turn = 0; turn < 6; turn += 1) {
      await made.clock.advance(DUE_MS);
      tick(made);
      await settled();
      await busy.api.request(PROPERTIES);
    }
    expect(logins(made).filter((secret) => secret === secretOf('busy'))).toHaveLength(7);
    expect(logins(made).filter((secret) => secret === secretOf('idle'))).toHaveLength(2);
    expect(idle.auth.status.phase).toBe('expired');

    // It is none the worse for it.
    await idle.api.request(PROPERTIES);
    expect(idle.auth.status.phase).toBe('fresh');
  });

  it('does not try for ever where Didomi rejects the credentials and nobody calls', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    made.stub.onTokenRequest = () => ({ status: 400 });
    await errorOf(made.clients.for(customer('acme')).api.request(PROPERTIES));
    for (let turn = 0; turn < 10; turn += 1) {
      await made.clock.advance(DUE_MS);
      tick(made);
      await settled();
    }
    expect(logins(made)).toHaveLength(2);
  });
});

describe('more than maxClients', () => {
  it('let go of the one that was used least recently: it is no longer renewed', async () => {
    const made = await createClients({ maxClients: 2 }, [ScheduleModule.forRoot()]);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => made.clients.for(customer(name))) as [
      DidomiClient,
      DidomiClient,
      DidomiClient,
    ];
    await Promise.all([a, b, c].map(({ api }) => api.request(PROPERTIES)));
    // In order of use: a and b by for(), c by for() and a request, then the others by their requests.
    await a.api.request(PROPERTIES);
    made.clients.for(customer('c'));

    await made.clock.advance(DUE_MS);
    tick(made);
    await settled();

    expect(logins(made).slice(3).sort()).toEqual([secretOf('a'), secretOf('c')]);
    expect(b.auth.status.tokenRequests.sent).toBe(1);
  });

  it('let requests in flight end as usual', async () => {
    const { clients, stub, release } = await createHeld({ maxClients: 1 });
    const call = clients.for(customer('a')).api.request(PROPERTIES);
    await settled();
    clients.for(customer('b'));
    await collectGarbage();
    release();
    expect(await call).toBe('late');
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('leave a reference usable, and for() returns that client again', async () => {
    const made = await createClients({ maxClients: 1 });
    const kept = made.clients.for(customer('a'));
    await kept.api.request(PROPERTIES);
    const { axiosRef } = kept.http;
    for (const name of ['b', 'c', 'd']) await made.clients.for(customer(name)).api.request(PROPERTIES);
    await collectGarbage();

    await axiosRef.get('/properties');
    expect(made.clients.for(customer('a'))).toBe(kept);
    expect(logins(made).filter((secret) => secret === secretOf('a'))).toHaveLength(1);
  });

  it.each(['api', 'http', 'auth'] as const)('find the access token again where only %s is in use', async (part) => {
    const made = await createClients({ maxClients: 1 });
    const { [part]: held } = made.clients.for(customer('a'));
    await made.clients.for(customer('a')).api.request(PROPERTIES);
    made.clients.for(customer('b'));
    await collectGarbage();

    await made.clients.for(customer('a')).api.request(PROPERTIES);
    expect(logins(made)).toHaveLength(1);
    expect(held).toBe(made.clients.for(customer('a'))[part]);
  });

  it('leave nothing in memory of a client that nobody uses', async () => {
    const made = await createClients({ maxClients: 3 });
    const parts: WeakRef<object>[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const { api, http, auth } = made.clients.for(customer(`customer-${turn}`));
      await api.request(PROPERTIES);
      parts.push(new WeakRef(api), new WeakRef(http), new WeakRef(auth));
    }
    // The timer of all deadlines, which keeps no process alive.
    await made.clock.advance(30_000);
    made.stub.apiRequests.length = made.stub.tokenRequests.length = 0;
    await collectGarbage();

    expect(parts.filter((part) => part.deref() !== undefined)).toHaveLength(9);
    // Whoever comes back logs in again.
    await made.clients.for(customer('customer-0')).api.request(PROPERTIES);
    expect(logins(made)).toEqual([secretOf('customer-0')]);
  });
});

describe('another secret for the same API key', () => {
  it('makes another client, which never uses the old one', async () => {
    const made = await createClients();
    const old = made.clients.for(customer('acme', 'old'));
    await old.api.request(PROPERTIES);
    const renewed = made.clients.for(customer('acme', 'new'));
    await renewed.api.request(PROPERTIES);

    expect(renewed).not.toBe(old);
    expect(renewed.auth).not.toBe(old.auth);
    expect(logins(made)).toEqual([secretOf('acme', 'old'), secretOf('acme', 'new')]);
    expect(made.stub.bearers).toEqual([`${secretOf('acme', 'old')}-1`, `${secretOf('acme', 'new')}-2`]);
  });

  it('lets requests in flight end with the old one', async () => {
    const { clients, stub, release } = await createHeld({});
    const call = clients.for(customer('acme', 'old')).api.request(PROPERTIES);
    await settled();
    await clients.for(customer('acme', 'new')).auth.getAccessToken();
    await collectGarbage();
    release();
    expect(await call).toBe('late');
    expect(stub.bearers).toEqual([`${secretOf('acme', 'old')}-1`]);
  });

  it('lets go of the old client once Didomi has accepted it', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    const old = new WeakRef(made.clients.for(customer('acme', 'old')));
    await old.deref()?.api.request(PROPERTIES);
    await made.clock.advance(DUE_MS);
    const { auth } = made.clients.for(customer('acme', 'new'));
    await collectGarbage();
    expect(old.deref()).toBeDefined();

    await auth.getAccessToken();
    tick(made);
    await settled();
    made.stub.apiRequests.length = made.stub.tokenRequests.length = 0;
    await collectGarbage();

    expect(old.deref()).toBeUndefined();
    expect(auth.status.tokenRequests.sent).toBe(1);
    expect(logins(made)).toEqual([]);
  });

  it('does no harm to the right one if it is wrong', async () => {
    const made = await createClients({}, [ScheduleModule.forRoot()]);
    const right = made.clients.for(customer('acme'));
    await right.api.request(PROPERTIES);
    const answer = made.stub.onTokenRequest;
    made.stub.onTokenRequest = (config, count) =>
      String(config.data).includes('wrong') ? { status: 400 } : answer(config, count);

    const wrong = made.clients.for(customer('acme', 'wrong'));
    expect(await errorOf(wrong.api.request(PROPERTIES))).toMatchObject({ reason: 'rejected' });

    expect(made.clients.for(customer('acme'))).toBe(right);
    await right.api.request(PROPERTIES);
    await made.clock.advance(DUE_MS);
    tick(made);
    await settled();
    expect(logins(made).filter((secret) => secret === secretOf('acme'))).toHaveLength(2);
    for (const bearer of made.stub.bearers) expect(bearer).toMatch(new RegExp(`^${CANARY}-secret-of-acme-`));
  });
});

describe('the shutdown', () => {
  it('gives requests in flight their grace, those of clients that were let go as well', async () => {
    const made = await createHeld({ maxClients: 1 });
    const calls = ['a', 'b'].map((name) => made.clients.for(customer(name)).api.request(PROPERTIES));
    await settled();

    const closing = made.app.close();
    made.release();
    expect(await Promise.all(calls)).toEqual(['late', 'late']);
    await closing;
  });

  it('ends what is left as closed, those of clients that were let go as well', async () => {
    const made = await createHeld({ maxClients: 1 });
    const ends = ['a', 'b', 'c'].map((name) => errorOf(made.clients.for(customer(name)).api.request(PROPERTIES)));
    made.stub.onTokenRequest = () => new Promise(() => undefined);
    ends.push(errorOf(made.clients.for(customer('d')).auth.getAccessToken()));
    await settled();
    await collectGarbage();

    await made.app.close();

    for (const error of await Promise.all(ends)) expect(error).toMatchObject({ reason: 'closed' });
    expect(made.clock.pending).toBe(0);
  });

  it('refuses later calls of old and of new clients', async () => {
    const made = await createClients();
    const old = made.clients.for(customer('a'));
    await old.api.request(PROPERTIES);

    await made.app.close();
    await made.app.close();

    const fresh = made.clients.for(customer('b'));
    for (const { api, auth } of [old, fresh]) {
      expect(await errorOf(api.request(PROPERTIES))).toMatchObject({ reason: 'closed' });
      expect(await errorOf(auth.getAccessToken())).toMatchObject({ reason: 'closed' });
      expect(auth.status.phase).toBe('closed');
    }
    expect(made.stub.apiRequests).toHaveLength(1);
    expect(made.clock.pending).toBe(0);
  });

  it('serves clients that are made in its hooks', async () => {
    const made = await createClients();
    made.clients.onModuleDestroy();
    await made.clients.for(customer('a')).api.request(PROPERTIES);
    made.stub.onApiRequest = () => ({ status: 503 });
    // Nothing waits and nothing is retried any more.
    expect(await errorOf(made.clients.for(customer('b')).api.request(PROPERTIES))).toMatchObject({ attempts: 1 });
    expect(made.stub.apiRequests).toHaveLength(2);
  });
});
