import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { HttpService } from '@nestjs/axios';
import {
  Inject,
  Injectable,
  Module,
  Scope,
  type DynamicModule,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { LazyModuleLoader, NestFactory, REQUEST } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import {
  DidomiApi,
  DidomiAuthService,
  DidomiConfigurationError,
  DidomiHttpService,
  DidomiModule,
  getDidomiHttpAdapterToken,
  type DidomiModuleOptions,
  type DidomiOptionsFactory,
} from '../../lib/index.js';
import { DidomiStub } from '../support/didomi-stub.js';

const CANARY = 'canary-94c1';
const OPTIONS: DidomiModuleOptions = {
  apiKey: `${CANARY}-key`,
  apiSecret: `${CANARY}-secret`,
  warmup: 'lazy',
  refresh: { cron: false },
};
const BAD_OPTIONS = { ...OPTIONS, baseURL: `http://${CANARY}.example/v1` };
const ASYNC = { useFactory: (): DidomiModuleOptions => OPTIONS };

@Injectable()
class OptionsService implements DidomiOptionsFactory {
  createDidomiOptions(): Promise<DidomiModuleOptions> {
    return Promise.resolve({ ...OPTIONS, baseURL: 'https://from-class.example/v1' });
  }
}

@Module({ providers: [OptionsService], exports: [OptionsService] })
class OptionsServiceModule {}

@Injectable()
class Consumer {
  constructor(
    readonly http: DidomiHttpService,
    readonly auth: DidomiAuthService,
  ) {}
}

function featureModule(imports: ModuleMetadata['imports'], providers: Provider[] = [Consumer]): new () => object {
  @Module({ imports: imports ?? [], providers, exports: providers })
  class FeatureModule {}
  return FeatureModule;
}

function compile(...imports: NonNullable<ModuleMetadata['imports']>): Promise<TestingModule> {
  return Test.createTestingModule({ imports }).compile();
}

/** Same, with Didomi and its clock replaced, and started. */
async function start(stub: DidomiStub, ...imports: NonNullable<ModuleMetadata['imports']>): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports })
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(stub.adapter)
    .compile();
  return await app.init();
}

/** The error of a start that has to fail, after a check that it holds no option value. */
async function failureOf(starting: Promise<unknown>): Promise<Error> {
  const error: unknown = await starting.then(
    () => new Error('The application started'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(CANARY);
  return error as Error;
}

/** The problems, wherever the consumer stands: Nest must not be first to complain about it, in words that do not help. */
async function problemsOfEach(registration: () => DynamicModule | typeof DidomiModule): Promise<(readonly string[])[]> {
  return [
    await problemsOf(compile(registration())),
    await problemsOf(compile(featureModule([registration()]))),
    await problemsOf(compile(featureModule([featureModule([registration()])], []))),
    await problemsOf(Test.createTestingModule({ imports: [registration()], providers: [Consumer] }).compile()),
    await problemsOf(Test.createTestingModule({ imports: [registration()], controllers: [Consumer] }).compile()),
  ];
}

async function problemsOf(starting: Promise<unknown>): Promise<readonly string[]> {
  const error = await failureOf(starting);
  if (!(error instanceof DidomiConfigurationError)) throw error;
  return error.problems;
}

async function baseURLOf(registration: DynamicModule, ...others: DynamicModule[]): Promise<string | undefined> {
  const app = await compile(...others, registration);
  return app.get(DidomiHttpService, { strict: false }).axiosRef.defaults.baseURL;
}

describe('DidomiModule', () => {
  describe('sources of options', () => {
    it('are the arguments of forRoot', async () => {
      const stub = new DidomiStub();
      const app = await start(stub, DidomiModule.forRoot({ ...OPTIONS, baseURL: 'https://at-hand.example/v1' }));

      await firstValueFrom(app.get(DidomiHttpService).get('/properties'));

      expect(stub.tokenRequests).toHaveLength(1);
      expect(stub.tokenRequests[0]).toMatchObject({ baseURL: 'https://at-hand.example/v1', url: '/sessions' });
      expect(JSON.parse(String(stub.tokenRequests[0]?.data))).toMatchObject({
        key: OPTIONS.apiKey,
        secret: OPTIONS.apiSecret,
      });
      expect(stub.apiRequests).toHaveLength(1);
      expect(stub.bearers).toEqual(['token-1']);
      await app.close();
    });

    it('can be a factory, synchronous or not', async () => {
      const sync = DidomiModule.forRootAsync({ useFactory: () => ({ ...OPTIONS, baseURL: 'https://sync.example' }) });
      const async = DidomiModule.forRootAsync({
        useFactory: async () => await Promise.resolve({ ...OPTIONS, baseURL: 'https://async.example' }),
      });

      expect(await baseURLOf(sync)).toBe('https://sync.example');
      expect(await baseURLOf(async)).toBe('https://async.example');
    });

    it('can be a factory with the ConfigService of an imported module', async () => {
      const stub = new DidomiStub();
      const config = ConfigModule.forRoot({
        ignoreEnvFile: true,
        ignoreEnvVars: true,
        load: [() => ({ DIDOMI_API_KEY: 'key-of-config', DIDOMI_API_SECRET: 'secret-of-config' })],
      });
      const app = await start(
        stub,
        DidomiModule.forRootAsync({
          imports: [config],
          inject: [ConfigService],
          useFactory: (service: ConfigService) => ({
            apiKey: service.getOrThrow<string>('DIDOMI_API_KEY'),
            apiSecret: service.getOrThrow<string>('DIDOMI_API_SECRET'),
            warmup: 'lazy',
            refresh: { cron: false },
          }),
        }),
      );

      await app.get(DidomiAuthService).getAccessToken();

      expect(JSON.parse(String(stub.tokenRequests[0]?.data))).toMatchObject({
        key: 'key-of-config',
        secret: 'secret-of-config',
      });
      await app.close();
    });

    it('inject dependencies into a factory, undefined for those that are optional and absent', async () => {
      const received: unknown[] = [];
      @Module({ providers: [{ provide: 'REGION', useValue: 'eu' }], exports: ['REGION'] })
      class RegionModule {}

      await compile(
        DidomiModule.forRootAsync({
          imports: [RegionModule],
          inject: [
            { token: 'NOBODY_PROVIDES_THIS', optional: true },
            { token: 'REGION', optional: false },
          ],
          useFactory: (...dependencies: unknown[]) => {
            received.push(...dependencies);
            return OPTIONS;
          },
        }),
      );

      expect(received).toEqual([undefined, 'eu']);
    });

    it('are read once', async () => {
      let runs = 0;
      const app = await compile(
        DidomiModule.forRootAsync({
          isGlobal: true,
          useFactory: () => {
            runs += 1;
            return OPTIONS;
          },
        }),
        featureModule([]),
        featureModule([]),
      );
      await app.init();
      await app.close();

      expect(runs).toBe(1);
    });

    it('can be a class with useClass', async () => {
      expect(await baseURLOf(DidomiModule.forRootAsync({ useClass: OptionsService }))).toBe(
        'https://from-class.example/v1',
      );
    });

    it('can be a provider of an imported module with useExisting', async () => {
      const registration = DidomiModule.forRootAsync({ imports: [OptionsServiceModule], useExisting: OptionsService });

      expect(await baseURLOf(registration)).toBe('https://from-class.example/v1');
    });

    it('work without the testing module of Nest', async () => {
      const app = await NestFactory.createApplicationContext(DidomiModule.forRoot(OPTIONS), {
        abortOnError: false,
        logger: false,
      });

      expect(app.get(DidomiAuthService).status.phase).toBe('cold');
      await app.close();
      expect(app.get(DidomiAuthService).status.phase).toBe('closed');
    });
  });

  describe('what it provides', () => {
    it('is the HttpService of @nestjs/axios', async () => {
      const app = await compile(DidomiModule.forRoot(OPTIONS));

      expect(app.get(DidomiHttpService, { strict: false })).toBeInstanceOf(HttpService);
    });

    it('is separate from the application’s own HttpService', async () => {
      const { HttpModule } = await import('@nestjs/axios');
      const app = await compile(DidomiModule.forRoot(OPTIONS), HttpModule);

      const own = app.get(HttpService, { strict: false });
      const didomi = app.get(DidomiHttpService, { strict: false });
      expect(own).not.toBe(didomi);
      expect(own.axiosRef).not.toBe(didomi.axiosRef);
      expect(own.axiosRef.defaults.baseURL).toBeUndefined();
    });

    it('is the same client for every consumer', async () => {
      const One = featureModule([]);
      const Two = featureModule([]);
      const app = await compile(DidomiModule.forRoot({ ...OPTIONS, isGlobal: true }), One, Two);

      const one = app.select(One).get(Consumer, { strict: true });
      const two = app.select(Two).get(Consumer, { strict: true });
      expect(one).not.toBe(two);
      expect(one.http).toBe(two.http);
      expect(one.auth).toBe(two.auth);
    });

    it('can be replaced by a test', async () => {
      const fake = { get: 'fake' };
      const app = await Test.createTestingModule({
        imports: [featureModule([DidomiModule.forRoot(OPTIONS)])],
      })
        .overrideProvider(DidomiHttpService)
        .useValue(fake)
        .compile();

      expect(app.get(Consumer, { strict: false }).http).toBe(fake);
    });
  });

  describe('isGlobal', () => {
    const registrations = (isGlobal: boolean | undefined): [string, DynamicModule][] => {
      const extras = isGlobal === undefined ? {} : { isGlobal };
      return [
        ['forRoot', DidomiModule.forRoot({ ...OPTIONS, ...extras })],
        ['forRootAsync', DidomiModule.forRootAsync({ ...ASYNC, ...extras })],
      ];
    };

    it.each(registrations(true))('lets a sibling inject the client when true (%s)', async (_method, registration) => {
      const app = await compile(registration, featureModule([]));

      expect(app.get(Consumer, { strict: false }).http).toBeInstanceOf(DidomiHttpService);
    });

    it.each([...registrations(false), ...registrations(undefined)])(
      'hides the client from a sibling when false, which is the default (%s)',
      async (_method, registration) => {
        const error = await failureOf(compile(registration, featureModule([])));

        expect(error.message).toMatch(/can't resolve dependencies of the Consumer \(\?, DidomiAuthService\)/);
      },
    );

    it.each(registrations(false))(
      'gives the client to the importing module when false (%s)',
      async (_m, registration) => {
        const app = await compile(featureModule([registration]));

        expect(app.get(Consumer, { strict: false }).http).toBeInstanceOf(DidomiHttpService);
      },
    );

    it('is not needed where a module exports the registration', async () => {
      const registration = DidomiModule.forRoot(OPTIONS);
      @Module({ imports: [registration], exports: [registration] })
      class CoreModule {}

      const app = await compile(featureModule([CoreModule]));

      expect(app.get(Consumer, { strict: false }).http).toBeInstanceOf(DidomiHttpService);
    });

    it('is not needed where a module exports DidomiModule', async () => {
      @Module({ imports: [DidomiModule.forRoot(OPTIONS)], exports: [DidomiModule] })
      class CoreModule {}

      const app = await compile(featureModule([CoreModule]));

      expect(app.get(Consumer, { strict: false }).http).toBeInstanceOf(DidomiHttpService);
    });

    it('applies in modules that import a named client', async () => {
      const global = DidomiModule.forRoot({ ...OPTIONS, isGlobal: true });
      const named = DidomiModule.forRoot({ ...OPTIONS, name: 'brand-b', baseURL: 'https://brand-b.example/v1' });
      for (const imports of [
        [global, featureModule([named])],
        [featureModule([named]), global],
      ]) {
        const app = await compile(...imports);

        const { http } = app.get(Consumer, { strict: false });
        expect(http.axiosRef.defaults.baseURL).toBe('https://api.didomi.io/v1');
      }
    });

    it('exports the services and the adapter only', async () => {
      const registration = DidomiModule.forRoot(OPTIONS);

      expect(registration.exports).toEqual([
        DidomiApi,
        DidomiHttpService,
        DidomiAuthService,
        getDidomiHttpAdapterToken(),
      ]);
    });
  });

  describe('bad options', () => {
    const existing = featureModule(
      [],
      [{ provide: OptionsService, useValue: { createDidomiOptions: () => BAD_OPTIONS } }],
    );
    @Injectable()
    class BadOptionsService implements DidomiOptionsFactory {
      createDidomiOptions(): DidomiModuleOptions {
        return BAD_OPTIONS;
      }
    }

    it.each<[string, DynamicModule]>([
      ['forRoot', DidomiModule.forRoot(BAD_OPTIONS)],
      ['useFactory', DidomiModule.forRootAsync({ useFactory: () => BAD_OPTIONS })],
      ['an async useFactory', DidomiModule.forRootAsync({ useFactory: () => Promise.resolve(BAD_OPTIONS) })],
      ['useClass', DidomiModule.forRootAsync({ useClass: BadOptionsService })],
      ['useExisting', DidomiModule.forRootAsync({ imports: [existing], useExisting: OptionsService })],
    ])('stop the start with a DidomiConfigurationError from %s', async (_source, registration) => {
      const problem = expect.stringMatching(/^baseURL is plain http/);

      for (const problems of await problemsOfEach(() => registration)) expect(problems).toEqual([problem]);
      expect(
        await problemsOf(NestFactory.createApplicationContext(registration, { abortOnError: false, logger: false })),
      ).toEqual([problem]);
    });

    it('include the missing options of a factory that returns nothing', async () => {
      const useFactory = (): DidomiModuleOptions => undefined as never;

      expect(await problemsOf(compile(DidomiModule.forRootAsync({ useFactory })))).toEqual([
        expect.stringMatching(/^the options are missing: /),
      ]);
    });

    it.each(['isGlobal', 'name'])('include %s in what a factory returns', async (name) => {
      const useFactory = (): DidomiModuleOptions => ({ ...OPTIONS, [name]: name });

      expect(await problemsOf(compile(DidomiModule.forRootAsync({ useFactory })))).toEqual([
        `${name} is not one of the options: write it next to useFactory, useClass or useExisting`,
      ]);
    });

    it.each<[string, (error: Error) => Promise<DidomiModuleOptions> | DidomiModuleOptions]>([
      [
        'throws',
        (error) => {
          throw error;
        },
      ],
      ['rejects', (error) => Promise.reject(error)],
    ])('do not hide the error of a factory that %s', async (_how, fail) => {
      const error = new Error('no configuration server');

      expect(await failureOf(compile(DidomiModule.forRootAsync({ useFactory: () => fail(error) })))).toBe(error);
    });
  });

  it('refuses options that depend on the request, since each request would log in', async () => {
    const stub = new DidomiStub();
    @Injectable({ scope: Scope.REQUEST })
    class Tenant {}
    const registrations = [
      DidomiModule.forRootAsync({ inject: [REQUEST], useFactory: () => OPTIONS }),
      DidomiModule.forRootAsync({
        imports: [featureModule([], [Tenant])],
        inject: [Tenant],
        useFactory: () => OPTIONS,
        name: 'brand-b',
      }),
    ];

    for (const registration of registrations) {
      expect(await problemsOf(start(stub, registration))).toEqual([expect.stringMatching(/request/)]);
    }
  });

  it('gives request-scoped and transient consumers the one client of the application', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest extends Consumer {}
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient extends Consumer {}
    const stub = new DidomiStub();
    const app = await start(stub, featureModule([DidomiModule.forRoot(OPTIONS)], [PerRequest, Transient]));

    for (const token of [PerRequest, PerRequest, Transient]) {
      const { http } = await app.resolve(token, undefined, { strict: false });
      await http.axiosRef.get('/properties');
    }

    expect(stub.tokenRequests).toHaveLength(1);
    expect(stub.apiRequests).toHaveLength(3);
    await app.close();
  });

  describe('a registration without options', () => {
    it('of the class itself says what to write', async () => {
      const problem = expect.stringMatching(/^DidomiModule is imported without options: write DidomiModule\.forRoot\(/);

      for (const problems of await problemsOfEach(() => DidomiModule)) expect(problems).toEqual([problem]);
    });

    it('of the class itself beside a global registration says to import nothing', async () => {
      const problem = expect.stringMatching(/Where another registration is global, import nothing$/);
      const global = DidomiModule.forRoot({ ...OPTIONS, isGlobal: true });

      expect(await problemsOf(compile(global, featureModule([DidomiModule])))).toEqual([problem]);
      expect(await problemsOf(compile(featureModule([DidomiModule]), global))).toEqual([problem]);
    });

    it.each<[string, Parameters<typeof DidomiModule.forRootAsync>[0]]>([
      ['forRootAsync({})', {}],
      ['useFactory: undefined', { useFactory: undefined as never }],
      ['useClass: undefined', { useClass: undefined }],
      ['useExisting: undefined', { useExisting: undefined }],
      ['isGlobal alone', { isGlobal: true }],
    ])('by %s says what is missing', async (_what, options) => {
      const problem = expect.stringMatching(
        /^forRootAsync\(\) has no source of options: add useFactory, useClass or useExisting/,
      );

      for (const problems of await problemsOfEach(() => DidomiModule.forRootAsync(options))) {
        expect(problems).toEqual([problem]);
      }
    });

    it.each([undefined, null, {}])('by forRoot(%p) says what is missing', async (options) => {
      const problems = [
        expect.stringMatching(/^apiKey is missing: /),
        expect.stringMatching(/^apiSecret is missing: /),
      ];

      for (const found of await problemsOfEach(() => DidomiModule.forRoot(options as never))) {
        expect(found).toEqual(problems);
      }
    });

    it.each([undefined, null])('by forRootAsync(%p) says what is missing', async (options) => {
      expect(await problemsOf(compile(DidomiModule.forRootAsync(options as never)))).toEqual([
        expect.stringMatching(/^forRootAsync\(\) has no source of options/),
      ]);
    });

    it('is not reported for an undefined dependency, which circular imports cause', async () => {
      const registration = DidomiModule.forRootAsync({ inject: [undefined as never], useFactory: () => OPTIONS });

      const error = await failureOf(compile(registration));
      expect(error.message).not.toMatch(/has no source of options/);
    });
  });

  describe('a service among the providers of a module', () => {
    it.each([
      ['DidomiHttpService', DidomiHttpService],
      ['DidomiAuthService', DidomiAuthService],
    ])('says to import DidomiModule: %s', async (name, service) => {
      const problem = `${name} is among the providers of a module: remove it there, and import DidomiModule.forRoot({ … }) or DidomiModule.forRootAsync({ … }) instead. Where a registration is global, import nothing`;
      const global = DidomiModule.forRoot({ ...OPTIONS, isGlobal: true });

      expect(await problemsOf(compile(featureModule([], [service])))).toEqual([problem]);
      expect(await problemsOf(compile(global, featureModule([], [service])))).toEqual([problem]);
      expect(await problemsOf(compile(featureModule([], [{ provide: 'other', useClass: service }])))).toEqual([
        problem,
      ]);
    });

    it('may be a subclass that is made by a factory', async () => {
      class Audited extends DidomiHttpService {}
      const provider = { provide: Audited, inject: [DidomiHttpService], useFactory: (http: DidomiHttpService) => http };
      const app = await compile(featureModule([DidomiModule.forRoot(OPTIONS)], [provider]));

      expect(app.get(Audited, { strict: false })).toBeInstanceOf(DidomiHttpService);
    });
  });

  describe('names', () => {
    it.each([
      ['', 'name is empty'],
      [' ', 'name is empty'],
      ['\t', 'name is empty'],
      [' brand-b', 'name begins or ends with white space'],
      [null, 'name is missing'],
      [5, 'name has to be a string'],
      [{}, 'name has to be a string'],
    ])('refuses the name %p', async (name, text) => {
      const problem = expect.stringContaining(text);

      for (const registration of [
        DidomiModule.forRoot({ ...OPTIONS, name: name as never }),
        DidomiModule.forRootAsync({ ...ASYNC, name: name as never }),
      ]) {
        for (const problems of await problemsOfEach(() => registration)) expect(problems).toEqual([problem]);
      }
    });

    it('next to useFactory have to be known', async () => {
      const registration = DidomiModule.forRootAsync({ ...ASYNC, isGlobel: true, timeoutMs: 5 } as never);

      for (const problems of await problemsOfEach(() => registration)) {
        expect(problems).toEqual([
          'isGlobel is not an option: did you mean isGlobal?',
          'timeoutMs is not an option: remove it (known here: isGlobal, name)',
        ]);
      }
    });

    it('may be undefined for the default client', async () => {
      const app = await compile(featureModule([DidomiModule.forRoot({ ...OPTIONS, name: undefined as never })]));

      expect(app.get(Consumer, { strict: false }).http).toBeInstanceOf(DidomiHttpService);
    });

    it('are checked at the start, not when modules are imported', () => {
      expect(() => DidomiModule.forRoot({ ...BAD_OPTIONS, name: '' })).not.toThrow();
      expect(() => DidomiModule.forRootAsync({})).not.toThrow();
    });

    const sync = (name?: string): DynamicModule =>
      DidomiModule.forRoot({ ...OPTIONS, ...(name === undefined ? {} : { name }) });
    const async = (name?: string): DynamicModule =>
      DidomiModule.forRootAsync({ ...ASYNC, ...(name === undefined ? {} : { name }) });

    it.each([
      ['forRoot twice', sync, sync],
      ['forRootAsync twice', async, async],
      ['forRoot and forRootAsync', sync, async],
    ])('refuses the same client a second time: %s', async (_how, first, second) => {
      const twiceDefault = [
        'the default client is registered twice: register it once with isGlobal: true, or give one of the two a name',
      ];
      const twiceNamed = ["name 'brand-b' is registered twice: give each client a name of its own"];

      expect(await problemsOf(compile(first(), second()))).toEqual(twiceDefault);
      expect(await problemsOf(compile(featureModule([first()]), featureModule([second()])))).toEqual(twiceDefault);
      expect(await problemsOf(compile(first('brand-b'), second('brand-b')))).toEqual(twiceNamed);
      expect(
        await problemsOf(
          compile(featureModule([first('brand-b')], []), sync(), featureModule([second('brand-b')], [])),
        ),
      ).toEqual(twiceNamed);
    });

    it('refuses the default client a second time even if one of the two is global', async () => {
      const global = DidomiModule.forRoot({ ...OPTIONS, isGlobal: true });

      expect(await problemsOf(compile(global, featureModule([sync()])))).toEqual([
        expect.stringMatching(/^the default client is registered twice/),
      ]);
    });

    it('refuses the same client in a module that is loaded lazily', async () => {
      const app = await compile(sync());
      const loader = app.get(LazyModuleLoader);

      expect(await problemsOf(loader.load(() => featureModule([sync()])))).toEqual([
        expect.stringMatching(/^the default client is registered twice/),
      ]);
    });

    it('accepts one registration that several modules import', async () => {
      const registration = sync();
      const One = featureModule([registration]);
      const Two = featureModule([registration]);
      const app = await compile(One, Two, registration);

      const [one, two] = [One, Two].map((module) => app.select(module).get(Consumer, { strict: true }));
      expect(one?.http).toBeInstanceOf(DidomiHttpService);
      expect(one?.http).toBe(two?.http);
    });

    it('accepts names that differ in case or are inherited properties', async () => {
      const names = ['brand', 'Brand', 'constructor', '__proto__', 'undefined'];

      await expect(compile(sync(), ...names.map((name) => sync(name)))).resolves.toBeDefined();
    });
  });

  describe('two applications in one process', () => {
    it('have separate clients, even under the same name', async () => {
      const stubs = [new DidomiStub(), new DidomiStub()] as const;
      stubs[0].onTokenRequest = () => ({ status: 200, data: { access_token: 'token-of-one' } });
      stubs[1].onTokenRequest = () => ({ status: 200, data: { access_token: 'token-of-two' } });
      const one = await start(stubs[0], DidomiModule.forRoot({ ...OPTIONS, apiKey: 'key-of-one' }));
      const two = await start(stubs[1], DidomiModule.forRoot({ ...OPTIONS, apiKey: 'key-of-two' }));

      await Promise.all([one, two].map((app) => app.get(DidomiHttpService).axiosRef.get('/properties')));

      expect(stubs.map(({ bearers }) => bearers)).toEqual([['token-of-one'], ['token-of-two']]);
      expect(stubs.map(({ tokenRequests: [request] }) => JSON.parse(String(request?.data)).key)).toEqual([
        'key-of-one',
        'key-of-two',
      ]);
      await Promise.all([one.close(), two.close()]);
    });

    it('keep working when the other one is closed', async () => {
      const stubs = [new DidomiStub(), new DidomiStub()] as const;
      const registration = DidomiModule.forRoot(OPTIONS);
      // Even the registration is the same object: one module file, booted twice.
      const one = await start(stubs[0], registration);
      const two = await start(stubs[1], registration);
      await one.get(DidomiHttpService).axiosRef.get('/properties');
      await one.close();

      await two.get(DidomiHttpService).axiosRef.get('/properties');

      expect(stubs[1].bearers).toEqual(['token-1']);
      await expect(one.get(DidomiHttpService).axiosRef.get('/properties')).rejects.toMatchObject({ reason: 'closed' });
      await two.close();
    });
  });

  describe('the installed Axios', () => {
    async function withAxios<T>(version: unknown, use: () => Promise<T>): Promise<T> {
      const { VERSION } = axios;
      Object.assign(axios, { VERSION: version });
      try {
        return await use();
      } finally {
        Object.assign(axios, { VERSION });
      }
    }

    it.each(['1.8.2', '1.20.99', '0.30.0', '1.20.0-beta.1'])('is refused below the peer range: %s', async (version) => {
      const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
      const lowest = manifest.peerDependencies.axios.replace('^', '');
      const problem = `the installed axios is ${version.replace(/-.*/, '')}: install ${lowest} or newer`;

      for (const registration of [DidomiModule.forRoot(BAD_OPTIONS), DidomiModule.forRootAsync(ASYNC)]) {
        expect(await withAxios(version, () => problemsOf(compile(registration)))).toEqual([problem]);
      }
    });

    it.each(['1.21.0', '1.21.1-beta', '1.100.0', '2.0.0', '', 'next', '1', 'v1.8.2', null, undefined, 1.8, {}])(
      'is accepted from the peer range on, and where its version cannot be read: %p',
      async (version) => {
        const app = await withAxios(version, () => compile(DidomiModule.forRoot(OPTIONS)));

        expect(app.get(DidomiHttpService)).toBeInstanceOf(DidomiHttpService);
      },
    );
  });

  it('ignores isGlobal and name of a polluted Object.prototype', () => {
    const pollution = { isGlobal: true, name: 'other' };
    Object.assign(Object.prototype, pollution);
    const registrations = [DidomiModule.forRoot(OPTIONS), DidomiModule.forRootAsync(ASYNC)];
    for (const name of Object.keys(pollution)) Reflect.deleteProperty(Object.prototype, name);

    for (const { global, exports } of registrations) {
      expect(global).toBe(false);
      expect(exports).toEqual([DidomiApi, DidomiHttpService, DidomiAuthService, getDidomiHttpAdapterToken()]);
    }
  });

  describe('the time zone of the process', () => {
    // Compose files emit TZ="" for a variable that is not set. The last one is a time zone, for comparison.
    it.each(['', 'GMT+5', 'GMT-3', 'Etc/Unknown', 'No/Such', 'America/New_York'])(
      'does not matter: TZ=%j',
      async (TZ) => {
        const main = `
          import 'reflect-metadata';
          import { Module } from '@nestjs/common';
          import { NestFactory } from '@nestjs/core';
          import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
          import { DidomiModule } from '${new URL('../../dist/esm/index.js', import.meta.url).href}';
          for (const cron of [undefined, '0 30 2 * * *', 'wrong']) {
            class AppModule {}
            const options = { apiKey: 'key', apiSecret: 'secret', warmup: 'lazy', refresh: { cron } };
            Module({ imports: [ScheduleModule.forRoot(), DidomiModule.forRoot(options)] })(AppModule);
            try {
              const app = await NestFactory.createApplicationContext(AppModule, { abortOnError: false, logger: false });
              const next = app.get(SchedulerRegistry).getCronJob('didomi-access-token').nextDate().toJSDate();
              console.log(cron === undefined ? next - Date.now() <= 60_000 : next.toISOString().slice(11));
              await app.close();
            } catch (error) {
              console.log(error.message);
            }
          }`;

        const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', main], {
          cwd: new URL('.', import.meta.url),
          env: { ...process.env, TZ },
        });

        expect(stdout.trim().split('\n')).toEqual([
          'true',
          '02:30:00.000Z',
          expect.stringMatching(/^DidomiModule cannot start: refresh\.cron has to be a cron expression/),
        ]);
      },
    );
  });

  it('is injected by its class wherever Nest injects', async () => {
    @Injectable()
    class ByProperty {
      @Inject(DidomiHttpService) readonly http!: DidomiHttpService;
      @Inject() readonly auth!: DidomiAuthService;
    }

    const app = await compile(featureModule([DidomiModule.forRoot(OPTIONS)], [ByProperty]));

    const { http, auth } = app.get(ByProperty, { strict: false });
    expect(http).toBeInstanceOf(DidomiHttpService);
    expect(auth).toBeInstanceOf(DidomiAuthService);
  });
});
