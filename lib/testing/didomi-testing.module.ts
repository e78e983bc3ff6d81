import { Module, type DynamicModule } from '@nestjs/common';
import { DIDOMI_CLIENT, type DidomiModuleExtras } from '../didomi.module-definition.js';
import { DidomiModule } from '../didomi.module.js';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientOptions } from '../options/didomi-options.interface.js';
import type { DidomiTestingOptions } from './didomi-testing-options.interface.js';
import { cutOff } from './kit/cut-off.js';

/**
 * Stands in for `DidomiModule` in tests: the same services under the same injection tokens, without credentials and without a
 * network, and a {@link DidomiTestingController} to answer their requests.
 *
 * @publicApi
 */
@Module({
  providers: [
    {
      // Used only where the class itself is imported.
      provide: DIDOMI_CLIENT,
      useFactory: () => {
        throw new DidomiConfigurationError(['write DidomiTestingModule.forRoot() in place of DidomiTestingModule']);
      },
    },
  ],
})
export class DidomiTestingModule extends DidomiModule {
  /**
   * Registers a client without a network and without credentials.
   *
   * @param options `name`, `isGlobal` and the other options of `DidomiModule`, all optional; and those of the kit. The default of
   * `warmup` is `'lazy'` here.
   */
  static override forRoot(
    options: DidomiModuleExtras & Partial<DidomiClientOptions> & DidomiTestingOptions = {},
  ): DynamicModule {
    const { arrivalTimeoutMs, answerTimeoutMs, ...clientOptions } = options;
    const credentials = { apiKey: 'testing-api-key', apiSecret: 'testing-api-secret' };
    const definition = DidomiModule.forRoot({ warmup: 'lazy', ...clientOptions, ...credentials });
    return cutOff(definition, DidomiTestingModule, { arrivalTimeoutMs, answerTimeoutMs }, options.name);
  }

  /** Like `DidomiModule.forRootAsync()`, with the options of the application, and without a network. */
  static override forRootAsync(options: Parameters<typeof DidomiModule.forRootAsync>[0]): DynamicModule {
    return cutOff(DidomiModule.forRootAsync(options), DidomiTestingModule, {}, options.name);
  }
}
