import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import {
  DidomiAuthService,
  DidomiClock,
  DidomiHttpService,
  DidomiModule,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
  InjectDidomiAuth,
  InjectDidomiHttp,
} from '../../lib/index.js';
import { DIDOMI_OPTIONS } from '../../lib/didomi.module-definition.js';
import { DidomiStub, jwt } from '../support/didomi-stub.js';
import { FakeClock, settled } from '../support/fake-clock.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { findReachable } from '../support/find-reachable.js';

const NAMES = [undefined, 'brand-a', 'brand-b'] as const;
type Name = (typeof NAMES)[number];

const KEY_CANARY = 'canary-key-51d0';
const SECRET_CANARY = 'canary-secret-e8a3';
const ACCESS_TOKEN_CANARY = 'canary-access-token-c6b7';
const CANARIES = [KEY_CANARY, SECRET_CANARY, ACCESS_TOKEN_CANARY];

function labelOf(name: Name): string {
  return name ?? 'default';
}

function registration(name: Name, isGlobal = false): DynamicModule {
  const label = labelOf(name);
  const options = {
    apiKey: `${KEY_CANARY}-${label}`,
    apiSecret: `${SECRET_CANARY}-${label}`,
    baseURL: `https://${label}.example/v1`,
    warmup: 'lazy',
    refresh: { cron: false },
  } as const;
  const extras = { isGlobal, ...(name === undefined ? {} : { name }) };
  // One of them by the other way, since both have to keep clients apart.
  return name === 'brand-a'
    ? DidomiModule.forRootAsync({ ...extras, useFactory: () => options })
    : DidomiModule.forRoot({ ...extras, ...options });
}

/** A Didomi that issues access tokens `canary-…-LABEL-1`, `-2` and so on. */
function stubFor(name: Name): DidomiStub {
  const stub = new DidomiStub();
  stub.onTokenRequest = (_config, count) => ({
    status: 200,
    data: { access_token: `${ACCESS_TOKEN_CANARY}-${labelOf(name)}-${count + 1}` },
  });
  return stub;
}

@Injectable()
class ByConstructor {
  constructor(
    readonly http: DidomiHttpService,
    readonly auth: DidomiAuthService,
    @InjectDidomiHttp() readonly sameHttp: DidomiHttpService,
    @InjectDidomiAuth() readonly sameAuth: DidomiAuthService,
    @InjectDidomiHttp('brand-a') readonly httpOfA: DidomiHttpService,
    @InjectDidomiAuth('brand-a') readonly authOfA: DidomiAuthService,
    @InjectDidomiHttp('brand-b') readonly httpOfB: DidomiHttpService,
    @InjectDidomiAuth('brand-b') readonly authOfB: DidomiAuthService,
  ) {}
}

@Injectable()
class ByProperty {
  @InjectDidomiHttp() readonly http!: DidomiHttpService;
  @InjectDidomiAuth() readonly auth!: DidomiAuthService;
  @InjectDidomiHttp('brand-a') readonly httpOfA!: DidomiHttpService;
  @InjectDidomiAuth('brand-a') readonly authOfA!: DidomiAuthService;
  @Inject(getDidomiHttpServiceToken('brand-b')) readonly httpOfB!: DidomiHttpService;
  @Inject(getDidomiAuthServiceToken('brand-b')) readonly authOfB!: DidomiAuthService;
}

interface Brands {
  readonly app: TestingModule;
  readonly clock: FakeClock;
  readonly stub: (name: Name) => DidomiStub;
  readonly http: (name: Name) => DidomiHttpService;
  readonly auth: (name: Name) => DidomiAuthService;
}

/** A call whose replay waits a moment, because the rejected access token was a young one. */
async function getWithReplay({ clock, http }: Brands, name: Name): Promise<void> {
  const call = http(name).axiosRef.get('/properties');
  await settled();
  await clock.advance(1_000);
  await call;
}

/** An application with the default client and two named ones, each in front of a Didomi of its own. */
async function startBrands(registrations = NAMES.map((name) => registration(name))): Promise<Brands> {
  const stubs = new Map(NAMES.map((name) => [name, stubFor(name)]));
  const clock = new FakeClock();
  const builder = Test.createTestingModule({ imports: registrations, providers: [ByConstructor, ByProperty] })
    .setLogger(new RecordingLogger())
    .overrideProvider(DidomiClock)
    .useValue(clock);
  for (const [name, { adapter }] of stubs) builder.overrideProvider(getDidomiHttpAdapterToken(name)).useValue(adapter);
  const app = await builder.compile();
  await app.init();
  return {
    app,
    clock,
    stub: (name) => stubs.get(name) ?? new DidomiStub(),
    http: (name) => app.get<DidomiHttpService>(getDidomiHttpServiceToken(name)),
    auth: (name) => app.get<DidomiAuthService>(getDidomiAuthServiceToken(name)),
  };
}

describe('named clients', () => {
  it('are injected by decorator, by class and by token, in constructors and properties', async () => {
    const { app, http, auth } = await startBrands();
    const byConstructor = app.get(ByConstructor);
    const byProperty = app.get(ByProperty);

    for (const holder of [byConstructor, byProperty]) {
      expect(holder.http).toBe(http(undefined));
      expect(holder.auth).toBe(auth(undefined));
      expect(holder.httpOfA).toBe(http('brand-a'));
      expect(holder.authOfA).toBe(auth('brand-a'));
      expect(holder.httpOfB).toBe(http('brand-b'));
      expect(holder.authOfB).toBe(auth('brand-b'));
    }
    expect(byConstructor.sameHttp).toBe(byConstructor.http);
    expect(byConstructor.sameAuth).toBe(byConstructor.auth);
    expect(new Set(NAMES.map((name) => http(name))).size).toBe(3);
    expect(new Set(NAMES.map((name) => http(name).axiosRef)).size).toBe(3);
    expect(new Set(NAMES.map((name) => auth(name))).size).toBe(3);
    for (const name of NAMES) {
      expect(http(name)).toBeInstanceOf(DidomiHttpService);
      expect(auth(name)).toBeInstanceOf(DidomiAuthService);
    }
    await app.close();
  });

  it('have tokens of their own for each injectable', () => {
    const tokens = NAMES.flatMap((name) => [
      getDidomiHttpServiceToken(name),
      getDidomiAuthServiceToken(name),
      getDidomiHttpAdapterToken(name),
    ]);

    expect(new Set(tokens).size).toBe(tokens.length);
    expect(getDidomiHttpServiceToken()).toBe(DidomiHttpService);
    expect(getDidomiAuthServiceToken()).toBe(DidomiAuthService);
    expect(getDidomiHttpServiceToken('brand-a')).toBe(getDidomiHttpServiceToken('brand-a'));
  });

  it('are isolated: credentials, base URL, access token and what they send', async () => {
    const { app, stub, http, auth } = await startBrands();

    // All at once, in turns, through Observables and promises.
    await Promise.all(
      [0, 1, 2, 3].flatMap((turn) =>
        NAMES.map((name) =>
          turn % 2 === 0
            ? firstValueFrom(http(name).get(`/properties/${labelOf(name)}`))
            : http(name).axiosRef.get(`/properties/${labelOf(name)}`),
        ),
      ),
    );

    for (const name of NAMES) {
      const label = labelOf(name);
      const { tokenRequests, apiRequests, bearers } = stub(name);
      expect(tokenRequests).toHaveLength(1);
      expect(tokenRequests[0]?.baseURL).toBe(`https://${label}.example/v1`);
      expect(JSON.parse(String(tokenRequests[0]?.data))).toMatchObject({
        key: `${KEY_CANARY}-${label}`,
        secret: `${SECRET_CANARY}-${label}`,
      });
      expect(apiRequests).toHaveLength(4);
      for (const request of apiRequests) {
        expect(request).toMatchObject({ baseURL: `https://${label}.example/v1`, url: `/properties/${label}` });
      }
      expect(new Set(bearers)).toEqual(new Set([`${ACCESS_TOKEN_CANARY}-${label}-1`]));
      expect(await auth(name).getAccessToken()).toBe(`${ACCESS_TOKEN_CANARY}-${label}-1`);
    }
    await app.close();
  });

  it('renew, reject and fail one by one', async () => {
    const brands = await startBrands();
    const { app, stub, http, auth } = brands;
    await Promise.all(NAMES.map((name) => auth(name).getAccessToken()));
    stub('brand-a').onTokenRequest = () => ({ status: 400 });

    await expect(auth('brand-a').refresh()).rejects.toMatchObject({ reason: 'rejected' });
    stub('brand-b').onApiRequest = (_config, count) => ({ status: count === 0 ? 401 : 200 });
    await getWithReplay(brands, 'brand-b');
    await http(undefined).axiosRef.get('/properties');

    expect(NAMES.map((name) => stub(name).tokenRequests.length)).toEqual([1, 2, 2]);
    expect(NAMES.map((name) => auth(name).status.phase)).toEqual(['fresh', 'rejected', 'fresh']);
    expect(stub(undefined).bearers).toEqual([`${ACCESS_TOKEN_CANARY}-default-1`]);
    expect(stub('brand-b').bearers).toEqual([`${ACCESS_TOKEN_CANARY}-brand-b-1`, `${ACCESS_TOKEN_CANARY}-brand-b-2`]);
    await app.close();
  });

  it('do not spend each other’s budget of token requests', async () => {
    const { app, auth, stub } = await startBrands();
    for (let turn = 0; turn < 10; turn += 1)
      await auth('brand-a')
        .refresh()
        .catch(() => undefined);
    expect(stub('brand-a').tokenRequests).toHaveLength(6);

    await auth('brand-b').refresh();

    expect(stub('brand-b').tokenRequests).toHaveLength(1);
    await app.close();
  });

  it('keep to their own origin, also towards each other', async () => {
    const { app, stub, http } = await startBrands();

    await expect(http('brand-a').axiosRef.get('https://brand-b.example/v1/properties')).rejects.toMatchObject({
      code: 'DIDOMI_REQUEST',
    });
    for (const name of NAMES) expect(stub(name).apiRequests).toEqual([]);
    await app.close();
  });

  it('run on the replaced adapter of their own name and no other', async () => {
    const stub = stubFor('brand-b');
    const untouched = stubFor(undefined);
    const app = await Test.createTestingModule({ imports: NAMES.map((name) => registration(name)) })
      .overrideProvider(getDidomiHttpAdapterToken('brand-b'))
      .useValue(stub.adapter)
      .compile();

    const adapters = NAMES.map((name) => app.get<unknown>(getDidomiHttpAdapterToken(name)));
    expect(adapters[2]).toBe(stub.adapter);
    for (const adapter of adapters.slice(0, 2)) {
      expect(adapter).toBeInstanceOf(Function);
      expect(adapter).not.toBe(stub.adapter);
    }
    await app.get<DidomiHttpService>(getDidomiHttpServiceToken('brand-b')).axiosRef.get('/properties');
    expect(stub.apiRequests).toHaveLength(1);
    expect(untouched.apiRequests).toHaveLength(0);
    await app.close();
  });

  it('are there without a default client, which nobody can inject then', async () => {
    const app = await Test.createTestingModule({
      imports: [registration('brand-a'), registration('brand-b')],
    }).compile();

    expect(app.get(getDidomiHttpServiceToken('brand-a'))).toBeInstanceOf(DidomiHttpService);
    expect(() => app.get(DidomiHttpService)).toThrow(/could not find DidomiHttpService/);
    await expect(
      Test.createTestingModule({ imports: [registration('brand-a')], providers: [ByConstructor] }).compile(),
    ).rejects.toThrow(/can't resolve dependencies of the ByConstructor \(\?/);
  });

  it('are global one by one', async () => {
    @Injectable()
    class UsesA {
      constructor(@InjectDidomiHttp('brand-a') readonly http: DidomiHttpService) {}
    }
    @Injectable()
    class UsesB {
      constructor(@InjectDidomiHttp('brand-b') readonly http: DidomiHttpService) {}
    }
    @Module({ providers: [UsesA] })
    class AModule {}
    @Module({ providers: [UsesB] })
    class BModule {}
    const registrations = [registration('brand-a', true), registration('brand-b', false)];

    const app = await Test.createTestingModule({ imports: [...registrations, AModule] }).compile();

    expect(app.get(UsesA, { strict: false }).http.axiosRef.defaults.baseURL).toBe('https://brand-a.example/v1');
    await expect(Test.createTestingModule({ imports: [...registrations, BModule] }).compile()).rejects.toThrow(
      /can't resolve dependencies of the UsesB \(\?\)/,
    );
  });

  it('share one clock that a test replaces', async () => {
    const { app, auth, clock } = await startBrands();
    await Promise.all(NAMES.map((name) => auth(name).getAccessToken()));

    for (const name of NAMES) expect(auth(name).status.expiresAt).toBe(clock.now() + 3_600_000);
    await app.close();
  });
});

describe('the rest of the process', () => {
  /** Headers and interceptors included, functions by identity. */
  function globalAxios(): unknown {
    const { defaults, interceptors } = axios;
    const { headers, ...others } = defaults;
    return {
      ...others,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { ...Object(value) }])),
      transformRequest: [defaults.transformRequest].flat(),
      transformResponse: [defaults.transformResponse].flat(),
      interceptors: [interceptors.request, interceptors.response].map((manager) => [
        ...(manager as unknown as { handlers: unknown[] }).handlers,
      ]),
    };
  }

  it('keeps its default Axios instance untouched', async () => {
    const before = globalAxios();
    expect(before).toMatchObject({ interceptors: [[], []] });

    const { app, http } = await startBrands();
    await Promise.all(NAMES.map((name) => http(name).axiosRef.get('/properties')));

    expect(globalAxios()).toEqual(before);
    await app.close();
    expect(globalAxios()).toEqual(before);
  });

  it('does not lend its default Axios instance to a client', async () => {
    const seen: unknown[] = [];
    const id = axios.interceptors.request.use((config) => {
      seen.push(config.url);
      return config;
    });
    const { app, http, stub } = await startBrands();
    try {
      await http('brand-a').axiosRef.get('/properties');
    } finally {
      axios.interceptors.request.eject(id);
      axios.interceptors.request.clear();
    }

    expect(stub('brand-a').apiRequests).toHaveLength(1);
    expect(seen).toEqual([]);
    for (const name of NAMES) expect(http(name).axiosRef).not.toBe(axios);
    await app.close();
  });
});

describe('secrets in the dependency container', () => {
  /** After a login, a renewal, a rejected access token and a failed login: every state that could keep something. */
  async function startUsed(): Promise<Brands> {
    const brands = await startBrands();
    for (const name of NAMES) {
      await brands.http(name).axiosRef.get('/properties');
      await brands.auth(name).refresh();
      const stub = brands.stub(name);
      stub.onApiRequest = (_config, count) => ({ status: count === 1 ? 401 : 200 });
      await getWithReplay(brands, name);
      brands.auth(name).invalidate(await brands.auth(name).getAccessToken());
      stub.onTokenRequest = () => ({ status: 500, data: SECRET_CANARY });
      await brands
        .auth(name)
        .getAccessToken()
        .catch(() => undefined);
    }
    return brands;
  }

  it('are in no provider that is printed, however deep', async () => {
    const { app } = await startUsed();
    const providers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.providers]);
    // Nest's own providers hold the whole application: the walk of the next test goes through it once, a printer would once
    // for each way that leads there.
    const own = providers
      .map(([token, wrapper]) => ({
        where: typeof token === 'function' ? token.name : String(token),
        instance: wrapper.instance,
      }))
      .filter(({ where }) => /didomi/i.test(where));
    expect(own.map(({ where }) => where)).toContain(String(DIDOMI_OPTIONS));
    expect(own.length).toBeGreaterThan(15);

    for (const { where, instance } of own) {
      const printed = inspect(instance, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null });
      for (const canary of CANARIES)
        expect({ where, found: printed.includes(canary) }).toEqual({ where, found: false });
    }
    await app.close();
  });

  it('are nowhere that a walk from the application comes to', async () => {
    const { app } = await startUsed();

    for (const canary of CANARIES) expect(findReachable(app, canary)).toBeUndefined();
    await app.close();
    for (const canary of CANARIES) expect(findReachable(app, canary)).toBeUndefined();
  });

  it('would have been found by that walk', async () => {
    const app = await Test.createTestingModule({
      imports: [
        {
          module: class Leaky {},
          providers: [{ provide: 'RAW', useValue: { apiSecret: jwt({ a: 1 }) + SECRET_CANARY } }],
        },
      ],
    }).compile();

    expect(findReachable(app, SECRET_CANARY)).toMatch(/apiSecret$/);
  });

  it('are in no JSON of the services', async () => {
    const { app, http, auth } = await startUsed();

    for (const name of NAMES) {
      const printed = JSON.stringify([
        Object.entries(http(name)),
        auth(name),
        auth(name).status,
        http(name).axiosRef.defaults,
      ]);
      for (const canary of CANARIES) expect(printed).not.toContain(canary);
    }
    await app.close();
  });
});
