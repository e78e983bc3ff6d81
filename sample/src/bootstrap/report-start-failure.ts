import { Logger } from '@nestjs/common';
import { DidomiConfigurationError } from 'nestjs-didomi';
import { SettingError } from '../config/setting.error.js';

const SOURCES =
  'apiKey is read from DIDOMI_API_KEY, apiSecret from DIDOMI_API_SECRET, organizationId from DIDOMI_ORGANIZATION_ID, ' +
  'baseURL from DIDOMI_BASE_URL, refresh.cron from DIDOMI_REFRESH_CRON, and for brand B, the first three from ' +
  'DIDOMI_BRAND_B_API_KEY and so on. ' +
  'Leave DIDOMI_API_KEY and DIDOMI_API_SECRET out to try the sample with a fake Didomi';

/** Says why the sample did not start. A stack trace is no help where the environment has to be changed. */
export function reportStartFailure(error: unknown): void {
  const logger = new Logger('Sample');
  if (error instanceof SettingError) {
    logger.error(error.message);
  } else if (error instanceof DidomiConfigurationError) {
    logger.error(error.message);
    logger.error(SOURCES);
  } else {
    logger.error(error);
  }
}
