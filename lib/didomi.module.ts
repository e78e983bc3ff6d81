import { Module, type FactoryProvider } from '@nestjs/common';
import { DidomiAuthService } from './auth/didomi-auth.service.js';
import { ConfigurableModuleClass } from './didomi.module-definition.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';
import { DidomiHttpService } from './http/didomi-http.service.js';

/** In place of the services where the class itself is imported: Nest's own message would not say what to write. */
const withoutOptions = [DidomiHttpService, DidomiAuthService].map((service): FactoryProvider => ({
  provide: service,
  useFactory: () => {
    throw new DidomiConfigurationError([
      'DidomiModule is imported without options: write DidomiModule.forRoot({ … }) or DidomiModule.forRootAsync({ … }). ' +
        'Where another registration is global, import nothing',
    ]);
  },
}));

/**
 * Registers a client of Didomi's API: `forRoot(options)` with the options at hand, `forRootAsync()` with options that come
 * from other providers. Each client is registered once; share it with `isGlobal`, and give further clients a `name`.
 *
 * @publicApi
 */
@Module({ providers: withoutOptions, exports: withoutOptions })
export class DidomiModule extends ConfigurableModuleClass {}
