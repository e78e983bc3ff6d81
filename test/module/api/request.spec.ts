import { describe, expect, it } from '@jest/globals';
import { isCancel } from 'axios';
import { DidomiApiError, DidomiRequestError } from '../../../lib/index.js';
import { answerInOrder } from '../../support/answers.js';
import { createApi } from '../../support/create-api.js';
import { errorOf } from '../../support/error-of.js';
import { sentUrl } from '../../support/sent-url.js';

describe('request()', () => {
  it('sends the method, path, query and body of a route, and answers the data', async () => {
    const made = await createApi();
    const { api, stub } = made;
    stub.onApiRequest = () => ({ status: 200, data: { id: 'e', status: 'confirmed' } });
    const event = await api.request('PATCH /consents/events/{id}', {
      path: { id: 'e' },
      query: { organization_user_id: 'u' },
      body: { status: 'confirmed' },
    });
    expect(event).toEqual({ id: 'e', status: 'confirmed' });
    const [sent] = stub.apiRequests;
    expect([sent?.method, sentUrl(made).href, JSON.parse(String(sent?.data)) as unknown]).toEqual([
      'patch',
      'https://api.didomi.io/v1/consents/events/e?organization_user_id=u',
      { status: 'confirmed' },
    ]);
  });

  it.each([
    ['a+b@x.io', 'a%2Bb%40x.io'],
    ['a/b', 'a%2Fb'],
    ['../../keys', '..%2F..%2Fkeys'],
    ['?$limit=1#x', '%3F%24limit%3D1%23x'],
    [' ', '%20'],
    [7, '7'],
  ])('keeps the path parameter %p in its place', async (id, encoded) => {
    const made = await createApi();
    await made.api.request('GET /consents/users/{id}', { path: { id } });
    expect(sentUrl(made).pathname).toBe(`/v1/consents/users/${encoded}`);
  });

  it('writes filters, null and the order as Didomi reads them', async () => {
    const made = await createApi();
    await made.api.request('GET /widgets/notices/configs', {
      query: { deployed_at: null, notice_id: { $in: ['a', 'b'] }, $sort: { created_at: -1 }, $limit: 5 },
    });
    expect(decodeURIComponent(sentUrl(made).search)).toBe(
      '?deployed_at=null&notice_id[$in]=a&notice_id[$in]=b&$sort[created_at]=-1&$limit=5',
    );
  });

  it('keeps null in a body', async () => {
    const { api, stub } = await createApi();
    const consents = { purposes: [{ id: 'p', enabled: null }] };
    await api.request('POST /consents/events', { body: { user: { id: 'u' }, consents } });
    expect(JSON.parse(String(stub.apiRequests[0]?.data))).toEqual({ user: { id: 'u' }, consents });
  });

  it('sends the headers of the request besides its own', async () => {
    const { api, stub } = await createApi();
    await api.request('GET /widgets/notices/configs', { headers: { v: '2' } });
    expect(stub.apiRequests[0]?.headers.get('v')).toBe('2');
    expect(stub.bearers).toEqual(['token-1']);
  });

  it.each(['/compliance/v1/regulations', '/dsar/requests'] as const)('sends %s beside /v1', async (path) => {
    for (const [baseURL, root] of [
      [undefined, 'https://api.didomi.io'],
      ['https://gateway.example/didomi/v1/', 'https://gateway.example/didomi'],
    ]) {
      const made = await createApi({ ...(baseURL !== undefined && { baseURL }) });
      await made.api.request(`GET ${path}`);
      expect(sentUrl(made).href).toBe(root + path);
    }
  });

  it('ends an attempt after the timeout of the request', async () => {
    const { api, stub, clock } = await createApi();
    stub.onApiRequest = () => new Promise(() => undefined);
    const error = errorOf(api.request('GET /languages', { timeoutMs: 123, didomi: { retry: false } }));
    await clock.advance(123);
    expect(await error).toMatchObject({ reason: 'timeout' });
  });

  it('passes on the didomi options of a request', async () => {
    const { api, stub } = await createApi();
    answerInOrder(stub, { status: 503 });
    const error = await errorOf(api.request('GET /languages', { didomi: { retry: false } }));
    expect(error).toBeInstanceOf(DidomiApiError);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('is aborted by its signal', async () => {
    const { api, stub } = await createApi();
    const abort = new AbortController();
    stub.onApiRequest = () => new Promise(() => undefined);
    const error = errorOf(api.request('GET /languages', { signal: abort.signal }));
    abort.abort();
    expect(isCancel(await error)).toBe(true);
  });

  it('answers undefined where there is no content', async () => {
    const { api, stub } = await createApi();
    stub.onApiRequest = () => ({ status: 204, data: '' });
    const call = api.request('DELETE /consents/events/{id}', { path: { id: 'e' }, query: { user_id: 'u' } });
    expect(await call).toBeUndefined();
  });

  it.each(['GET', 'GET keys', '/keys', 'get /keys', 'GET  /keys', 'GET //x', 'GET /keys?a=1', 'GET /a b', '', 7, null])(
    'refuses %p, and says how a route is written',
    async (route) => {
      const { api, stub } = await createApi();
      const error = await errorOf(api.request(route as 'GET /keys'));
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toMatch(/METHOD \/path/);
      expect(stub.apiRequests).toEqual([]);
    },
  );

  it.each([
    ['no options', undefined],
    ['no path', {}],
    ['null in place of the path', { path: null }],
    ['a path without it', { path: {} }],
    ['an inherited one', { path: Object.create({ id: 'x' }) as object }],
    ['an empty one', { path: { id: '' } }],
  ])('refuses %s where a path parameter is needed, and names it', async (_title, options) => {
    const { api, stub } = await createApi();
    const error = await errorOf(api.request('GET /keys/{id}', options as never));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error.message).toMatch(/\bid\b/);
    expect(stub.apiRequests).toEqual([]);
  });

  it.each([
    ['params in place of query', { params: { user_id: 'u' } }, /options\.params/],
    ['a misspelt option', { qeury: {} }, /did you mean options\.query/],
    ['null', null, /options has to be an object/],
    ['a list', [], /options has to be an object/],
  ])('refuses %s as options, since a filter that is lost matches everything', async (_title, options, message) => {
    const { api, stub } = await createApi();
    const error = await errorOf(api.request('GET /keys', options as object));
    expect(error).toBeInstanceOf(DidomiRequestError);
    expect(error.message).toMatch(message);
    expect(() => api.paginate('GET /keys', options as object)).toThrow(message);
    expect(stub.apiRequests).toEqual([]);
  });

  it('does not read options from a polluted prototype', async () => {
    const { api, stub } = await createApi();
    const options = Object.create({ __proto__: null, body: { a: 1 }, headers: { x: 'y' } }) as object;
    await api.request('GET /languages', options);
    expect(stub.apiRequests[0]?.data).toBeUndefined();
    expect(stub.apiRequests[0]?.headers.has('x')).toBe(false);
  });
});

describe('requestWithResponse()', () => {
  it('answers the status and the headers besides', async () => {
    const { api, stub } = await createApi();
    stub.onApiRequest = () => ({ status: 201, data: { id: 'd' }, headers: { 'X-DidomiCacheHit': 'true' } });
    expect(await api.requestWithResponse('GET /domains/{id}', { path: { id: 'd' } })).toEqual({
      data: { id: 'd' },
      status: 201,
      headers: { 'x-didomicachehit': 'true' },
    });
  });
});
