import type { InjectionToken } from '@nestjs/common';
import { DidomiTestingController } from './didomi-testing.controller.js';

/**
 * The injection token of the `DidomiTestingController` of a `DidomiTestingModule`: the class itself for the default client.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function getDidomiTestingControllerToken(name?: string): InjectionToken<DidomiTestingController> {
  return name === undefined ? DidomiTestingController : Symbol.for(`nestjs-didomi:testing-controller:${name}`);
}
