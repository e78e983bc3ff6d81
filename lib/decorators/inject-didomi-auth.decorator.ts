import { Inject } from '@nestjs/common';
import { getDidomiAuthServiceToken } from '../didomi.tokens.js';

/**
 * Injects the `DidomiAuthService` of a client. The default client's needs no decorator.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function InjectDidomiAuth(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getDidomiAuthServiceToken(name));
}
