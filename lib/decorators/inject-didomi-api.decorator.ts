import { Inject } from '@nestjs/common';
import { getDidomiApiToken } from '../didomi.tokens.js';

/**
 * Injects the `DidomiApi` of a client. The default client's needs no decorator.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function InjectDidomiApi(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getDidomiApiToken(name));
}
