/** The environment variables of the sample, set in the shell or in a file `.env`. */
export interface Environment {
  DIDOMI_API_KEY: string;
  DIDOMI_API_SECRET: string;
  DIDOMI_ORGANIZATION_ID: string;
  DIDOMI_BASE_URL?: string;
  DIDOMI_REFRESH_CRON?: string;
  PORT?: string;
}
