import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientsOptions } from '../options/didomi-clients-options.interface.js';
import { registrationsOf } from '../registrations.js';
import { DidomiClients } from './didomi-clients.js';
import {
  ConfigurableModuleClass,
  type ASYNC_OPTIONS_TYPE,
  type DidomiClientsModuleExtras,
} from './didomi-clients.module-definition.js';

/**
 * Registers `DidomiClients`, for organizations that are known only at run time: `forRoot()` with fixed options, `forRootAsync()` with
 * options from other providers. Register it once, and share it with `isGlobal`.
 *
 * The application fails to start with a `DidomiConfigurationError` if the registration or its options are wrong.
 *
 * @publicApi
 */
@Module({
  providers: [
    {
      // In use only where the class itself is imported. Nest's own message would not say what to write.
      provide: DidomiClients,
      useFactory: () => {
        throw configurationError(
          'it is imported without options: write DidomiClientsModule.forRoot() or DidomiClientsModule.forRootAsync({ … }). ' +
            'Where another registration is global, import nothing',
        );
      },
    },
  ],
})
export class DidomiClientsModule extends ConfigurableModuleClass implements OnModuleInit {
  /**
   * Registers `DidomiClients` with options that are known now.
   *
   * @param options what all clients share, and `isGlobal`. What is wrong with them is reported when the application starts.
   */
  static override forRoot(options: DidomiClientsOptions & DidomiClientsModuleExtras = {}): DynamicModule {
    return super.forRoot(options ?? {});
  }

  /**
   * Registers `DidomiClients` with options that other providers make, a `ConfigService` for instance.
   *
   * @param options `useFactory` with `inject`, `useClass` or `useExisting`; `imports`; and `isGlobal`.
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    // Nest's builder fails on a missing argument with a TypeError that names nothing.
    return super.forRootAsync(options ?? {});
  }

  readonly #modules: ModulesContainer;

  /** @internal */
  constructor(@Inject(ModulesContainer) modules: ModulesContainer) {
    super();
    this.#modules = modules;
    if (this.#registrations.length > 1) {
      throw configurationError('it is registered twice: register it once, with isGlobal: true');
    }
  }

  /**
   * Checks the options.
   *
   * @throws DidomiConfigurationError if the options depend on a request-scoped provider.
   */
  onModuleInit(): void {
    const services = this.#registrations.map(({ providers }) => providers.get(DidomiClients)!);
    if (services.every((service) => service.isDependencyTreeStatic())) return;
    throw configurationError(
      'the options depend on a request-scoped provider, so each request would have clients of its own: inject singletons only',
    );
  }

  get #registrations() {
    return registrationsOf(this.#modules, DidomiClientsModule, DidomiClients);
  }
}

function configurationError(problem: string): DidomiConfigurationError {
  return new DidomiConfigurationError([problem], 'DidomiClientsModule');
}
