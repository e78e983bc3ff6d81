import { afterEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { DidomiApi, DidomiApiError, DidomiHttpService, type Didomi } from '../../lib/index.js';
import { DidomiTestingController, DidomiTestingModule, type DidomiTestingOptions } from '../../lib/testing/index.js';
import { readMatch } from '../../lib/testing/kit/request-match.js';
import { DidomiTestRequest } from '../../lib/testing/kit/didomi-test-request.js';
import { readSentRequest } from '../../lib/testing/kit/sent-request.js';
import { AxiosHeaders } from 'axios';
import { errorOf } from '../support/error-of.js';
import { DOCUMENTED, REFERENCE } from '../types/didomi-routes.js';

const open: TestingModule[] = [];

afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function kit(options: DidomiTestingOptions & { baseURL?: string } = {}) {
  const app = await Test.createTestingModule({ imports: [DidomiTestingModule.forRoot(options)] }).compile();
  open.push(app);
  return {
    api: app.get(DidomiApi),
    http: app.get(DidomiHttpService).axiosRef,
    didomi: app.get(DidomiTestingController),
  };
}

const user: Didomi.ConsentUser = {
  id: 'u',
  organization_id: 'acme',
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};

/** Whether the route finds a request to this path, with this base URL. */
function finds(route: string, target: string, path?: object, baseURL?: string): boolean {
  return readMatch(route, path === undefined ? {} : { path }).applies(requestTo(target, baseURL));
}

function requestTo(target: string, baseURL = 'https://api.didomi.io/v1'): DidomiTestRequest {
  const [method = '', url = ''] = target.split(' ');
  const config = { method, url, baseURL, headers: new AxiosHeaders() };
  const context = { client: undefined, answerTimeoutMs: 1_000, isServed: false };
  const request = new DidomiTestRequest(config, readSentRequest(config), context);
  request.stopDeadline();
  return request;
}

describe('a match by route', () => {
  it('answers all requests of the route', async () => {
    const { api, didomi } = await kit();
    didomi
      .when('GET /properties')
      .reply({ total: 1, limit: 100, skip: 0, data: [{ id: 'p', name: 'Website', type: 'website' }] });
    expect((await api.request('GET /properties')).data).toMatchObject([{ id: 'p' }]);
    didomi.verify();
  });

  it('answers by a function of the request', async () => {
    const { api, didomi } = await kit();
    didomi.when('PATCH /consents/users/{id}').reply(({ url }) => ({ ...user, id: url.split('/').at(-1)! }));
    expect((await api.request('PATCH /consents/users/{id}', { path: { id: 'x' }, body: {} })).id).toBe('x');
    didomi.when('DELETE /consents/users/{id}').reply(undefined, { status: 404 });
    const refused = errorOf(api.request('DELETE /consents/users/{id}', { path: { id: 'x' } }));
    expect(await refused).toBeInstanceOf(DidomiApiError);
  });

  it('answers only requests with the given path parameters', async () => {
    const { api, didomi } = await kit();
    didomi.when('GET /consents/users/{id}').reply(user);
    didomi.when('GET /consents/users/{id}', { path: { id: 'a/b@x.io' } }).reply({ ...user, id: 'special' });
    expect((await api.request('GET /consents/users/{id}', { path: { id: 'a/b@x.io' } })).id).toBe('special');
    expect((await api.request('GET /consents/users/{id}', { path: { id: 'b@x.io' } })).id).toBe('u');
  });

  it('takes one request, all, or none', async () => {
    const { api, didomi } = await kit();
    const answers = ['x', 'y', 'z'].map((id) => api.request('GET /consents/users/{id}', { path: { id } }));
    (await didomi.expectOne('GET /consents/users/{id}', { path: { id: 'y' } })).flush(user);
    didomi.expectNone('GET /consents/users/{id}', { path: { id: 'y' } });
    didomi.expectNone('DELETE /consents/users/{id}');
    const others = didomi.match('GET /consents/users/{id}');
    expect(others.map(({ url }) => url)).toEqual(['/consents/users/x', '/consents/users/z']);
    for (const request of others) request.flush(user);
    expect(await Promise.all(answers)).toEqual([user, user, user]);
    didomi.verify();
  });

  it('lists what has arrived if it finds nothing', async () => {
    const { api, didomi } = await kit({ arrivalTimeoutMs: 1 });
    didomi.when('GET /keys').reply();
    await api.request('GET /keys');
    const failure = await errorOf(didomi.expectOne('GET /keys/{id}', { path: { id: 'k' } }));
    expect(failure.message).toBe(
      `Expected one request, GET /keys/{id} with path { id: 'k' }: none arrived within 1 ms.\n` +
        'These requests have arrived:\n  GET /keys (answered 200)',
    );
    expect(() => didomi.expectNone('GET /keys')).toThrow('Expected no request, GET /keys: 1 arrived.');
  });

  it.each([
    ['GET /compliance/v1/regulations', '/compliance/v1/regulations'],
    ['GET /dsar/requests', '/dsar/requests'],
  ] as const)('finds %s, which is not below /v1', async (route, url) => {
    const { api, didomi } = await kit();
    const answer = api.request(route);
    const request = await didomi.expectOne(route);
    expect(request.url).toBe(url);
    request.flush(undefined, { status: 404 });
    await errorOf(answer);
  });

  it.each([
    ['GET /keys/{id}', 'GET /keys/k', true],
    ['GET /keys/{id}', 'DELETE /keys/k', false],
    ['GET /keys/{id}', 'GET /keys', false],
    ['GET /keys/{id}', 'GET /keys/', false],
    ['GET /keys/{id}', 'GET /keys/k/l', false],
    ['GET /keys/{id}', 'GET /keys/k%2Fl', true],
    ['GET /keys/{id}', 'GET /keys/k%0Al', true],
    ['GET /keys/{id}', 'GET /keys/100%', true],
    ['GET /keys/{id}', 'GET /keys/k?organization_id=acme', true],
    ['GET /keys', 'GET /k%65ys', true],
    ['GET /k.ys', 'GET /keys', false],
    ['GET /a%20b', 'GET /a%20b', true],
    ['HEAD /keys', 'HEAD /keys', true],
    ['GET /files/{name}.csv', 'GET /files/report.csv', true],
    ['GET /files/{name}.csv', 'GET /files/report.json', false],
    ['GET /v1/keys', 'GET /keys', true],
    ['GET /keys', 'GET https://api.didomi.io/v1/keys', true],
    ['GET /keys', 'GET https://api.didomi.io/keys', true],
    ['GET /keys', 'GET /v1/keys', false],
  ])('%s and a request %s: %s', (route, target, expected) => {
    expect(finds(route, target)).toBe(expected);
  });

  it.each([
    ['https://api.didomi.io', '/v1/keys', true],
    ['https://api.didomi.io/', '/keys', true],
    ['https://gateway.example/didomi/v1', '/keys', true],
    ['https://gateway.example/didomi', '/v1/keys', true],
    ['https://gateway.example/didomi', '/keys', true],
    ['https://gateway.example/didomi/v1', '/v1/keys', false],
  ])('GET /keys with the base URL %s and a request to %s: %s', (baseURL, url, expected) => {
    expect(finds('GET /keys', `GET ${url}`, undefined, baseURL)).toBe(expected);
  });

  it.each([
    [{ id: 'a+b@x.io' }, 'a%2Bb%40x.io', true],
    [{ id: 'a+b@x.io' }, 'a+b@x.io', true],
    [{ id: 'a%2Bb' }, 'a+b', false],
    [{ id: 'a.b' }, 'axb', false],
    [{ id: '(' }, '(', true],
    [{ id: 7 }, '7', true],
    [{}, 'anything', true],
  ])('path %o and a segment %s: %s', (path, segment, expected) => {
    expect(finds('GET /keys/{id}', `GET /keys/${segment}`, path)).toBe(expected);
  });

  it('is never found by another route of Didomi', () => {
    const matches = [...REFERENCE, ...DOCUMENTED].map((route) => ({ route, match: readMatch(route, {}) }));
    const confused = matches.flatMap(({ route: sent }) => {
      const request = requestTo(sent.replaceAll(/\{[^}]+\}/g, 'the-id'));
      const wrong = matches.filter(({ route, match }) => match.applies(request) !== (route === sent));
      return wrong.map(({ route }) => `${route}: ${sent}`);
    });
    expect(matches.length).toBeGreaterThan(200);
    expect(confused).toEqual([]);
    expect(finds('GET /widgets/notices/{id}', 'GET /widgets/notices/configs', { id: 'configs' })).toBe(true);
  });

  it.each([
    ['get /keys', {}, 'A route is written METHOD /path'],
    ['GET  /keys', {}, 'A route is written METHOD /path'],
    ['GET keys', {}, 'A route is written METHOD /path'],
    ['GET https://api.didomi.io/v1/keys', {}, 'A route is written METHOD /path'],
    ['GET /keys?is_internal=true', {}, 'use { method, url, params }'],
    ['GET /keys/{id}', { path: { ID: 'k' } }, 'The route has no {ID}'],
    ['GET /keys/{id}', { path: { id: undefined } }, 'path.id of a match has to be'],
    ['GET /keys/{id}', { path: { id: '' } }, 'path.id of a match has to be'],
    ['GET /keys/{id}', { path: { toString: 'k' } }, 'The route has no {toString}'],
    ['GET /keys/{id}', { path: ['k'] }, 'path of a match has to be an object'],
    ['GET /keys/{id}', { path: null }, 'path of a match has to be an object'],
    ['GET /keys/{id}', { query: {} }, `The options of a match have no 'query', only path`],
    ['/keys/{id}', { path: { id: 'k' } }, 'path is for a route, such as'],
    [/keys/, { path: {} }, 'path is for a route, such as'],
  ])('refuses %s with %o', async (match, options, message) => {
    const { didomi } = await kit();
    const given = options as { path?: Record<string, string> };
    for (const use of [
      () => didomi.when(match, given),
      () => didomi.match(match, given),
      () => didomi.expectNone(match, given),
    ]) {
      expect(use).toThrow(TypeError);
      expect(use).toThrow(message);
    }
    expect(await errorOf(didomi.expectOne(match, given))).toMatchObject({ message: expect.stringContaining(message) });
  });
});
