import { randomUUID } from 'node:crypto';
import { ConfigurableModuleBuilder, type DynamicModule, type Provider } from '@nestjs/common';
import { clientProviders } from './didomi.providers.js';
import {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
import { checkAxiosVersion } from './options/axios-version.js';
import type { DidomiModuleOptions } from './options/didomi-options.interface.js';
import { isTransport } from './options/didomi-transport.interface.js';
import { OptionProblems } from './options/option-problems.js';
import { resolveDidomiOptions } from './options/resolve-didomi-options.js';

/**
 * Settings of the registration. With `forRootAsync()` they stand next to `useFactory`, since Nest needs them before it runs.
 *
 * @publicApi
 */
export interface DidomiModuleExtras {
  /**
   * Whether every module of the application can inject the client without importing `DidomiModule`.
   *
   * @default false
   */
  isGlobal?: boolean | undefined;

  /** Name of the client, for an application that has several. Absent for the default client. */
  name?: string | undefined;
}

/** Identifies a registration; `name` is absent for the default client. */
export interface DidomiClientIdentity {
  readonly name: string | undefined;
  /** Unique, since Nest takes two dynamic modules with equal contents for the same module. */
  readonly id: string;
}

/** Provides the {@link DidomiClientIdentity}. */
export const DIDOMI_CLIENT = Symbol('nestjs-didomi:client');

export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: DIDOMI_OPTIONS,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<DidomiModuleOptions>({ optionsInjectionToken: Symbol('nestjs-didomi:options') })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createDidomiOptions')
  // Both names have to be listed: Nest removes only listed names from the options.
  .setExtras<DidomiModuleExtras>({ isGlobal: false, name: undefined }, (definition, extras) =>
    defineClient(definition, extras),
  )
  .build();

/** The names that forRootAsync() itself has. Early releases of Nest 11 pass them on with the extras. */
const ASYNC_NAMES = ['imports', 'inject', 'provideInjectionTokensFrom', 'useClass', 'useExisting', 'useFactory'];

function defineClient(definition: DynamicModule, extras: DidomiModuleExtras): DynamicModule {
  const { isGlobal = false, name } = extras;
  const providers = definition.providers ?? [];
  const problems = registrationProblems(providers, extras);
  if (problems.length > 0) {
    // Thrown while the application starts, like every other configuration error, not while modules are imported.
    const fail = (): never => {
      throw new DidomiConfigurationError(problems);
    };
    return { module: definition.module, providers: [{ provide: DIDOMI_CLIENT, useFactory: fail }] };
  }
  return {
    ...definition,
    global: isGlobal,
    providers: [
      ...providers.map(resolved),
      { provide: DIDOMI_CLIENT, useValue: { name, id: randomUUID() } satisfies DidomiClientIdentity },
      ...clientProviders(DIDOMI_OPTIONS, name),
    ],
    exports: [
      getDidomiApiToken(name),
      getDidomiHttpServiceToken(name),
      getDidomiAuthServiceToken(name),
      getDidomiHttpAdapterToken(name),
    ],
  };
}

function registrationProblems(providers: readonly Provider[], extras: DidomiModuleExtras): readonly string[] {
  const problems = new OptionProblems();
  const { name } = extras;
  if (name !== undefined)
    problems.text('name', name, "write a name such as 'brand-b', or leave it out for the default client");
  // Without a source, Nest's builder adds a provider whose token is undefined.
  if (providers.some((provider) => typeof provider === 'object' && provider.provide === undefined)) {
    problems.list.push('forRootAsync() has no source of options: add useFactory, useClass or useExisting');
  }
  // Nest takes every unknown name next to useFactory for an extra. Those of forRoot() are checked with the options.
  if (providers.some((provider) => isOptionsProvider(provider) && provider.useFactory !== undefined)) {
    const own = Object.entries(extras).filter(([option]) => !ASYNC_NAMES.includes(option));
    problems.unknownNames('', Object.fromEntries(own), ['isGlobal', 'name']);
  }
  return problems.list;
}

interface OptionsProvider {
  provide: unknown;
  useValue?: unknown;
  useFactory?: (...dependencies: unknown[]) => unknown;
  inject?: unknown[];
}

function isOptionsProvider(provider: Provider): provider is Provider & OptionsProvider {
  return typeof provider === 'object' && provider.provide === DIDOMI_OPTIONS;
}

/** Replaces the raw options by validated ones, which cannot be printed with their secrets. */
function resolved(provider: Provider): Provider {
  if (!isOptionsProvider(provider)) return provider;
  const { useFactory, useValue, inject } = provider as OptionsProvider;
  return {
    provide: DIDOMI_OPTIONS,
    inject: (inject ?? []) as never[],
    useFactory: async (...dependencies: unknown[]) => {
      checkAxiosVersion();
      const options = useFactory === undefined ? useValue : await useFactory(...dependencies);
      // Loads cron and luxon, which is no work for an import.
      const { isCronExpression } = await import('./options/cron-expression.js');
      const all = resolveDidomiOptions(options, isCronExpression);
      const { adapter } = all.axiosDefaults();
      if (isTransport(adapter)) await adapter.load();
      return all;
    },
  };
}
