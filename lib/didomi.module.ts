import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import {
  ConfigurableModuleClass,
  DIDOMI_CLIENT,
  type ASYNC_OPTIONS_TYPE,
  type DidomiClientIdentity,
  type DidomiModuleExtras,
} from './didomi.module-definition.js';
import { getDidomiHttpServiceToken } from './didomi.tokens.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
import type { DidomiModuleOptions } from './options/didomi-options.interface.js';
import { registrationsOf } from './registrations.js';

/**
 * Registers a client of Didomi's API: `forRoot()` with fixed options, `forRootAsync()` with options from other providers, such as a
 * `ConfigService`. Register each client once, share it with `isGlobal`, and give further clients a `name`.
 *
 * The application fails to start with a `DidomiConfigurationError` if the registration or its options are wrong.
 *
 * @publicApi
 */
@Module({
  providers: [
    {
      // In use only where the class itself is imported. Nest's own message would not say what to write.
      provide: DIDOMI_CLIENT,
      useFactory: () => {
        throw new DidomiConfigurationError([
          'DidomiModule is imported without options: write DidomiModule.forRoot({ … }) or DidomiModule.forRootAsync({ … }). ' +
            'Where another registration is global, import nothing',
        ]);
      },
    },
  ],
})
export class DidomiModule extends ConfigurableModuleClass implements OnModuleInit {
  /**
   * Registers a client with options that are known now, such as those of a test.
   *
   * @param options the options of the client, and `isGlobal` and `name`. What is wrong with them is reported when the application
   * starts.
   */
  static override forRoot(options: DidomiModuleOptions & DidomiModuleExtras): DynamicModule {
    // Nest's builder fails on a missing argument with a TypeError that names nothing.
    return super.forRoot(options ?? {});
  }

  /**
   * Registers a client with options that other providers make, a `ConfigService` for instance.
   *
   * @param options `useFactory` with `inject`, `useClass` or `useExisting`; `imports`; and `isGlobal` and `name`.
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options ?? {});
  }

  readonly #name: string | undefined;
  readonly #modules: ModulesContainer;

  /** @internal */
  constructor(
    @Inject(DIDOMI_CLIENT) { name }: DidomiClientIdentity,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    super();
    this.#name = name;
    this.#modules = modules;
    if (this.#services().length > 1) throw new DidomiConfigurationError([this.#duplicate]);
  }

  /**
   * Checks the options.
   *
   * @throws DidomiConfigurationError if the options depend on a request-scoped provider.
   */
  onModuleInit(): void {
    if (this.#services().every((service) => service.isDependencyTreeStatic())) return;
    throw new DidomiConfigurationError([
      'the options depend on a request-scoped provider, so each request would have an access token of its own: inject singletons only',
    ]);
  }

  /** The services registered under the name of this client, in all modules. */
  #services() {
    const token = getDidomiHttpServiceToken(this.#name);
    return this.#registrations.map(({ providers }) => providers.get(token)!);
  }

  /** The modules that register a client of this name. */
  get #registrations() {
    return registrationsOf(this.#modules, DidomiModule, getDidomiHttpServiceToken(this.#name));
  }

  get #duplicate(): string {
    const real = this.#registrations.filter(({ metatype }) => metatype === DidomiModule);
    if (real.length > 0 && real.length < this.#registrations.length) {
      const client = this.#name === undefined ? 'the default client' : `client '${this.#name}'`;
      return `${client} is registered by DidomiModule and by DidomiTestingModule: remove one of them, or override DIDOMI_RUNTIME`;
    }
    return this.#name === undefined
      ? 'the default client is registered twice: register it once with isGlobal: true, or give one of the two a name'
      : `name '${this.#name}' is registered twice: give each client a name of its own`;
  }
}
