import type { ConfigService } from '@nestjs/config';
import type { DidomiClientOptions, DidomiModuleOptions } from 'nestjs-didomi';
import type { SharedAccessTokens } from '../redis/shared-access-tokens.js';
import type { Environment } from './environment.interface.js';

type Config = ConfigService<Environment, true>;

/**
 * The options of the default client, that of brand A. Nothing is checked here, `true` for "validated" notwithstanding: the
 * library checks all of them and names every mistake at once.
 */
export function brandAOptions(config: Config, sharedAccessTokens: SharedAccessTokens): DidomiModuleOptions {
  return {
    ...commonOptions(config),
    ...sharedAccessTokens.options,
    apiKey: config.get('DIDOMI_API_KEY', { infer: true }),
    apiSecret: config.get('DIDOMI_API_SECRET', { infer: true }),
    organizationId: config.get('DIDOMI_ORGANIZATION_ID', { infer: true }),
    baseURL: config.get('DIDOMI_BASE_URL', { infer: true }),
  };
}

/** The options of the client `brand-b`: those of brand A, unless it has an API key of its own. */
export function brandBOptions(config: Config, sharedAccessTokens: SharedAccessTokens): DidomiModuleOptions {
  if (config.get('DIDOMI_BRAND_B_API_KEY', { infer: true }) === undefined) {
    return brandAOptions(config, sharedAccessTokens);
  }
  return {
    ...commonOptions(config),
    ...sharedAccessTokens.options,
    apiKey: config.get('DIDOMI_BRAND_B_API_KEY', { infer: true })!,
    apiSecret: config.get('DIDOMI_BRAND_B_API_SECRET', { infer: true })!,
    organizationId: config.get('DIDOMI_BRAND_B_ORGANIZATION_ID', { infer: true }),
    baseURL: config.get('DIDOMI_BRAND_B_BASE_URL', { infer: true }) ?? config.get('DIDOMI_BASE_URL', { infer: true }),
  };
}

function commonOptions(config: Config): DidomiClientOptions {
  return {
    // For the fake of Docker Compose. Refused for Didomi's own hosts.
    allowInsecureHttp: config.get('DIDOMI_ALLOW_INSECURE_HTTP', { infer: true }) === 'true',
    refresh: { cron: config.get('DIDOMI_REFRESH_CRON', { infer: true }) },
  };
}
