import { Inject, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { getDidomiHttpServiceToken } from './didomi.tokens.js';
import { DidomiConfigurationError } from './errors/didomi-configuration.error.js';

/** Provides the `name` of a registration, wrapped because the default client has none. */
export const DIDOMI_CLIENT_NAME = Symbol('nestjs-didomi:client-name');

/**
 * The module of one registered client. Refuses a second registration under the same name: it would be a second access token
 * and a second cron job, and nobody could tell which of the two is injected.
 */
@Module({})
export class DidomiClientModule {
  constructor(
    @Inject(DIDOMI_CLIENT_NAME) { name }: { readonly name: string | undefined },
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    const token = getDidomiHttpServiceToken(name);
    const registrations = [...modules.values()].filter(
      (module) => module.metatype === DidomiClientModule && module.providers.has(token),
    );
    if (registrations.length > 1) {
      throw new DidomiConfigurationError([
        name === undefined
          ? 'the default client is registered twice: register it once with isGlobal: true, or give one of the two a name'
          : `name '${name}' is registered twice: give each client a name of its own`,
      ]);
    }
  }
}
