import { Logger } from '@nestjs/common';
import { FakeDidomi, type FakeDidomiOptions } from 'nestjs-didomi/testing';
import type { Environment } from '../config/environment.interface.js';
import { FakeBrand } from './fake-brand.js';
import { FakeBrands } from './fake-brands.js';

/** Short enough to watch renewals; a real access token lives for an hour. */
const ACCESS_TOKEN_LIFETIME_MS = 20_000;

/** Half of the credentials is a mistake that the library explains; hiding it behind a fake would help nobody. */
export function needsFakeDidomi(env: NodeJS.ProcessEnv): boolean {
  return env['DIDOMI_API_KEY'] === undefined && env['DIDOMI_API_SECRET'] === undefined;
}

/** Starts a Didomi for each brand on this machine and points the environment to it, before the application reads it. */
export async function startFakeDidomi(env: NodeJS.ProcessEnv): Promise<FakeBrands> {
  const brandA = await startOne({ seed: { notices: [{ name: 'Website' }, { name: 'Android app' }] } });
  const brandB = await startOne({
    apiKey: 'fake-api-key-of-brand-b',
    organizationId: 'fake-brand-b',
    seed: { notices: [{ name: 'Shop' }] },
  });
  Object.assign(env, {
    DIDOMI_API_KEY: brandA.apiKey,
    DIDOMI_API_SECRET: brandA.apiSecret,
    DIDOMI_ORGANIZATION_ID: brandA.organizationId,
    DIDOMI_BASE_URL: brandA.baseURL,
    DIDOMI_REFRESH_CRON: '*/2 * * * * *',
    DIDOMI_BRAND_B_API_KEY: brandB.apiKey,
    DIDOMI_BRAND_B_API_SECRET: brandB.apiSecret,
    DIDOMI_BRAND_B_ORGANIZATION_ID: brandB.organizationId,
    DIDOMI_BRAND_B_BASE_URL: brandB.baseURL,
  } satisfies Environment);
  const logger = new Logger('Sample');
  logger.log(`DIDOMI_API_KEY is not set: talking to a fake Didomi on this machine, ${brandA.baseURL}`);
  logger.log(`Its access tokens live for ${ACCESS_TOKEN_LIFETIME_MS / 1_000} s, so that renewals show up here`);
  logger.log('To talk to the real Didomi, set DIDOMI_API_KEY, DIDOMI_API_SECRET and DIDOMI_ORGANIZATION_ID');
  return new FakeBrands([new FakeBrand('brand-a', brandA), new FakeBrand('brand-b', brandB)]);
}

async function startOne(options: FakeDidomiOptions): Promise<FakeDidomi> {
  return await FakeDidomi.start({
    accessTokenLifetimeMs: ACCESS_TOKEN_LIFETIME_MS,
    recordRequests: false,
    ...options,
  });
}
