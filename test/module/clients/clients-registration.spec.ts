import { describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Module, Scope, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  DidomiClients,
  DidomiClientsModule,
  DidomiConfigurationError,
  DidomiModule,
  getDidomiHttpAdapterToken,
  type DidomiClientsOptions,
  type DidomiClientsOptionsFactory,
} from '../../../lib/index.js';
import { DIDOMI_CLIENTS_OPTIONS } from '../../../lib/clients/didomi-clients.module-definition.js';
import { CANARY, createClients, customer } from '../../support/create-clients.js';
import { DidomiStub } from '../../support/didomi-stub.js';
import { errorOf } from '../../support/error-of.js';
import { inspectAll } from '../../support/inspect-all.js';

const BASE_URL = 'https://gateway.example/v1';

@Injectable()
class OptionsService implements DidomiClientsOptionsFactory {
  createDidomiClientsOptions(): DidomiClientsOptions {
    return { baseURL: BASE_URL };
  }
}

@Module({ providers: [OptionsService], exports: [OptionsService] })
class OptionsServiceModule {}

@Injectable()
class Agency {
  constructor(readonly clients: DidomiClients) {}
}

@Module({ providers: [Agency] })
class AgencyModule {}

function compile(...imports: NonNullable<ModuleMetadata['imports']>): Promise<TestingModule> {
  return Test.createTestingModule({ imports }).compile();
}

async function baseURLOf(registration: DynamicModule): Promise<string | undefined> {
  const app = await compile(registration);
  return app.get(DidomiClients).for(customer('acme')).http.axiosRef.defaults.baseURL;
}

/** What is wrong, after a check that nothing of it is a value. */
async function problemsOf(...imports: NonNullable<ModuleMetadata['imports']>): Promise<readonly string[]> {
  const error = await errorOf(compile(...imports).then((app) => app.init()));
  if (!(error instanceof DidomiConfigurationError)) throw error;
  expect(error.message).toMatch(/^DidomiClients(?:Testing)?Module cannot start/);
  expect(`${error.stack} ${inspectAll(error)} ${JSON.stringify(error)}`).not.toContain(CANARY);
  return error.problems;
}

const withOptions = (options: object): DynamicModule => DidomiClientsModule.forRoot(options);

describe('DidomiClientsModule', () => {
  it('needs no options', async () => {
    expect(await baseURLOf(DidomiClientsModule.forRoot())).toBe('https://api.didomi.io/v1');
  });

  it('takes options as a value, from a factory, from a class and from another provider', async () => {
    expect(await baseURLOf(DidomiClientsModule.forRoot({ baseURL: BASE_URL }))).toBe(BASE_URL);
    const useFactory = (): Promise<DidomiClientsOptions> => Promise.resolve({ baseURL: BASE_URL });
    expect(await baseURLOf(DidomiClientsModule.forRootAsync({ useFactory }))).toBe(BASE_URL);
    expect(await baseURLOf(DidomiClientsModule.forRootAsync({ useClass: OptionsService }))).toBe(BASE_URL);
    const imports = [OptionsServiceModule];
    expect(await baseURLOf(DidomiClientsModule.forRootAsync({ imports, useExisting: OptionsService }))).toBe(BASE_URL);
  });

  it('reaches modules that do not import it when it is global', async () => {
    const app = await compile(DidomiClientsModule.forRoot({ isGlobal: true }), AgencyModule);
    expect(app.get(Agency, { strict: false }).clients).toBe(app.get(DidomiClients));
    const useFactory = (): DidomiClientsOptions => ({});
    await compile(DidomiClientsModule.forRootAsync({ isGlobal: true, useFactory }), AgencyModule);
    await expect(compile(DidomiClientsModule.forRoot(), AgencyModule)).rejects.toThrow(/can't resolve dependencies/);
  });

  it('goes together with clients of DidomiModule', async () => {
    const stub = new DidomiStub();
    const app = await Test.createTestingModule({
      imports: [DidomiClientsModule.forRoot(), DidomiModule.forRoot({ ...customer('own'), warmup: 'lazy' })],
    })
      .overrideProvider(getDidomiHttpAdapterToken())
      .useValue(stub.adapter)
      .compile();
    expect(app.get(DidomiClients)).toBeInstanceOf(DidomiClients);
  });

  it('keeps no printable options', async () => {
    const { app } = await createClients({
      axios: { proxy: { host: 'proxy', port: 1, auth: { username: 'me', password: CANARY } } },
    });
    expect(inspectAll(app.get(DIDOMI_CLIENTS_OPTIONS, { strict: false }))).not.toContain(CANARY);
  });

  describe('refuses to start', () => {
    it.each([
      ['apiKey', 'pass it to DidomiClients.for()'],
      ['apiSecret', 'pass it to DidomiClients.for()'],
      ['organizationId', 'pass it to DidomiClients.for()'],
      ['credentials', 'pass apiKey and apiSecret to DidomiClients.for(), each time a client is needed'],
      ['warmup', 'remove it, a client requests its access token when a call needs it'],
      ['name', 'remove it, these clients are told apart by their credentials'],
    ])('with %s, which has another place', async (name, advice) => {
      const problem = `${name} is not an option of DidomiClientsModule: ${advice}`;
      expect(await problemsOf(withOptions({ [name]: CANARY }))).toEqual([problem]);
      const useFactory = (): object => ({ [name]: CANARY });
      expect(await problemsOf(DidomiClientsModule.forRootAsync({ useFactory }))).toEqual([problem]);
    });

    it('with wrong options, all in one error', async () => {
      const options = {
        maxClients: 0,
        timeoutMs: CANARY,
        baseURL: CANARY,
        maxClient: 1,
        apiKey: CANARY,
        refresh: { cron: CANARY },
      };
      expect(await problemsOf(withOptions(options))).toEqual([
        'maxClient is not an option: did you mean maxClients?',
        expect.stringMatching(/^apiKey is not an option of DidomiClientsModule/),
        expect.stringMatching(/^baseURL /),
        expect.stringMatching(/^refresh\.cron has to be /),
        expect.stringMatching(/^timeoutMs has to be a whole number/),
        expect.stringMatching(/^maxClients has to be a whole number from 1 /),
      ]);
    });

    it.each([0, 1.5, '10', -1, Number.NaN, Infinity, null])('with maxClients %p', async (maxClients) => {
      expect(await problemsOf(withOptions({ maxClients }))).toEqual([expect.stringMatching(/^maxClients has to be/)]);
    });

    it.each([undefined, null, [], 'text'])('with a factory that returns %p', async (options) => {
      const useFactory = (): DidomiClientsOptions => options as unknown as DidomiClientsOptions;
      expect(await problemsOf(DidomiClientsModule.forRootAsync({ useFactory }))).toEqual([
        expect.stringMatching(/^the options are missing: return an object from useFactory /),
      ]);
    });

    it('without a source of options', async () => {
      expect(await problemsOf(DidomiClientsModule.forRootAsync({}))).toEqual([
        'forRootAsync() has no source of options: add useFactory, useClass or useExisting',
      ]);
    });

    it('with an unknown name next to useFactory', async () => {
      const registration = { useFactory: (): DidomiClientsOptions => ({}), maxClients: 3 };
      expect(await problemsOf(DidomiClientsModule.forRootAsync(registration))).toEqual([
        'maxClients is not an option: remove it (known here: isGlobal)',
      ]);
    });

    it('without a registration', async () => {
      expect(await problemsOf(DidomiClientsModule)).toEqual([
        expect.stringMatching(/write DidomiClientsModule\.forRoot\(\)/),
      ]);
    });

    it('twice', async () => {
      expect(await problemsOf(withOptions({}), withOptions({ isGlobal: true }))).toEqual([
        'it is registered twice: register it once, with isGlobal: true',
      ]);
    });

    it('with options that depend on the request', async () => {
      @Injectable({ scope: Scope.REQUEST })
      class PerRequest {
        constructor(@Inject(REQUEST) readonly request: unknown) {}
      }
      @Module({ providers: [PerRequest], exports: [PerRequest] })
      class PerRequestModule {}
      const useFactory = (): DidomiClientsOptions => ({});
      const registration = DidomiClientsModule.forRootAsync({
        imports: [PerRequestModule],
        inject: [PerRequest],
        useFactory,
      });
      expect(await problemsOf(registration)).toEqual([
        expect.stringMatching(/^the options depend on a request-scoped/),
      ]);
    });

    it('where DidomiClients is among the providers of a module', async () => {
      @Module({ providers: [DidomiClients] })
      class WrongModule {}
      expect(await problemsOf(WrongModule)).toEqual([
        expect.stringMatching(
          /^DidomiClients is among the providers of a module: remove it there, and import DidomiClientsModule\./,
        ),
      ]);
    });
  });
});
