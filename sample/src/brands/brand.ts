import type { DidomiApi, DidomiAuthService, DidomiHttpService } from 'nestjs-didomi';

export const BRAND_B = 'brand-b';

/** One of our brands, each with an organization and an API key of its own in Didomi. */
export interface Brand {
  readonly id: string;
  readonly name: string;
  /** What its client is called. */
  readonly client: string;
  readonly api: DidomiApi;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
}
