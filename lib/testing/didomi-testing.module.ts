import { Module, type DynamicModule } from '@nestjs/common';
import type { DidomiModuleExtras } from '../didomi.module-definition.js';
import { DidomiModule } from '../didomi.module.js';
import { DIDOMI_RUNTIME } from '../didomi.runtime.js';
import type { DidomiClientOptions } from '../options/didomi-options.interface.js';
import { DidomiTestingController, type DidomiTestingOptions } from './didomi-testing.controller.js';
import { getDidomiTestingControllerToken } from './didomi-testing.tokens.js';

const TESTING_RUNTIME = Symbol('nestjs-didomi:testing-runtime');

/**
 * Stands in for `DidomiModule` in tests: the same services under the same injection tokens, without credentials and without a
 * network, and a {@link DidomiTestingController} to answer their requests.
 *
 * @publicApi
 */
@Module({})
export class DidomiTestingModule extends DidomiModule {
  /**
   * @param options `name` and `isGlobal` as for `DidomiModule`; its other options too, if the test is about them, the
   * `organizationId` for instance; and how long the kit waits.
   */
  static override forRoot(
    options: DidomiModuleExtras & Partial<DidomiClientOptions> & DidomiTestingOptions = {},
  ): DynamicModule {
    const { arrivalTimeoutMs, answerTimeoutMs, ...clientOptions } = options;
    const credentials = { apiKey: 'testing-api-key', apiSecret: 'testing-api-secret' };
    const definition = DidomiModule.forRoot({ warmup: 'lazy', ...clientOptions, ...credentials });
    return cutOff(definition, options.name, { arrivalTimeoutMs, answerTimeoutMs });
  }

  /** Like `DidomiModule.forRootAsync()`, with the options of the application, and without a network. */
  static override forRootAsync(options: Parameters<typeof DidomiModule.forRootAsync>[0]): DynamicModule {
    return cutOff(DidomiModule.forRootAsync(options), options.name, {});
  }
}

function cutOff(definition: DynamicModule, name: string | undefined, options: DidomiTestingOptions): DynamicModule {
  const token = getDidomiTestingControllerToken(name);
  return {
    ...definition,
    module: DidomiTestingModule,
    providers: [
      ...(definition.providers ?? []),
      { provide: TESTING_RUNTIME, useFactory: () => new DidomiTestingController(options) },
      { provide: DIDOMI_RUNTIME, useExisting: TESTING_RUNTIME },
      {
        provide: token,
        inject: [TESTING_RUNTIME],
        useFactory: (runtime: DidomiTestingController) => runtime.client(name),
      },
    ],
    exports: [...(definition.exports ?? []), token],
  };
}
