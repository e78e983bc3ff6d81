/**
 * When the access token is renewed. The defaults follow the lifetime of each access token and rarely need a change.
 *
 * @publicApi
 */
export interface DidomiRefreshOptions {
  /**
   * When the cron job checks whether a renewal is due: a cron expression of five or six fields in UTC, or `false` for no
   * cron job (then only calls renew the access token). The job sends nothing while the access token is fresh.
   *
   * @default once a minute, at a random second of each process
   */
  readonly cron?: string | false | undefined;

  /**
   * Refresh window: span before expiry, in milliseconds, in which the access token is still used and is renewed in the
   * background. At most two thirds of the lifetime are used.
   *
   * @default the second half of the lifetime, less a random share of up to a tenth of it so that replicas spread out
   */
  readonly windowMs?: number | undefined;

  /**
   * Leeway: span before expiry, in milliseconds, in which the access token is no longer used and calls wait for the new
   * one. Has to be shorter than `windowMs`. At most half of the refresh window is used.
   *
   * @default a sixtieth of the lifetime, at most 60,000
   */
  readonly leewayMs?: number | undefined;
}
