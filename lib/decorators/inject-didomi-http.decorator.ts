import { Inject } from '@nestjs/common';
import { getDidomiHttpServiceToken } from '../didomi.tokens.js';

/**
 * Injects the `DidomiHttpService` of a client. The default client's needs no decorator.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function InjectDidomiHttp(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getDidomiHttpServiceToken(name));
}
