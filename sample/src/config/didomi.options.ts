import type { ConfigService } from '@nestjs/config';
import type { DidomiModuleOptions } from 'nestjs-didomi';
import type { Environment } from './environment.interface.js';

/**
 * The options of the Didomi client. Nothing is checked here, `true` for "validated" notwithstanding: the library checks
 * all of them and names every mistake at once.
 */
export function didomiOptions(config: ConfigService<Environment, true>): DidomiModuleOptions {
  return {
    apiKey: config.get('DIDOMI_API_KEY', { infer: true }),
    apiSecret: config.get('DIDOMI_API_SECRET', { infer: true }),
    organizationId: config.get('DIDOMI_ORGANIZATION_ID', { infer: true }),
    baseURL: config.get('DIDOMI_BASE_URL', { infer: true }),
    refresh: { cron: config.get('DIDOMI_REFRESH_CRON', { infer: true }) },
  };
}
