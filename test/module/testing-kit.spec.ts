import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { firstValueFrom, map } from 'rxjs';
import supertest from 'supertest';
import {
  DIDOMI_RUNTIME,
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  didomiPath,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
  InjectDidomiHttp,
} from '../../lib/index.js';
import {
  DidomiTestingController,
  DidomiTestingModule,
  getDidomiTestingControllerToken,
  type DidomiTestMatch,
} from '../../lib/testing/index.js';
import { errorOf } from '../support/error-of.js';

const open: TestingModule[] = [];

afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function compile(...imports: NonNullable<ModuleMetadata['imports']>): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports }).compile();
  open.push(app);
  return app;
}

interface Kit {
  readonly app: TestingModule;
  readonly http: DidomiHttpService;
  readonly auth: DidomiAuthService;
  readonly didomi: DidomiTestingController;
}

async function kit(options: Parameters<typeof DidomiTestingModule.forRoot>[0] = {}): Promise<Kit> {
  const app = await compile(DidomiTestingModule.forRoot(options));
  return {
    app,
    http: app.get(getDidomiHttpServiceToken(options.name)),
    auth: app.get(getDidomiAuthServiceToken(options.name)),
    didomi: app.get(getDidomiTestingControllerToken(options.name)),
  };
}

@Controller('proxy')
class Proxy {
  constructor(private readonly http: DidomiHttpService) {}

  @Get()
  async get(): Promise<unknown> {
    return (await this.http.axiosRef.get<unknown>('/x')).data;
  }
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('DidomiTestingModule', () => {
  it('provides the services of the default client without credentials', async () => {
    const { http, auth, didomi } = await kit();
    const answer = firstValueFrom(http.get<string[]>('/properties').pipe(map(({ data }) => data)));
    (await didomi.expectOne('/properties')).flush(['one']);
    expect(await answer).toEqual(['one']);
    expect(auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 1, failed: 0 } });
    didomi.verify();
  });

  it('provides those of a named client under the names of DidomiModule', async () => {
    @Injectable()
    class Notices {
      constructor(@InjectDidomiHttp('brand-b') readonly http: DidomiHttpService) {}
    }
    const app = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot({ name: 'brand-b' }), DidomiTestingModule.forRoot()],
      providers: [Notices],
    }).compile();
    open.push(app);
    const brandB = app.get<DidomiTestingController>(getDidomiTestingControllerToken('brand-b'));
    const answer = app.get(Notices).http.axiosRef.get('/widgets/notices');
    const request = await brandB.expectOne('/widgets/notices');
    expect(request.client).toBe('brand-b');
    request.flush([]);
    expect((await answer).data).toEqual([]);
    const brandA = app.get(DidomiTestingController);
    brandA.expectNone(() => true);
    expect(brandA.client('brand-b')).toBe(brandB);
    expect(brandA.clock).toBe(brandB.clock);
    const left = errorOf(app.get(Notices).http.axiosRef.get('/left'));
    await brandA.advance(0);
    expect(messageOf(() => brandA.verify())).toContain("GET /left of client 'brand-b'");
    brandB.match('/left')[0]?.error('tls');
    await left;
    brandA.verify();
  });

  it('reaches modules that do not import it when it is global', async () => {
    @Injectable()
    class Properties {
      constructor(readonly http: DidomiHttpService) {}
    }
    @Module({ providers: [Properties] })
    class PropertiesModule {}
    const app = await compile(DidomiTestingModule.forRoot({ isGlobal: true }), PropertiesModule);
    app.get(DidomiTestingController).when('/x').reply({ a: 1 });
    expect((await app.get(Properties, { strict: false }).http.axiosRef.get('/x')).data).toEqual({ a: 1 });
  });

  it('takes the other options of DidomiModule', async () => {
    const { http, didomi } = await kit({ organizationId: 'acme', retry: false });
    const failed = errorOf(http.axiosRef.get('/properties'));
    const request = await didomi.expectOne('/properties?organization_id=acme');
    request.error('reset');
    expect(await failed).toMatchObject({ reason: 'reset', attempts: 1 });
  });

  it('takes the options of the application’s factory', async () => {
    const app = await compile(
      DidomiTestingModule.forRootAsync({
        name: 'brand-b',
        isGlobal: true,
        useFactory: () => ({ apiKey: 'key', apiSecret: 'secret', organizationId: 'b', warmup: 'required' }),
      }),
    );
    await app.init();
    const didomi = app.get<DidomiTestingController>(getDidomiTestingControllerToken('brand-b'));
    expect(didomi.accessTokenRequests).toBe(1);
    didomi.when('/x?organization_id=b').reply('fine');
    expect((await app.get<DidomiHttpService>(getDidomiHttpServiceToken('brand-b')).axiosRef.get('/x')).data).toBe(
      'fine',
    );
  });

  it('rejects unknown options, as DidomiModule does', async () => {
    expect(await errorOf(compile(DidomiTestingModule.forRoot({ retries: 5 } as never)))).toMatchObject({
      name: 'DidomiConfigurationError',
    });
  });

  it('reports a DidomiModule of the same client beside it', async () => {
    const real = DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret' });
    for (const imports of [
      [real, DidomiTestingModule.forRoot()],
      [DidomiTestingModule.forRoot(), real],
    ]) {
      expect(await errorOf(compile(...imports))).toMatchObject({
        name: 'DidomiConfigurationError',
        problems: [
          expect.stringMatching(/^the default client is registered by DidomiModule and by .* DIDOMI_RUNTIME$/),
        ],
      });
    }
  });

  it('reports a name that is registered twice', async () => {
    const twice = [DidomiTestingModule.forRoot({ name: 'b' }), DidomiTestingModule.forRoot({ name: 'b' })];
    expect(await errorOf(compile(...twice))).toMatchObject({
      problems: ["name 'b' is registered twice: give each client a name of its own"],
    });
  });

  it.each(['http', 'fetch', ['fetch', 'http']])('answers requests that name the adapter %p, too', async (adapter) => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply('from the kit');
    expect((await http.axiosRef.get('/x', { adapter: adapter as 'http' })).data).toBe('from the kit');
    http.axiosRef.defaults.adapter = adapter as 'http';
    expect((await http.axiosRef.get('/x')).data).toBe('from the kit');
  });

  it('says what to write where the class itself is imported', async () => {
    expect(await errorOf(compile(DidomiTestingModule))).toMatchObject({
      problems: ['write DidomiTestingModule.forRoot() in place of DidomiTestingModule'],
    });
  });

  it('gives each application a controller of its own', async () => {
    const module = DidomiTestingModule.forRoot();
    const [first, second] = [await compile(module), await compile(module)];
    expect(first.get(DidomiTestingController)).not.toBe(second.get(DidomiTestingController));
  });
});

describe('a captured request', () => {
  it('shows what was sent', async () => {
    const { http, didomi } = await kit({ organizationId: 'acme' });
    void http.axiosRef.post(
      'consents/events',
      { user: { id: 'u' } },
      { headers: { 'X-Own': 'yes' }, params: { a: [1, 2] } },
    );
    const request = await didomi.expectOne('/consents/events');
    expect(request).toMatchObject({ method: 'POST', url: '/consents/events', client: undefined });
    expect(request.body).toEqual({ user: { id: 'u' } });
    expect(request.params.getAll('a')).toEqual(['1', '2']);
    expect(request.params.get('organization_id')).toBe('acme');
    expect(request.headers.get('x-own')).toBe('yes');
    expect(request.headers.get('authorization')).toMatch(/^Bearer .+\..+\..+$/);
    expect(request.urlWithParams).toBe('/consents/events?a=1&a=2&organization_id=acme');
    expect(String(request)).toBe('POST /consents/events?a=1&a=2&organization_id=acme');
    request.flush();
  });

  it('says how to read a parameter that is taken for a property', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply();
    await http.axiosRef.get('/x', { params: { limit: 2, size: 1, 'a.b': 1 } });
    const { params } = await didomi.expectOne({ params: { limit: 2 } });
    const message = "params is a URLSearchParams: write params.get('limit') or params.getAll('limit')";
    expect(() => (params as unknown as { limit: string }).limit).toThrow(message);
    expect(() => expect(params).toMatchObject({ limit: '2' })).toThrow(message);
    expect(params.get('limit')).toBe('2');
    expect(params.size).toBe(3);
    expect([...params]).toEqual([...new URLSearchParams('limit=2&size=1&a.b=1')]);
    expect(params).toEqual(new URLSearchParams('limit=2&size=1&a.b=1'));
    expect(inspect(params)).toBe(inspect(new URLSearchParams('limit=2&size=1&a.b=1')));
  });

  it('has no body where none was sent, and shows one that is not JSON as it is', async () => {
    const { http, didomi } = await kit();
    didomi.when(() => true).reply();
    await http.axiosRef.get('/x');
    await http.axiosRef.post('/x', 'plain', { headers: { 'Content-Type': 'text/plain' } });
    await http.axiosRef.post('/x', '{"broken', { headers: { 'Content-Type': 'application/json' } });
    expect(didomi.match('/x').map(({ body }) => body)).toEqual([undefined, 'plain', '{"broken']);
  });

  it('shows a path outside of baseURL from the root', async () => {
    const { http, didomi } = await kit();
    didomi.when('https://api.didomi.io/dsar/requests').reply([]);
    await http.axiosRef.get('https://api.didomi.io/dsar/requests');
    expect((await didomi.expectOne('/dsar/requests')).url).toBe('/dsar/requests');
  });

  it('keeps the access token out of prints', async () => {
    const { http, auth, didomi } = await kit();
    void http.axiosRef.get('/x');
    const request = await didomi.expectOne('/x');
    const accessToken = await auth.getAccessToken();
    expect(inspect(request, { depth: 20, showHidden: true })).not.toContain(accessToken);
    expect(inspect(request)).toBe("DidomiTestRequest { method: 'GET', url: '/x', body: undefined } (not answered)");
    expect(inspect(didomi, { depth: 20, showHidden: true })).not.toContain(accessToken);
    request.flush();
  });

  it.each([
    ['an object', { id: 1 }, { id: 1 }, 'application/json'],
    ['a list', [], [], 'application/json'],
    ['a number', 5, 5, 'application/json'],
    ['false', false, false, 'application/json'],
    ['text, as it is', '<html></html>', '<html></html>', 'text/plain'],
    ['nothing', undefined, '', undefined],
    ['null, as nothing', null, '', undefined],
  ])('is answered with %s', async (_title, body, data, contentType) => {
    const { http, didomi } = await kit();
    const answer = http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush(body, { status: 202, headers: { 'X-DidomiCacheHit': 'true' } });
    expect(await answer).toMatchObject({ status: 202, statusText: 'Accepted', data });
    const { headers } = await answer;
    expect(headers).toMatchObject({ 'x-didomicachehit': 'true' });
    expect(headers['content-type']).toBe(contentType);
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('gets no body for %s with status %d, as in HTTP', async (method, status) => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply({ a: 1 }, { status });
    const answer = await http.axiosRef.request({ url: '/x', method, validateStatus: () => true });
    expect(answer).toMatchObject({ status, data: '' });
    expect(answer.headers['content-type']).toBeUndefined();
  });

  it('is answered with bytes, and shows a form as such', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply(Buffer.from([0, 255]));
    const form = new FormData();
    form.set('name', 'value');
    const { data, headers } = await http.axiosRef.post<Buffer>('/x', form, { responseType: 'arraybuffer' });
    expect([...data]).toEqual([0, 255]);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect((await didomi.expectOne('/x')).headers.get('content-type')).toBe('multipart/form-data');
  });

  it.each([
    ['stream', text],
    ['arraybuffer', (data: Buffer) => data.toString()],
  ] as const)('is answered as a %s where its caller wants one', async (responseType, read) => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply('a,b');
    const { data } = await http.axiosRef.get('/x', { responseType });
    expect(await read(data as never)).toBe('a,b');
  });

  it('gets the error envelope of Didomi for a status without a body', async () => {
    const { http, didomi } = await kit();
    const failed = errorOf(http.axiosRef.get('/x'));
    (await didomi.expectOne('/x')).flush(undefined, { status: 404 });
    expect(await failed).toMatchObject({ status: 404, didomiName: 'NotFound', attempts: 1 });
  });

  it.each(['timeout', 'reset', 'refused', 'dns', 'tls'] as const)('fails by %s', async (reason) => {
    const { http, didomi } = await kit({ retry: false });
    const failed = errorOf(http.axiosRef.get('/x'));
    (await didomi.expectOne('/x')).error(reason);
    expect(await failed).toMatchObject({ name: 'DidomiTransportError', reason });
  });

  it('is answered once', async () => {
    const { http, didomi } = await kit();
    const answer = http.axiosRef.get('/x');
    const request = await didomi.expectOne('/x');
    request.flush(1);
    expect(() => request.flush(2)).toThrow('GET /x cannot be answered any more: answered 200');
    expect(() => request.error('reset')).toThrow('GET /x cannot be answered any more: answered 200');
    expect((await answer).data).toBe(1);
  });

  it('rejects an invalid answer, and can be answered after that', async () => {
    const { http, didomi } = await kit();
    const answer = http.axiosRef.get('/x');
    const request = await didomi.expectOne('/x');
    expect(() => request.flush('', { status: 42 })).toThrow('status has to be a whole number from 100 to 599');
    expect(() => request.error('aborted' as never)).toThrow('one of timeout, reset, refused, dns, tls');
    expect(() => request.flush({ big: 1n })).toThrow(TypeError);
    request.flush('fine');
    expect((await answer).data).toBe('fine');
  });

  it.each([
    ['signal', () => new AbortController()],
    ['unsubscription', () => undefined],
  ])('is aborted by its caller’s %s', async (_title, make) => {
    const { http, didomi } = await kit();
    const controller = make();
    const subscription = http.get('/x', { signal: controller?.signal }).subscribe({ error: () => undefined });
    const request = await didomi.expectOne('/x');
    expect(request.isCancelled).toBe(false);
    if (controller === undefined) subscription.unsubscribe();
    else controller.abort();
    expect(request).toMatchObject({ isCancelled: true, isOpen: false });
    expect(() => request.flush()).toThrow('GET /x cannot be answered any more: cancelled');
    didomi.verify();
  });
});

describe('a match', () => {
  const cases: [string, DidomiTestMatch, boolean][] = [
    ['its path', '/consents/users', true],
    ['its path without a slash', 'consents/users', true],
    ['its path with the version', '/v1/consents/users', true],
    ['its whole URL', 'https://api.didomi.io/v1/consents/users', true],
    ['another path', '/consents', false],
    ['another host', 'https://other.example/v1/consents/users', false],
    ['its query', '/consents/users?limit=2&tag=a&tag=b', true],
    ['its query in another order of names', '/consents/users?tag=a&tag=b&limit=2', true],
    ['a part of its query', '/consents/users?limit=2', false],
    ['more than its query', '/consents/users?limit=2&tag=a&tag=b&x=1', false],
    ['its parameters, as another request has them', { params: new URLSearchParams('limit=2&tag=a&tag=b') }, true],
    ['other parameters of that form', { params: new URLSearchParams('limit=3') }, false],
    ['another order of a list', '/consents/users?limit=2&tag=b&tag=a', false],
    ['a pattern', /^\/consents\/users\?limit=\d&/, true],
    ['a pattern with flags', /USERS/gi, true],
    ['another pattern', /^users/, false],
    ['its method', { method: 'post' }, true],
    ['another method', { method: 'GET', url: '/consents/users' }, false],
    ['some of its parameters', { params: { limit: 2 } }, true],
    ['a list of parameters', { params: { tag: ['a', 'b'] } }, true],
    ['a part of a list of parameters', { params: { tag: 'a' } }, false],
    ['a missing parameter', { params: { other: null } }, false],
    ['a part of its body', { body: { user: { id: 'u' } } }, true],
    ['another body', { body: { user: { id: 'v' } } }, false],
    ['a list in its body', { body: { list: [1, { a: 2 }] } }, true],
    ['a part of a list in its body', { body: { list: [1] } }, false],
    ['null in its body', { body: { user: { choice: null } } }, true],
    ['a date where there is none', { body: { user: new Date() } }, false],
    ['null for what is not there', { body: { user: { other: null } } }, false],
    ['a matcher of the test runner', { body: expect.objectContaining({ user: expect.anything() }) }, true],
    ['a matcher of the test runner inside', { body: { user: { id: expect.any(Number) } } }, false],
    ['no body', { body: undefined }, false],
    ['everything at once', { method: 'POST', url: /users/, params: { limit: 2 }, body: { list: [1, {}] } }, true],
    ['a function', ({ params }) => params.has('limit'), true],
    ['nothing in particular', {}, true],
  ];

  it.each(cases)('by %s', async (_title, match, isMatch) => {
    const { http, didomi } = await kit();
    didomi.when(() => true).reply();
    await http.axiosRef.post(
      '/consents/users',
      { user: { id: 'u', choice: null }, list: [1, { a: 2 }] },
      { params: { limit: 2, tag: ['a', 'b'] } },
    );
    expect(didomi.match(match)).toHaveLength(isMatch ? 1 : 0);
  });

  it('by the id in a path, encoded or not', async () => {
    const { http, didomi } = await kit();
    didomi.when(() => true).reply();
    await http.axiosRef.get(didomiPath('/consents/users/{id}', { id: 'a+b@example.org' }));
    didomi.expectNone('/consents/users/a/b');
    expect(didomi.match('/consents/users/a+b@example.org')).toHaveLength(1);
    await http.axiosRef.get(didomiPath('/consents/users/{id}', { id: 'a/b' }));
    didomi.expectNone('/consents/users/a/b');
    expect(didomi.match('/consents/users/a%2Fb')).toHaveLength(1);
  });

  it('that is invalid is rejected', async () => {
    const { didomi } = await kit();
    expect(() => didomi.match({ path: '/x' } as never)).toThrow(
      "A match has no 'path', only method, url, params, body",
    );
    expect(() => didomi.when(new URL('https://api.didomi.io/x') as never)).toThrow('A match has to be a route, a URL');
    expect(() => didomi.when({ url: new URL('https://api.didomi.io/x') as never })).toThrow('url of a match');
    expect(() => didomi.when({ method: 5 as never })).toThrow('method of a match');
    expect(() => didomi.when({ params: { a: expect.any(String) } })).toThrow('params of a match have to be values');
    for (const params of ['limit=2', 2, null, [1], new Map([['limit', 2]])]) {
      expect(() => didomi.when({ params: params as never })).toThrow(
        'params of a match have to be an object, { limit: 2 } for instance, or a URLSearchParams',
      );
    }
    expect(() => didomi.when(5 as never)).toThrow('A match has to be a route, a URL, a pattern,');
    expect(() => didomi.expectNone(undefined as never)).toThrow(TypeError);
    await expect(didomi.expectOne(null as never)).rejects.toThrow(TypeError);
  });

  it('that throws rejects expectOne()', async () => {
    const { http, didomi } = await kit();
    const expectation = didomi.expectOne(() => {
      throw new Error('my own mistake');
    });
    didomi.when('/y').reply();
    await http.axiosRef.get('/y');
    await expect(expectation).rejects.toThrow('my own mistake');
  });
});

describe('expectOne()', () => {
  it('waits for the request', async () => {
    const { http, didomi } = await kit();
    const expectation = didomi.expectOne('/x');
    await new Promise((resolve) => setImmediate(resolve));
    const answer = http.axiosRef.get('/x');
    (await expectation).flush('here');
    expect((await answer).data).toBe('here');
  });

  it('lists what has arrived when nothing matches', async () => {
    const { http, didomi } = await kit({ arrivalTimeoutMs: 5 });
    didomi.when('/answered').reply({});
    await http.axiosRef.get('/answered', { params: { a: 1 } });
    void http.axiosRef.get('/taken');
    const taken = await didomi.expectOne('/taken');
    void http.axiosRef.post('/open', {});
    await expect(didomi.expectOne({ method: 'GET', url: '/x' })).rejects.toThrow(
      [
        "Expected one request, { method: 'GET', url: '/x' }: none arrived within 5 ms.",
        'These requests have arrived:',
        '  GET /answered?a=1 (answered 200)',
        '  GET /taken (not answered, taken by the test)',
        '  POST /open {} (not answered)',
      ].join('\n'),
    );
    taken.flush();
    (await didomi.expectOne('/open')).flush();
  });

  it('says that nothing has arrived, and calls a function by its name', async () => {
    const { didomi } = await kit({ arrivalTimeoutMs: 5 });
    function isBatch(): boolean {
      return true;
    }
    await expect(didomi.expectOne(isBatch)).rejects.toThrow(
      'Expected one request, isBatch: none arrived within 5 ms.\nNo request has arrived.',
    );
    await expect(didomi.expectOne(() => false)).rejects.toThrow(/what \(\) ?=> ?false accepts/);
  });

  it('lists what the kit has refused by itself', async () => {
    const { http, didomi } = await kit({ arrivalTimeoutMs: 5 });
    didomi.when('/x').reply();
    await http.axiosRef.get('/x');
    await didomi.advance(3_600_000 - 60_001);
    didomi.accessTokenLifetimeMs = 500;
    didomi.revokeAccessToken();
    await http.axiosRef.get('/x');
    didomi.revokeApiKey();
    await errorOf(http.axiosRef.get('/x', { params: { a: 1 } }));
    didomi.failAccessTokenRequests('dns');
    didomi.match('/x');
    await expect(didomi.expectOne('/x')).rejects.toThrow(
      [
        'Expected one request, /x: none arrived within 5 ms.',
        'These requests have arrived:',
        '  GET /x (answered 200, taken by the test)',
        '  GET /x (401: the access token is revoked)',
        '  GET /x (answered 200, taken by the test)',
        '  GET /x?a=1 (401: the API key is revoked)',
        '  POST /sessions (400: the API key is revoked)',
      ].join('\n'),
    );
    didomi.verify();
  });

  it('lists token requests that have failed', async () => {
    const { http, didomi } = await kit({ arrivalTimeoutMs: 5, name: 'brand-b' });
    didomi.failAccessTokenRequests('dns');
    await errorOf(http.axiosRef.get('/x'));
    await expect(didomi.expectOne('/x')).rejects.toThrow("  POST /sessions of client 'brand-b' (failed: dns)");
  });

  it('keeps its message short enough to be read', async () => {
    const { http, didomi } = await kit();
    didomi.when(() => true).reply();
    await Promise.all(Array.from({ length: 60 }, (_, index) => http.axiosRef.get(`/x/${index}`)));
    const message = messageOf(() => didomi.expectNone('/x/0'));
    expect(message).toContain('\n60 requests have arrived, the last of them:\n  GET /x/10 (answered 200)\n');
    expect(message.split('\n')).toHaveLength(52);
  });

  it('takes none of two that are sent together', async () => {
    const { http, didomi } = await kit();
    const expectation = errorOf(didomi.expectOne('/x'));
    void http.axiosRef.get('/x');
    void http.axiosRef.get('/x', { params: { a: 1 } });
    expect((await expectation).message).toMatch(/^Expected one request, \/x: 2 arrived\./);
    for (const request of didomi.match('/x')) request.flush();
    didomi.verify();
  });

  it('finds each request once', async () => {
    const { http, didomi } = await kit();
    void http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush();
    void http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush();
    expect(didomi.match('/x')).toEqual([]);
  });

  it('goes on waiting when another expectation takes what has arrived', async () => {
    const { http, didomi } = await kit();
    const both = [didomi.expectOne(/^\/x/), didomi.expectOne('/x')];
    const first = http.axiosRef.get('/x');
    (await both[0]!).flush(1);
    expect((await first).data).toBe(1);
    const second = http.axiosRef.get('/x');
    (await both[1]!).flush(2);
    expect((await second).data).toBe(2);
  });

  it('times out with fake timers of the test runner, and so does a forgotten answer', async () => {
    jest.useFakeTimers();
    try {
      const { http, didomi } = await kit({ arrivalTimeoutMs: 5, answerTimeoutMs: 5 });
      await expect(didomi.expectOne('/x')).rejects.toThrow('none arrived within 5 ms');
      expect((await errorOf(http.axiosRef.get('/x'))).message).toContain('not answered by the test within 5 ms');
    } finally {
      jest.useRealTimers();
    }
  });

  it('works with fake timers of the test runner', async () => {
    jest.useFakeTimers();
    try {
      const { http, didomi } = await kit();
      const answer = http.axiosRef.get('/x');
      (await didomi.expectOne('/x')).flush(1);
      expect((await answer).data).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('expectNone()', () => {
  it('fails if one has arrived that was not taken, answered or not', async () => {
    const { http, didomi } = await kit();
    didomi.expectNone('/x');
    didomi.when('/x').reply();
    await http.axiosRef.get('/x');
    expect(messageOf(() => didomi.expectNone('/x'))).toMatch(/^Expected no request, \/x: 1 arrived\./);
    expect(didomi.match('/x')).toHaveLength(1);
    didomi.expectNone('/x');
  });
});

describe('verify()', () => {
  it('passes when nothing was sent', async () => {
    const { didomi } = await kit();
    expect(() => didomi.verify()).not.toThrow();
  });

  it('fails for a request that the test did not ask for', async () => {
    const { http, didomi } = await kit();
    void http.axiosRef.get('/x');
    await didomi.advance(0);
    expect(messageOf(() => didomi.verify())).toMatch(/^A request is left: GET \/x\./);
    // Also after the shutdown.
    await open.splice(0)[0]?.close();
    expect(messageOf(() => didomi.verify())).toMatch(/^A request is left: GET \/x\./);
  });

  it('counts the requests that are left', async () => {
    const { http, didomi } = await kit();
    const failed = [errorOf(http.axiosRef.get('/x')), errorOf(http.axiosRef.get('/y'))];
    await didomi.advance(0);
    expect(messageOf(() => didomi.verify())).toMatch(/^2 requests are left, the first: GET \/x\.\n/);
    for (const request of didomi.match(() => true)) request.flush();
    await Promise.all(failed);
  });

  it('fails for an answer that the test forgot', async () => {
    const { http, didomi } = await kit();
    const answer = http.axiosRef.get('/x');
    const request = await didomi.expectOne('/x');
    expect(messageOf(() => didomi.verify())).toMatch(/^A request is left: GET \/x\.\n/);
    request.flush();
    await answer;
    didomi.verify();
  });

  it('fails for a request that nobody has answered in time, and its caller is told', async () => {
    const { http, didomi } = await kit({ answerTimeoutMs: 5 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({
      name: 'DidomiRequestError',
      message: 'GET /x was not answered by the test within 5 ms: flush() it, or set up an answer with when()',
    });
    expect(messageOf(() => didomi.verify())).toMatch(/^A request is left: GET \/x\./);
    // It was not sent again.
    expect(didomi.match('/x')).toHaveLength(1);
  });

  it('leaves open what the test has taken, however long that takes, and warns', async () => {
    const warning = new Promise((resolve) => jest.spyOn(process, 'emitWarning').mockImplementation(resolve));
    const { http, didomi } = await kit({ answerTimeoutMs: 1 });
    const answer = http.axiosRef.get('/x');
    const request = await didomi.expectOne('/x');
    expect(await warning).toBe(
      'GET /x was not answered by the test within 1 ms: flush() it, or set up an answer with when()',
    );
    request.flush('late');
    expect((await answer).data).toBe('late');
    didomi.verify();
  });

  it.each([
    ['verify()', async ({ didomi }: Kit) => await Promise.resolve(messageOf(() => didomi.verify()))],
    ['reset()', async ({ didomi }: Kit) => await Promise.resolve(didomi.reset())],
    ['the shutdown', async ({ app }: Kit) => await app.close()],
  ])('and %s leave no timer behind', async (_title, end) => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const tested = await kit();
    const { http, didomi } = tested;
    void http.axiosRef.get('/x');
    void http.axiosRef.get('/taken');
    await didomi.expectOne('/taken');
    void didomi.expectOne('/y');
    // Others of the process come and go: count only across the call.
    const before = timers();
    await end(tested);
    expect(before - timers()).toBe(3);
  });

  it('says what to write where no application uses the controller', () => {
    const message = messageOf(() => new DidomiTestingController().verify());
    expect(message).toContain('.overrideProvider(DIDOMI_RUNTIME).useValue(controller)');
    expect(message).toContain('overrideModule(DidomiModule) has no effect');
  });
});

describe('reset()', () => {
  it('lets the next test begin anew', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply(1);
    await http.axiosRef.get('/x');
    let isSettled = false;
    const settle = (): boolean => (isSettled = true);
    void http.axiosRef.get('/forgotten').then(settle, settle);
    const request = await didomi.expectOne('/forgotten');
    didomi.accessTokenLifetimeMs = 5;
    didomi.reset();
    didomi.verify();
    didomi.expectNone('/x');
    expect(didomi).toMatchObject({ accessTokenRequests: 0, accessTokenLifetimeMs: 3_600_000 });
    const answer = http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush(undefined, { status: 503 });
    (await didomi.expectOne('/x')).flush(2);
    expect((await answer).data).toBe(2);
    // Nobody may be left to await it.
    expect(isSettled).toBe(false);
    expect(() => request.flush()).toThrow('not answered before reset()');
  });

  it('gives the places of open requests back', async () => {
    const { http, didomi } = await kit({ maxConcurrent: 1 });
    void http.axiosRef.get('/first');
    void http.axiosRef.get('/waits');
    await didomi.expectOne('/first');
    didomi.reset();
    didomi.when('/x').reply('fine');
    expect((await http.axiosRef.get('/x')).data).toBe('fine');
    didomi.expectNone('/waits');
    didomi.verify();
  });

  it('ends expectations, which must not take a request of the next test', async () => {
    const { http, didomi } = await kit();
    void didomi.expectOne('/x');
    didomi.reset();
    const answer = http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush('fine');
    expect((await answer).data).toBe('fine');
  });
});

describe.each(['restore', 'reset'] as const)('%s()', (end) => {
  type Script = (kit: Kit) => void | Promise<void>;
  const get = (http: DidomiHttpService) => http.axiosRef.get<string>('/x');
  const scripts: [string, Script][] = [
    ['goDown()', ({ didomi }) => didomi.goDown()],
    ['goDown() by a network error', ({ didomi }) => didomi.goDown('refused')],
    ['goDown() before the first access token', ({ didomi }) => didomi.goDown(400)],
    ['revokeApiKey()', ({ didomi }) => didomi.revokeApiKey()],
    ['revokeAccessToken()', ({ didomi }) => didomi.revokeAccessToken()],
    ['failAccessTokenRequests(400)', ({ didomi }) => didomi.failAccessTokenRequests(400)],
    ['failAccessTokenRequests(307)', ({ didomi }) => didomi.failAccessTokenRequests(307)],
    ['failAccessTokenRequests(429)', ({ didomi }) => didomi.failAccessTokenRequests(429)],
    ['failAccessTokenRequests(503)', ({ didomi }) => didomi.failAccessTokenRequests(503)],
    [
      'failAccessTokenRequests() after a revocation',
      ({ didomi }) => {
        didomi.revokeAccessToken();
        didomi.failAccessTokenRequests('dns', { times: 9 });
      },
    ],
    ['delayAccessTokenRequests()', ({ didomi }) => didomi.delayAccessTokenRequests(60_000)],
    ['holdTime()', ({ didomi }) => didomi.holdTime()],
    [
      'a 429 with Retry-After',
      ({ didomi }) => {
        didomi.when('/x').reply(undefined, { status: 429, headers: { 'Retry-After': '50' } });
      },
    ],
    [
      'a rate limit of which nothing remains',
      async ({ http, didomi }) => {
        didomi.when('/x').reply(1, { headers: { RateLimit: 'limit=1, remaining=0, reset=50' } });
        await get(http);
      },
    ],
    [
      'an API that answers 401 to everything',
      async ({ http, didomi }) => {
        didomi.when('/x').reply(undefined, { status: 401 });
        for (let call = 0; call < 3; call += 1) await errorOf(get(http));
      },
    ],
    [
      'a budget of token requests that is used up',
      async ({ http, didomi }) => {
        didomi.when('/x').reply();
        for (let call = 0; call < 9; call += 1) {
          didomi.revokeAccessToken();
          await errorOf(get(http));
        }
      },
    ],
  ];

  const undone = { data: 'fine', phase: 'fresh', lastFailure: undefined, rateLimit: undefined, waitedMs: 0 };

  async function undo(tested: Kit, script: Script): Promise<unknown> {
    const { http, auth, didomi } = tested;
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await script(tested);
    void get(http).catch(() => undefined);
    await didomi.advance(0);
    didomi[end]();
    const endedAt = didomi.clock.now();
    didomi.when('/x').reply('fine');
    const { data } = await get(http);
    const { phase, lastFailureReason: lastFailure } = auth.status;
    return { data, phase, lastFailure, rateLimit: http.rateLimit, waitedMs: didomi.clock.now() - endedAt };
  }

  it.each(scripts)('undoes %s', async (_name, script) => {
    expect(await undo(await kit(), script)).toEqual(undone);
  });

  it('undoes one after the other in a whole application', async () => {
    const didomi = new DidomiTestingController();
    const app = await Test.createTestingModule({
      imports: [DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'required' })],
    })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    open.push(app);
    await app.init();
    const tested = { app, didomi, http: app.get(DidomiHttpService), auth: app.get(DidomiAuthService) };
    for (const [, script] of scripts) expect(await undo(tested, script)).toEqual(undone);
  });

  it('keeps a valid access token', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply();
    await get(http);
    didomi.goDown();
    await errorOf(get(http));
    didomi[end]();
    didomi.when('/x').reply();
    await get(http);
    expect(didomi.accessTokenRequests).toBe(end === 'reset' ? 0 : 1);
  });

  it('lets the library’s waits pass again', async () => {
    const { http, didomi } = await kit();
    didomi.holdTime();
    didomi[end]();
    didomi.when('/x').error('reset').reply('fine');
    expect((await get(http)).data).toBe('fine');
  });
});

it('restore() lets requests go on that are under way, with what the test has set up', async () => {
  const { http, didomi } = await kit();
  didomi.holdTime();
  didomi.delayAccessTokenRequests(60_000);
  didomi.failAccessTokenRequests(503);
  didomi.when('/x').reply('fine');
  const answer = http.axiosRef.get('/x');
  await didomi.advance(0);
  didomi.restore();
  expect((await answer).data).toBe('fine');
  expect(didomi.accessTokenRequests).toBe(1);
});

it('restore() leaves other clients alone', async () => {
  const app = await compile(DidomiTestingModule.forRoot(), DidomiTestingModule.forRoot({ name: 'b', retry: false }));
  const didomi = app.get(DidomiTestingController);
  didomi.client('b').goDown();
  didomi.restore();
  const b = app.get<DidomiHttpService>(getDidomiHttpServiceToken('b'), { strict: false });
  expect(await errorOf(b.axiosRef.get('/x'))).toMatchObject({ reason: 'unavailable' });
  didomi.reset();
  didomi.client('b').when('/x').reply('fine');
  expect((await b.axiosRef.get('/x')).data).toBe('fine');
});

describe('when()', () => {
  it('answers every such request, until it is set up anew', async () => {
    const { http, didomi } = await kit();
    didomi.when({ method: 'GET', url: '/properties' }).reply(['old']);
    expect((await http.axiosRef.get('/properties')).data).toEqual(['old']);
    expect((await http.axiosRef.get('/properties')).data).toEqual(['old']);
    didomi.when('/properties').reply(['new']);
    expect((await http.axiosRef.get('/properties')).data).toEqual(['new']);
    didomi.verify();
  });

  it('answers in turn, and goes on with the last', async () => {
    const { http, didomi } = await kit({ retry: false });
    didomi.when('/x').error('reset').reply(undefined, { status: 404 }).reply(1);
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'reset' });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status: 404 });
    expect((await http.axiosRef.get('/x')).data).toBe(1);
    expect((await http.axiosRef.get('/x')).data).toBe(1);
  });

  it('answers with what a function returns for the request', async () => {
    const { http, didomi } = await kit();
    didomi.when('/echo').reply(({ body }) => ({ got: body }), { status: 201 });
    didomi.when('/late').reply(async () => await Promise.resolve('late'));
    didomi.when('/own').reply((request) => {
      request.flush('mine', { status: 203 });
    });
    expect(await http.axiosRef.post('/echo', { a: 1 })).toMatchObject({ status: 201, data: { got: { a: 1 } } });
    expect((await http.axiosRef.get('/late')).data).toBe('late');
    expect(await http.axiosRef.get('/own')).toMatchObject({ status: 203, data: 'mine' });
  });

  it('reports what a function has thrown', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply(() => {
      throw new Error('my own mistake');
    });
    expect((await errorOf(http.axiosRef.get('/x'))).message).toContain('my own mistake');
    expect(messageOf(() => didomi.verify())).toContain('GET /x (failed by its standing answer: my own mistake)');
  });

  it('reports what a predicate has thrown', async () => {
    const { http, didomi } = await kit();
    didomi.when(({ body }) => (body as { id: string }).id === 'a').reply();
    expect((await errorOf(http.axiosRef.get('/x'))).message).toContain('failed by its standing answer: Cannot read');
    expect(messageOf(() => didomi.verify())).toMatch(/^A request is left: GET \/x\./);
  });

  it('lets the caller abort while its answer takes time', async () => {
    const { http, didomi } = await kit();
    let answer = (_body: string): void => undefined;
    didomi.when('/x').reply(() => new Promise<string>((resolve) => (answer = resolve)));
    const abort = new AbortController();
    const failed = errorOf(http.axiosRef.get('/x', { signal: abort.signal }));
    const request = await didomi.expectOne('/x');
    abort.abort();
    expect(await failed).toMatchObject({ reason: 'aborted' });
    answer('too late');
    await didomi.advance(0);
    expect(request.isCancelled).toBe(true);
  });

  it('without an answer leaves the request to the test', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x');
    const answer = http.axiosRef.get('/x');
    (await didomi.expectOne('/x')).flush('by hand');
    expect((await answer).data).toBe('by hand');
  });
});

describe('token requests', () => {
  it('are answered and counted, one for all', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply();
    expect(didomi.accessTokenRequests).toBe(0);
    await Promise.all(Array.from({ length: 50 }, () => http.axiosRef.get('/x')));
    expect(didomi.accessTokenRequests).toBe(1);
  });

  it('are made again after the access token was revoked, without the test seeing the 401', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply();
    await http.axiosRef.get('/x');
    didomi.revokeAccessToken();
    await http.axiosRef.get('/x');
    expect(didomi.accessTokenRequests).toBe(2);
    expect(didomi.match('/x')).toHaveLength(2);
  });

  it('fail once the API key was revoked', async () => {
    const { http, auth, didomi } = await kit();
    didomi.when('/x').reply('fine');
    await http.axiosRef.get('/x');
    didomi.revokeApiKey();
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({
      name: 'DidomiAuthenticationError',
      reason: 'rejected',
    });
    expect(auth.status.phase).toBe('rejected');
    didomi.restore();
    expect((await http.axiosRef.get('/x')).data).toBe('fine');
  });

  it.each([
    [400, 'rejected'],
    [429, 'throttled'],
    [503, 'unavailable'],
    [307, 'misconfigured'],
    ['refused', 'unavailable'],
    ['timeout', 'unavailable'],
  ] as const)('that fail with %s end calls as %s', async (failure, reason) => {
    const { http, didomi } = await kit();
    didomi.failAccessTokenRequests(failure);
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ name: 'DidomiAuthenticationError', reason });
    didomi.expectNone('/x');
  });

  it('fail as often as the test says', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply('fine');
    didomi.failAccessTokenRequests('tls', { times: 1 });
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'unavailable' });
    expect((await http.axiosRef.get('/x')).data).toBe('fine');
    expect(didomi.accessTokenRequests).toBe(2);
  });

  it('reject impossible scripts', async () => {
    const { didomi } = await kit();
    expect(() => didomi.failAccessTokenRequests(200)).toThrow('from 300 to 599');
    expect(() => didomi.failAccessTokenRequests(503, { times: 0 })).toThrow('times has to be');
    expect(() => didomi.failAccessTokenRequests('slow' as never)).toThrow('one of timeout, reset');
    expect(() => (didomi.accessTokenLifetimeMs = 0)).toThrow('accessTokenLifetimeMs has to be');
    expect(() => new DidomiTestingController({ answerTimeoutMs: -1 })).toThrow('answerTimeoutMs has to be');
    expect(() => new DidomiTestingController({ arrivalTimeoutMs: Number.NaN })).toThrow('arrivalTimeoutMs has to be');
    expect(() => didomi.delayAccessTokenRequests(-1)).toThrow('delayMs has to be');
    await expect(didomi.advance(Number.NaN)).rejects.toThrow('advance(ms)');
  });

  it('are answered late, in the time of the kit', async () => {
    const { http, auth, didomi } = await kit();
    didomi.when('/x').reply();
    didomi.holdTime();
    didomi.delayAccessTokenRequests(3_000);
    const answer = http.axiosRef.get('/x');
    await didomi.advance(2_999);
    expect(auth.status.phase).toBe('refreshing');
    didomi.expectNone('/x');
    await didomi.advance(1);
    await answer;
  });

  it('time out in the client when they are too late', async () => {
    const { http, didomi } = await kit();
    didomi.delayAccessTokenRequests(60_000);
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'unavailable', message: /10000 ms/ });
  });

  it('issue access tokens of the given lifetime', async () => {
    const { http, auth, didomi } = await kit();
    didomi.when('/x').reply();
    didomi.accessTokenLifetimeMs = 60_000;
    await http.axiosRef.get('/x');
    expect(auth.status.expiresAt).toBe(didomi.clock.now() + 60_000);
    await didomi.advance(61_000);
    await http.axiosRef.get('/x');
    expect(didomi.accessTokenRequests).toBe(2);
  });
});

describe('time', () => {
  it('stands still', async () => {
    const { didomi } = await kit();
    const now = didomi.clock.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(didomi.clock.now()).toBe(now);
  });

  it('ends the waits of the client at once', async () => {
    const { http, didomi } = await kit();
    const before = didomi.clock.now();
    didomi
      .when('/x')
      .reply(undefined, { status: 429, headers: { 'Retry-After': '7' } })
      .reply('fine');
    expect((await http.axiosRef.get('/x')).data).toBe('fine');
    expect(didomi.clock.now()).toBe(before + 7_000);
    expect(didomi.match('/x')).toHaveLength(2);
  });

  it('ends them only by advance() while it is held', async () => {
    const { http, didomi } = await kit();
    didomi.holdTime();
    didomi
      .when('/x')
      .reply(undefined, { status: 429, headers: { 'Retry-After': '7' } })
      .reply('fine');
    const answer = http.axiosRef.get('/x');
    await didomi.advance(6_999);
    expect(didomi.match('/x')).toHaveLength(1);
    await didomi.advance(1);
    expect((await answer).data).toBe('fine');
  });

  it('renews the access token as it goes by', async () => {
    const { http, auth, didomi } = await kit();
    didomi.when('/x').reply();
    await http.axiosRef.get('/x');
    await didomi.advance(3_600_000);
    expect(auth.status.phase).toBe('expired');
    await http.axiosRef.get('/x');
    expect(didomi.accessTokenRequests).toBe(2);
  });

  it('paces requests by what answers tell', async () => {
    const { http, didomi } = await kit();
    didomi.holdTime();
    didomi.when('/x').reply(1, { headers: { RateLimit: 'limit=1, remaining=0, reset=5' } });
    await http.axiosRef.get('/x');
    const second = http.axiosRef.get('/x');
    await didomi.advance(4_000);
    expect(didomi.match('/x')).toHaveLength(1);
    await didomi.advance(2_000);
    await second;
  });
});

describe('a Didomi that is down', () => {
  it('fails every request until it is up again', async () => {
    const { http, didomi } = await kit();
    didomi.when('/x').reply('fine');
    await http.axiosRef.get('/x');
    didomi.goDown();
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ status: 503, attempts: 3 });
    expect(await errorOf(http.axiosRef.post('/y'))).toMatchObject({ status: 503, attempts: 1 });
    didomi.restore();
    expect((await http.axiosRef.get('/x')).data).toBe('fine');
    didomi.verify();
  });

  it('fails token requests, too', async () => {
    const { http, didomi } = await kit();
    didomi.goDown('refused');
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject({ reason: 'unavailable' });
  });
});

describe('DIDOMI_RUNTIME', () => {
  const credentials = { apiKey: 'a real key', apiSecret: 'a real secret' };

  @Module({
    imports: [
      DidomiModule.forRoot({ ...credentials, warmup: 'required' }),
      DidomiModule.forRoot({ name: 'brand-b', ...credentials, warmup: 'required', organizationId: 'b' }),
    ],
  })
  class AppModule {}

  async function start(): Promise<{ app: TestingModule; didomi: DidomiTestingController }> {
    const didomi = new DidomiTestingController({ arrivalTimeoutMs: 5 });
    const app = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    open.push(app);
    await app.init();
    return { app, didomi };
  }

  it('cuts every client of an application off from the network with one override', async () => {
    const { app, didomi } = await start();
    const brandB = didomi.client('brand-b');
    expect(didomi.client()).toBe(didomi);
    expect(brandB.client('brand-b')).toBe(brandB);
    expect(brandB.client()).toBe(didomi);
    expect([didomi.accessTokenRequests, brandB.accessTokenRequests]).toEqual([1, 1]);

    const answers = Promise.all([
      app.get(DidomiHttpService, { strict: false }).axiosRef.get('/x'),
      app.get<DidomiHttpService>(getDidomiHttpServiceToken('brand-b'), { strict: false }).axiosRef.get('/x'),
    ]);
    (await didomi.expectOne('/x')).flush('a');
    (await brandB.expectOne('/x?organization_id=b')).flush('b');
    expect((await answers).map(({ data }) => data)).toEqual(['a', 'b']);
    didomi.verify();
  });

  it('verifies all clients from the default one, and each by itself', async () => {
    const { app, didomi } = await start();
    void app.get<DidomiHttpService>(getDidomiHttpServiceToken('brand-b'), { strict: false }).axiosRef.get('/x');
    const request = await didomi.client('brand-b').expectOne('/x');
    expect(messageOf(() => didomi.verify())).toMatch(
      /^A request is left: GET \/x\?organization_id=b of client 'brand-b'\./,
    );
    expect(messageOf(() => didomi.client('brand-b').verify())).toContain("of client 'brand-b'");
    request.flush();
    didomi.verify();
  });

  it('tells which clients there are when a test asks for another', async () => {
    const { didomi } = await start();
    await expect(didomi.client('brand-c').expectOne('/x')).rejects.toThrow(
      "Expected one request of client 'brand-c', /x: none arrived within 5 ms.\n" +
        "The application has no such client, only: the default client, 'brand-b'.",
    );
  });

  it('moves the time of all clients', async () => {
    const { app, didomi } = await start();
    const { expiresAt } = app.get(DidomiAuthService, { strict: false }).status;
    expect(expiresAt).toBe(didomi.clock.now() + 3_600_000);
    await didomi.client('brand-b').advance(3_600_000);
    const phases = [undefined, 'brand-b'].map(
      (name) => app.get<DidomiAuthService>(getDidomiAuthServiceToken(name), { strict: false }).status.phase,
    );
    expect(phases).toEqual(['expired', 'expired']);
  });

  it('leaves the adapter token what it was: one that a test can override by itself', async () => {
    const adapter = jest.fn(
      async () => await Promise.reject(Object.assign(new Error('mine'), { code: 'CERT_HAS_EXPIRED' })),
    );
    const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot({ ...credentials, warmup: 'lazy' })] })
      .overrideProvider(getDidomiHttpAdapterToken())
      .useValue(adapter)
      .compile();
    open.push(app);
    expect(await errorOf(app.get(DidomiHttpService).axiosRef.get('/x'))).toMatchObject({ reason: 'unavailable' });
    expect(adapter).toHaveBeenCalledTimes(1);
  });
});

describe('the shutdown', () => {
  it('leaves the caller of an open request alone, since the test may have failed before it awaited it', async () => {
    const { app, http, didomi } = await kit();
    let isSettled = false;
    const settle = (): boolean => (isSettled = true);
    void http.axiosRef.get('/x').then(settle, settle);
    const request = await didomi.expectOne('/x');
    await app.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(false);
    expect(request.isCancelled).toBe(true);
    didomi.verify();
  });

  it('refuses calls that come later', async () => {
    const { app, http, auth } = await kit();
    await app.close();
    const closed = { name: 'DidomiAuthenticationError', reason: 'closed' };
    expect(await errorOf(http.axiosRef.get('/x'))).toMatchObject(closed);
    expect(await errorOf(auth.getAccessToken())).toMatchObject(closed);
  });

  it('leaves a controller that can be used for another application', async () => {
    const didomi = new DidomiTestingController();
    for (const data of ['first', 'second']) {
      const app = await Test.createTestingModule({
        imports: [DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'lazy' })],
      })
        .overrideProvider(DIDOMI_RUNTIME)
        .useValue(didomi)
        .compile();
      didomi.when('/x').reply(data);
      expect((await app.get(DidomiHttpService).axiosRef.get('/x')).data).toBe(data);
      void app.get(DidomiHttpService).axiosRef.get('/open');
      await didomi.expectOne('/open');
      await app.close();
      didomi.reset();
    }
  });

  it('ends an open request that the application sends while it answers one of its own', async () => {
    const didomi = new DidomiTestingController({ answerTimeoutMs: 5 });
    const app = await Test.createTestingModule({
      imports: [DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'lazy' })],
      controllers: [Proxy],
    })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    const server = app.createNestApplication({ logger: false });
    await server.listen(0, '127.0.0.1');
    for (const end of ['verify', 'reset', 'close'] as const) {
      const status = supertest(await server.getUrl())
        .get('/proxy')
        .then((response) => response.status);
      await didomi.expectOne('/x');
      if (end === 'verify') messageOf(() => didomi.verify());
      else if (end === 'reset') didomi.reset();
      else await server.close();
      expect(await status).toBe(500);
    }
  });
});
