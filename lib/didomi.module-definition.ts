import { ConfigurableModuleBuilder, type DynamicModule, type Provider } from '@nestjs/common';
import { clientProviders } from './didomi.providers.js';
import { getDidomiAuthServiceToken, getDidomiHttpAdapterToken, getDidomiHttpServiceToken } from './didomi.tokens.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
import type { DidomiModuleOptions } from './options/didomi-options.interface.js';
import { resolveDidomiOptions } from './options/resolve-didomi-options.js';

/**
 * What stands beside the options, or beside `useFactory` and not in what it returns: Nest needs both before it runs.
 *
 * @publicApi
 */
export interface DidomiModuleExtras {
  /**
   * Whether every module of the application can inject the client without importing `DidomiModule`.
   *
   * @default false
   */
  isGlobal?: boolean;

  /** Name of the client, for an application that has several. Absent for the default client. */
  name?: string;
}

/** Which registration a module stands for; `name` is absent for the default client. */
export interface DidomiClientIdentity {
  readonly name: string | undefined;
}

/** Provides the {@link DidomiClientIdentity}. */
export const DIDOMI_CLIENT = Symbol('nestjs-didomi:client');

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DIDOMI_OPTIONS } =
  new ConfigurableModuleBuilder<DidomiModuleOptions>({ optionsInjectionToken: Symbol('nestjs-didomi:options') })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createDidomiOptions')
    // Both names have to be here: Nest takes only these out of the options.
    .setExtras<DidomiModuleExtras>({ isGlobal: false, name: undefined }, (definition, { isGlobal, name }) =>
      defineClient(definition, isGlobal ?? false, name),
    )
    .build();

function defineClient(definition: DynamicModule, isGlobal: boolean, name: string | undefined): DynamicModule {
  const providers = definition.providers ?? [];
  const problem = registrationProblem(providers, name);
  if (problem !== undefined) {
    // Thrown while the application starts, like every other configuration error, not while its files are loaded.
    const fail = (): never => {
      throw new DidomiConfigurationError([problem]);
    };
    return { module: definition.module, providers: [{ provide: DIDOMI_CLIENT, useFactory: fail }] };
  }
  return {
    ...definition,
    global: isGlobal,
    providers: [
      ...providers.map(resolved),
      { provide: DIDOMI_CLIENT, useValue: { name } satisfies DidomiClientIdentity },
      ...clientProviders(DIDOMI_OPTIONS, name),
    ],
    exports: [getDidomiHttpServiceToken(name), getDidomiAuthServiceToken(name), getDidomiHttpAdapterToken(name)],
  };
}

function registrationProblem(providers: readonly Provider[], name: unknown): string | undefined {
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) {
    return "name is empty: write a name such as 'brand-b', or leave it out for the default client";
  }
  // Without a source, Nest's builder provides `useClass` under a token that is undefined.
  const lacksSource = providers.some((provider) => typeof provider === 'object' && provider.provide === undefined);
  return lacksSource
    ? 'forRootAsync() needs a source of options: write useFactory, useClass or useExisting beside imports and inject'
    : undefined;
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

/** Puts validated options, which hide their secrets, in place of the raw ones. */
function resolved(provider: Provider): Provider {
  if (!isOptionsProvider(provider)) return provider;
  const { useFactory, useValue, inject } = provider as OptionsProvider;
  return {
    provide: DIDOMI_OPTIONS,
    inject: (inject ?? []) as never[],
    useFactory: async (...dependencies: unknown[]) =>
      resolveDidomiOptions(useFactory === undefined ? useValue : await useFactory(...dependencies)),
  };
}
