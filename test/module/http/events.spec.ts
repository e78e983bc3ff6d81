import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { ROUTE_WORDS } from '../../../lib/http/events/route-template.js';
import { didomiPath, isDidomiError, type DidomiHttpEvent, type DidomiHttpService } from '../../../lib/index.js';
import { API_KEY, API_SECRET, createClient, createWarmClient } from '../../support/create-client.js';
import { networkError, type DidomiStub } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { settled } from '../../support/fake-clock.js';

function recorded({ http }: { readonly http: DidomiHttpService }): DidomiHttpEvent[] {
  const events: DidomiHttpEvent[] = [];
  http.events$.subscribe((event) => events.push(event));
  return events;
}

/** Answers with these, one after the other, and with 200 from then on. */
function answering(stub: DidomiStub, ...statuses: (number | string)[]): void {
  const answers = [...statuses];
  stub.onApiRequest = () => {
    const answer = answers.shift() ?? 200;
    return typeof answer === 'string' ? networkError(answer) : { status: answer };
  };
}

const types = (events: readonly DidomiHttpEvent[]): string[] => events.map(({ type }) => type);

describe('events of an API request', () => {
  it('sent and ended: once for a request that is answered', async () => {
    const client = await createWarmClient();
    const events = recorded(client);
    const { clock, http, stub } = client;
    stub.onApiRequest = async () => {
      await new Promise<void>((resolve) => clock.schedule(resolve, 40));
      return { status: 200 };
    };
    const call = http.axiosRef.get('/properties/p-1?$limit=1');
    const at = clock.now();
    await clock.advance(40);
    await call;
    const shared = { client: undefined, id: 1, method: 'GET', route: '/properties/{id}' };
    expect(events).toEqual([
      { ...shared, type: 'sent', at, attempt: 1 },
      { ...shared, type: 'ended', at: at + 40, status: 200, attempts: 1, durationMs: 40, waitedMs: 0 },
    ]);
  });

  it('retried: which attempt failed, why, and in how many milliseconds it is sent again', async () => {
    const client = await createWarmClient();
    const events = recorded(client);
    const { clock, http, stub } = client;
    answering(stub, 503, 'ECONNRESET');
    const call = http.axiosRef.get('/properties');
    await clock.advance(5_000);
    await call;
    expect(types(events)).toEqual(['sent', 'retried', 'sent', 'retried', 'sent', 'ended']);
    const [, first, , second, , ended] = events;
    expect(first).toMatchObject({ attempt: 1, status: 503, retryInMs: expect.any(Number) });
    expect(first).not.toHaveProperty('reason');
    expect(second).toMatchObject({ attempt: 2, reason: 'reset', retryInMs: expect.any(Number) });
    expect(second).not.toHaveProperty('status');
    const waits = events.flatMap((event) => (event.type === 'retried' ? [event.retryInMs] : []));
    const waitedMs = waits.reduce((sum, ms) => sum + ms, 0);
    expect(ended).toMatchObject({ status: 200, attempts: 3 });
    expect(ended?.type === 'ended' ? ended.waitedMs : -1).toBeCloseTo(waitedMs, 3);
  });

  it('replayed: after a 401', async () => {
    const client = await createWarmClient();
    const events = recorded(client);
    const { http, stub } = client;
    answering(stub, 401);
    await http.axiosRef.post('/properties', {});
    expect(types(events)).toEqual(['sent', 'waited', 'replayed', 'sent', 'ended']);
    expect(events[1]).toMatchObject({ reason: 'access-token' });
    expect(events[2]).toMatchObject({ method: 'POST', attempt: 1 });
    expect(events.at(-1)).toMatchObject({ status: 200, attempts: 2 });
  });

  it('waited: for an access token', async () => {
    const client = await createClient();
    const events = recorded(client);
    const { clock, http, stub } = client;
    stub.onTokenRequest = async () => {
      await new Promise<void>((resolve) => clock.schedule(resolve, 250));
      return { status: 200, data: { access_token: 'one' } };
    };
    const call = http.axiosRef.get('/properties');
    await clock.advance(250);
    await call;
    expect(types(events)).toEqual(['waited', 'sent', 'ended']);
    expect(events[0]).toMatchObject({ reason: 'access-token', waitedMs: 250 });
    expect(events[2]).toMatchObject({ durationMs: 250, waitedMs: 250 });
  });

  it('waited: for its turn', async () => {
    const client = await createWarmClient({ maxConcurrent: 1 });
    const { clock, http, stub } = client;
    stub.onApiRequest = async () => {
      await new Promise<void>((resolve) => clock.schedule(resolve, 100));
      return { status: 200 };
    };
    const events = recorded(client);
    const calls = [http.axiosRef.get('/a'), http.axiosRef.get('/b')];
    await clock.advance(100);
    await clock.advance(100);
    await Promise.all(calls);
    expect(events.filter(({ id }) => id === 2)).toMatchObject([
      { type: 'waited', reason: 'turn', waitedMs: 100 },
      { type: 'sent' },
      { type: 'ended', durationMs: 200, waitedMs: 100 },
    ]);
  });

  it.each<[string, number | string, object]>([
    ['an error status', 404, { status: 404, error: 'DIDOMI_API' }],
    ['no answer', 'ECONNREFUSED', { error: 'DIDOMI_TRANSPORT', reason: 'refused' }],
  ])('ended: tells of %s', async (_title, answer, facts) => {
    const client = await createWarmClient({ retry: false });
    const events = recorded(client);
    answering(client.stub, answer);
    await errorOf(client.http.axiosRef.get('/properties'));
    expect(events.at(-1)).toMatchObject({ type: 'ended', attempts: 1, ...facts });
  });

  it('ended: tells of a request without an access token, and of one that must not be sent', async () => {
    const client = await createClient();
    const events = recorded(client);
    const { http, stub } = client;
    stub.onTokenRequest = () => ({ status: 401 });
    await errorOf(http.axiosRef.get('/properties'));
    await errorOf(http.axiosRef.get('https://elsewhere.test/properties'));
    expect(events.filter(({ type }) => type === 'ended')).toMatchObject([
      { id: 1, error: 'DIDOMI_AUTHENTICATION', reason: 'rejected', attempts: 0 },
      { id: 2, error: 'DIDOMI_REQUEST', attempts: 0 },
    ]);
    expect(events.at(-1)).not.toHaveProperty('reason');
  });

  it('ended: tells of a request that its caller aborts, and of a status that the caller accepts', async () => {
    const client = await createWarmClient();
    const events = recorded(client);
    const { http, stub } = client;
    stub.onApiRequest = () => new Promise(() => undefined);
    const abort = new AbortController();
    const call = http.axiosRef.get('/properties', { signal: abort.signal });
    await settled();
    abort.abort();
    await errorOf(call);
    expect(events.at(-1)).toMatchObject({ type: 'ended', error: 'DIDOMI_TRANSPORT', reason: 'aborted' });

    answering(stub, 404);
    await http.axiosRef.get('/properties/none', { validateStatus: () => true });
    expect(events.at(-1)).toMatchObject({ type: 'ended', status: 404 });
    expect(events.at(-1)).not.toHaveProperty('error');
  });

  it('hold neither ids, query, body nor headers', async () => {
    const client = await createWarmClient();
    const events = recorded(client);
    const { http, stub } = client;
    stub.onApiRequest = () => ({
      status: 200,
      data: { name: 'canary-answer' },
      headers: { 'x-canary': 'canary-head' },
    });
    await http.axiosRef.get(didomiPath('/consents/users/{id}', { id: 'ada@canary.test' }), {
      params: { email: 'canary-query' },
    });
    await http.axiosRef.post('/consents/events', { user: 'canary-body' }, { headers: { 'X-Team': 'canary-sent' } });
    await http.axiosRef.get('/properties/canary-id/canary-more#canary-hash');
    expect(new Set(events.map(({ route }) => route))).toEqual(
      new Set(['/consents/users/{id}', '/consents/events', '/properties/{id}/{id}']),
    );
    const printed = inspect([events, http.events$], { depth: null, showHidden: true });
    for (const secret of ['canary', 'token-1', API_KEY, API_SECRET]) expect(printed).not.toContain(secret);
  });

  it.each<[string, object, string, string]>([
    ['an absolute URL', { url: 'https://api.didomi.io/v1/properties/1' }, 'GET', '/properties/{id}'],
    ['a URL outside of the version', { url: 'https://api.didomi.io/dsar/requests/1' }, 'GET', '/dsar/requests/{id}'],
    ['a lower case method', { url: '/keys', method: 'delete' }, 'DELETE', '/keys'],
    ['no string', { url: 7 }, 'GET', '/'],
    ['no URL at all', { url: 'https://' }, 'GET', '/'],
  ])('name the route of a request with %s', async (_title, config, method, route) => {
    const client = await createWarmClient();
    const events = recorded(client);
    await client.http.axiosRef.request(config).catch(() => undefined);
    expect(events.at(-1)).toMatchObject({ type: 'ended', method, route });
  });

  it('tell a call from its beginning or not at all', async () => {
    const client = await createWarmClient();
    const { http, stub } = client;
    const answers: (() => void)[] = [];
    stub.onApiRequest = () => new Promise((resolve) => answers.push(() => resolve({ status: 200 })));
    const before = http.axiosRef.get('/properties');
    await settled();
    const events = recorded(client);
    const after = http.axiosRef.get('/keys');
    await settled();
    for (const answer of answers) answer();
    await Promise.all([before, after]);
    expect(new Set(events.map(({ route }) => route))).toEqual(new Set(['/keys']));
  });

  it('complete at the shutdown, after the ends of the requests that it ends', async () => {
    const client = await createWarmClient({ shutdownGraceMs: 0 });
    const { app, clock, http, stub } = client;
    stub.onApiRequest = () => new Promise(() => undefined);
    const told: string[] = [];
    http.events$.subscribe({ next: ({ type }) => told.push(type), complete: () => told.push('complete') });
    const call = http.axiosRef.get('/properties').catch((error: unknown) => error);
    await settled();
    const closing = app.close();
    await clock.advance(0);
    await Promise.all([closing, call]);
    await settled();
    expect(told).toEqual(['sent', 'ended', 'complete']);
    http.events$.subscribe({ complete: () => told.push('late') });
    expect(told.at(-1)).toBe('late');
  });

  it('do not keep the services from being written as JSON while somebody listens', async () => {
    const { auth, http } = await createClient();
    http.events$.subscribe();
    auth.events$.subscribe();
    expect(() => JSON.stringify({ auth, http })).not.toThrow();
  });

  it('end a call that a subscriber aborts, or whose client it closes, while it is told of it', async () => {
    const client = await createWarmClient({ shutdownGraceMs: 0 });
    const { app, clock, http, stub } = client;
    stub.onApiRequest = () => new Promise(() => undefined);
    const events = recorded(client);
    const abort = new AbortController();
    http.events$.subscribe(({ type, id }) => {
      if (type !== 'sent') return;
      if (id === 1) abort.abort();
      else void app.close();
    });
    await errorOf(http.axiosRef.get('/properties', { signal: abort.signal }));
    const last = errorOf(http.axiosRef.get('/keys'));
    await clock.advance(0);
    await last;
    expect(events.map(({ id, type }) => `${id} ${type}`)).toEqual(['1 sent', '1 ended', '2 sent', '2 ended']);
    expect(events[1]).toMatchObject({ reason: 'aborted' });
    expect(events[3]).toMatchObject({ reason: 'closed' });
  });

  it('end each call once where a subscriber calls again, and thousands listen and leave', async () => {
    const client = await createWarmClient();
    const { app, http } = client;
    const events = recorded(client);
    const more: Promise<unknown>[] = [];
    http.events$.subscribe(({ id }) => {
      if (id <= 10) more.push(http.axiosRef.get('/keys'));
    });
    let left = 0;
    let completed = 0;
    for (let count = 0; count < 2_000; count += 1) {
      const subscription = http.events$.subscribe(() => {
        subscription.unsubscribe();
        left += 1;
      });
      http.events$.subscribe({ complete: () => (completed += 1) });
    }
    await http.axiosRef.get('/properties');
    while (more.length > 0) await more.pop();
    const ids = new Set(events.map(({ id }) => id));
    expect(ids.size).toBeGreaterThan(10);
    expect(events.filter(({ type }) => type === 'sent')).toHaveLength(ids.size);
    expect(events.filter(({ type }) => type === 'ended')).toHaveLength(ids.size);
    await app.close();
    expect([left, completed]).toEqual([2_000, 2_000]);
  });

  it('hold words of Didomi only, and end with the call, whatever is requested', async () => {
    const client = await createWarmClient({ retry: false });
    const events = recorded(client);
    const part = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '%2f',
        '..',
        '\\',
        'https://api.didomi.io',
        'HTTPS://API.DIDOMI.IO/v1',
        '//api.didomi.io',
      ),
      fc.constantFrom(
        '?',
        '#',
        ';',
        '@',
        '%',
        '%00',
        '\n',
        '\ud800',
        'consents',
        'users',
        'Consents',
        'ada@example.org',
      ),
      fc.string({ maxLength: 8 }),
    );
    const base = fc.constantFrom('https://api.didomi.io/v1', 'https://api.didomi.io/ada@example.org', '', '/');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), base, async (parts, baseURL) => {
        events.length = 0;
        await client.http.axiosRef.get(parts.join(''), { baseURL }).catch((error: unknown) => {
          if (!isDidomiError(error)) throw error;
        });
        expect(types(events).filter((type) => type === 'ended')).toHaveLength(1);
        expect(types(events).at(-1)).toBe('ended');
        for (const segment of events.flatMap(({ route }) => route.slice(1).split('/'))) {
          expect(segment === '' || segment === '{id}' || ROUTE_WORDS.has(segment)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('complete at the shutdown of a client that is idle', async () => {
    const { app, http } = await createWarmClient();
    const told: string[] = [];
    http.events$.subscribe({ complete: () => told.push('complete') });
    await app.close();
    expect(told).toEqual(['complete']);
  });

  it('cost nothing to a request of which nobody listens: no number is spent on it', async () => {
    const client = await createWarmClient();
    await client.http.axiosRef.get('/properties');
    const events = recorded(client);
    await client.http.axiosRef.get('/properties');
    expect(events.map(({ id }) => id)).toEqual([1, 1]);
  });
});
