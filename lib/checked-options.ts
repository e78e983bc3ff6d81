import type { InjectionToken, Provider } from '@nestjs/common';
import { checkAxiosVersion } from './options/axios-version.js';
import { isTransport } from './options/didomi-transport.interface.js';
import { OptionProblems } from './options/option-problems.js';
import type { AxiosSettings } from './options/resolved-didomi-options.js';

/** The names that forRootAsync() itself has. Early releases of Nest 11 pass them on with the extras. */
const ASYNC_NAMES = ['imports', 'inject', 'provideInjectionTokensFrom', 'useClass', 'useExisting', 'useFactory'];

interface OptionsProvider {
  provide: unknown;
  useValue?: unknown;
  useFactory?: (...dependencies: unknown[]) => unknown;
  inject?: unknown[];
}

interface Resolved {
  axiosDefaults(): AxiosSettings;
}

/** Checks options that are given: `isCronExpression` takes too long to load where nothing starts. */
type Resolve = (options: unknown, isCronExpression: (value: string) => boolean) => Resolved;

/** The options of a dynamic module, as `ConfigurableModuleBuilder` provides them. */
export class CheckedOptions {
  constructor(
    private readonly token: InjectionToken,
    private readonly extras: readonly string[],
    private readonly resolve: Resolve,
  ) {}

  /** What is wrong with a registration, as far as that can be told without the options. */
  problemsOf(providers: readonly Provider[], extras: object): OptionProblems {
    const problems = new OptionProblems();
    // Without a source, Nest's builder adds a provider whose token is undefined.
    if (providers.some((provider) => typeof provider === 'object' && provider.provide === undefined)) {
      problems.list.push('forRootAsync() has no source of options: add useFactory, useClass or useExisting');
    }
    // Nest takes every unknown name next to useFactory for an extra. Those of forRoot() are checked with the options.
    if (providers.some((provider) => this.#isProvidedBy(provider) && provider.useFactory !== undefined)) {
      const own = Object.entries(extras).filter(([option]) => !ASYNC_NAMES.includes(option));
      problems.unknownNames('', Object.fromEntries(own), this.extras);
    }
    return problems;
  }

  /** Replaces the raw options by validated ones, which cannot be printed with their secrets. */
  resolved(provider: Provider): Provider {
    if (!this.#isProvidedBy(provider)) return provider;
    const { useFactory, useValue, inject } = provider as OptionsProvider;
    return {
      provide: this.token,
      inject: (inject ?? []) as never[],
      useFactory: async (...dependencies: unknown[]) => {
        checkAxiosVersion();
        const options = useFactory === undefined ? useValue : await useFactory(...dependencies);
        // Loads cron and luxon, which is no work for an import.
        const { isCronExpression } = await import('./options/cron-expression.js');
        const all = this.resolve(options, isCronExpression);
        const { adapter } = all.axiosDefaults();
        if (isTransport(adapter)) await adapter.load();
        return all;
      },
    };
  }

  #isProvidedBy(provider: Provider): provider is Provider & OptionsProvider {
    return typeof provider === 'object' && provider.provide === this.token;
  }
}
