import { ConfigurableModuleBuilder, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AccessTokenCron } from '../auth/access-token.cron.js';
import { DidomiClock } from '../auth/didomi.clock.js';
import { CheckedOptions } from '../checked-options.js';
import { findRegistry, RUNTIME_PROVIDERS } from '../didomi.providers.js';
import { DIDOMI_RUNTIME, type DidomiRuntime } from '../didomi.runtime.js';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientsOptions } from '../options/didomi-clients-options.interface.js';
import { resolveDidomiClientsOptions } from '../options/resolve-didomi-clients-options.js';
import type { ResolvedDidomiClientsOptions } from '../options/resolved-didomi-clients-options.js';
import { DidomiClients } from './didomi-clients.js';

/**
 * Settings of the registration. With `forRootAsync()` they stand next to `useFactory`, since Nest needs them before it runs.
 *
 * @publicApi
 */
export interface DidomiClientsModuleExtras {
  /**
   * Whether every module of the application can inject `DidomiClients` without importing `DidomiClientsModule`.
   *
   * @default false
   */
  isGlobal?: boolean | undefined;
}

export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: DIDOMI_CLIENTS_OPTIONS,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<DidomiClientsOptions>({
  optionsInjectionToken: Symbol('nestjs-didomi:clients-options'),
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createDidomiClientsOptions')
  .setExtras<DidomiClientsModuleExtras>({ isGlobal: false }, (definition, extras) => defineClients(definition, extras))
  .build();

const OPTIONS = new CheckedOptions(DIDOMI_CLIENTS_OPTIONS, ['isGlobal'], resolveDidomiClientsOptions);

function defineClients(definition: DynamicModule, extras: DidomiClientsModuleExtras): DynamicModule {
  const providers = definition.providers ?? [];
  const { list } = OPTIONS.problemsOf(providers, extras);
  if (list.length > 0) {
    // Thrown while the application starts, like every other configuration error, not while modules are imported.
    const fail = (): never => {
      throw new DidomiConfigurationError(list, 'DidomiClientsModule');
    };
    return { module: definition.module, providers: [{ provide: DidomiClients, useFactory: fail }] };
  }
  return {
    ...definition,
    global: extras.isGlobal ?? false,
    providers: [
      ...providers.map((provider) => OPTIONS.resolved(provider)),
      ...RUNTIME_PROVIDERS,
      {
        provide: DidomiClients,
        inject: [DIDOMI_CLIENTS_OPTIONS, DidomiClock, DIDOMI_RUNTIME, ModuleRef],
        useFactory: (
          options: ResolvedDidomiClientsOptions,
          clock: DidomiClock,
          runtime: DidomiRuntime,
          modules: ModuleRef,
        ) => {
          const cron = new AccessTokenCron('clients', () => findRegistry(modules));
          return new DidomiClients(options, { clock, cron, runtime });
        },
      } satisfies FactoryProvider<DidomiClients>,
    ],
    exports: [DidomiClients],
  };
}
