import { Module, type DynamicModule } from '@nestjs/common';
import type { DidomiClientsModuleExtras } from '../clients/didomi-clients.module-definition.js';
import { DidomiClientsModule } from '../clients/didomi-clients.module.js';
import { DidomiClients } from '../clients/didomi-clients.js';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientsOptions } from '../options/didomi-clients-options.interface.js';
import type { DidomiTestingOptions } from './didomi-testing-options.interface.js';
import { cutOff } from './kit/cut-off.js';

/**
 * Stands in for `DidomiClientsModule` in tests: the same `DidomiClients`, without a network, and a `DidomiTestingController`, whose
 * `client({ apiKey })` answers the requests of one client.
 *
 * @publicApi
 */
@Module({
  providers: [
    {
      // Used only where the class itself is imported.
      provide: DidomiClients,
      useFactory: () => {
        const problem = 'write DidomiClientsTestingModule.forRoot() in place of DidomiClientsTestingModule';
        throw new DidomiConfigurationError([problem], 'DidomiClientsTestingModule');
      },
    },
  ],
})
export class DidomiClientsTestingModule extends DidomiClientsModule {
  /**
   * Registers `DidomiClients` without a network.
   *
   * @param options `isGlobal` and the other options of `DidomiClientsModule`; and those of the kit.
   */
  static override forRoot(
    options: DidomiClientsModuleExtras & DidomiClientsOptions & DidomiTestingOptions = {},
  ): DynamicModule {
    const { arrivalTimeoutMs, answerTimeoutMs, ...clientsOptions } = options;
    const definition = DidomiClientsModule.forRoot(clientsOptions);
    return cutOff(definition, DidomiClientsTestingModule, { arrivalTimeoutMs, answerTimeoutMs });
  }

  /** Like `DidomiClientsModule.forRootAsync()`, with the options of the application, and without a network. */
  static override forRootAsync(options: Parameters<typeof DidomiClientsModule.forRootAsync>[0]): DynamicModule {
    return cutOff(DidomiClientsModule.forRootAsync(options), DidomiClientsTestingModule, {});
  }
}
