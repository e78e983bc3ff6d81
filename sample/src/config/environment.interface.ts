/** The environment variables of the sample, set in the shell or in a file `.env`. */
export interface Environment {
  DIDOMI_API_KEY: string;
  DIDOMI_API_SECRET: string;
  DIDOMI_ORGANIZATION_ID: string;
  DIDOMI_BASE_URL?: string;
  DIDOMI_ALLOW_INSECURE_HTTP?: string;
  DIDOMI_REFRESH_CRON?: string;
  DIDOMI_BRAND_B_API_KEY?: string;
  DIDOMI_BRAND_B_API_SECRET?: string;
  DIDOMI_BRAND_B_ORGANIZATION_ID?: string;
  DIDOMI_BRAND_B_BASE_URL?: string;
  LISTEN_HOST?: string;
  PORT?: string;
  REDIS_URL?: string;
}
