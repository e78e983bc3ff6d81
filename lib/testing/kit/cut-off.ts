import type { DynamicModule, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DIDOMI_RUNTIME, type DidomiRuntime } from '../../didomi.runtime.js';
import { DidomiConfigurationError } from '../../errors/didomi-configuration.error.js';
import type { DidomiTestingOptions } from '../didomi-testing-options.interface.js';
import { DidomiTestingController } from '../didomi-testing.controller.js';
import { getDidomiTestingControllerToken } from '../didomi-testing.tokens.js';

const CONTROLLER = Symbol('nestjs-didomi:testing-controller');

/**
 * The same registration without a network, and with a controller.
 *
 * @param name of the client that the provided controller stands for; absent for the default client.
 */
export function cutOff(
  definition: DynamicModule,
  module: Type,
  options: DidomiTestingOptions,
  name?: string,
): DynamicModule {
  const token = getDidomiTestingControllerToken(name);
  return {
    ...definition,
    module,
    providers: [
      ...(definition.providers ?? []),
      {
        provide: DIDOMI_RUNTIME,
        inject: [ModulesContainer],
        useFactory: (modules: ModulesContainer) => controllerOf(modules, options),
      },
      {
        provide: token,
        inject: [DIDOMI_RUNTIME],
        useFactory: (runtime: DidomiRuntime) => {
          if (runtime instanceof DidomiTestingController) return runtime.client(name);
          throw new DidomiConfigurationError([`DIDOMI_RUNTIME is overridden: leave ${module.name} out`]);
        },
      },
    ],
    exports: [...(definition.exports ?? []), token],
  };
}

/** All registrations of an application share one, for one clock and one `verify()`. Nest's container is what they have in common. */
function controllerOf(
  modules: ModulesContainer & { [CONTROLLER]?: DidomiTestingController },
  options: DidomiTestingOptions,
): DidomiTestingController {
  return (modules[CONTROLLER] ??= new DidomiTestingController(options));
}
