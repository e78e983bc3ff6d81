import { randomUUID } from 'node:crypto';
import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { CheckedOptions } from './checked-options.js';
import { clientProviders } from './didomi.providers.js';
import {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
import type { DidomiModuleOptions } from './options/didomi-options.interface.js';
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

const OPTIONS = new CheckedOptions(DIDOMI_OPTIONS, ['isGlobal', 'name'], resolveDidomiOptions);

function defineClient(definition: DynamicModule, extras: DidomiModuleExtras): DynamicModule {
  const { isGlobal = false, name } = extras;
  const providers = definition.providers ?? [];
  const problems = OPTIONS.problemsOf(providers, extras);
  if (name !== undefined)
    problems.text('name', name, "write a name such as 'brand-b', or leave it out for the default client");
  if (problems.list.length > 0) {
    // Thrown while the application starts, like every other configuration error, not while modules are imported.
    const fail = (): never => {
      throw new DidomiConfigurationError(problems.list);
    };
    return { module: definition.module, providers: [{ provide: DIDOMI_CLIENT, useFactory: fail }] };
  }
  return {
    ...definition,
    global: isGlobal,
    providers: [
      ...providers.map((provider) => OPTIONS.resolved(provider)),
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
