import { Logger } from '@nestjs/common';
import { FakeDidomi } from 'nestjs-didomi/testing';
import type { Environment } from '../config/environment.interface.js';

/** Short enough to watch renewals in the log; a real access token lives for an hour. */
const ACCESS_TOKEN_LIFETIME_MS = 20_000;

/** Half of the credentials is a mistake that the library explains; hiding it behind a fake would help nobody. */
export function needsFakeDidomi(env: NodeJS.ProcessEnv): boolean {
  return env['DIDOMI_API_KEY'] === undefined && env['DIDOMI_API_SECRET'] === undefined;
}

/** Starts a Didomi on this machine and points the environment to it, before the application reads it. */
export async function startFakeDidomi(env: NodeJS.ProcessEnv): Promise<FakeDidomi> {
  const didomi = await FakeDidomi.start({ accessTokenLifetimeMs: ACCESS_TOKEN_LIFETIME_MS, recordRequests: false });
  Object.assign(env, {
    DIDOMI_API_KEY: didomi.apiKey,
    DIDOMI_API_SECRET: didomi.apiSecret,
    DIDOMI_ORGANIZATION_ID: didomi.organizationId,
    DIDOMI_BASE_URL: didomi.baseURL,
    DIDOMI_REFRESH_CRON: '*/5 * * * * *',
  } satisfies Environment);
  const logger = new Logger('Sample');
  logger.log(`DIDOMI_API_KEY is not set: talking to a fake Didomi on this machine, ${didomi.baseURL}`);
  logger.log(`Its access tokens live for ${ACCESS_TOKEN_LIFETIME_MS / 1_000} s, so that renewals show up here`);
  logger.log('To talk to the real Didomi, set DIDOMI_API_KEY, DIDOMI_API_SECRET and DIDOMI_ORGANIZATION_ID');
  return didomi;
}
