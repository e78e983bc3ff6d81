import type { DidomiClientOptions, DidomiCredentials } from './didomi-options.interface.js';

/**
 * The options that all clients of `DidomiClients` share. API key, API secret and organization belong to `DidomiClients.for()`.
 *
 * @publicApi
 */
export interface DidomiClientsOptions extends Omit<DidomiClientOptions, 'organizationId' | 'warmup'> {
  /**
   * How many clients are kept. Beyond that, the one that was used least recently is let go: its requests in flight end as usual,
   * and a reference to it stays usable, but it is no longer renewed in the background, and its memory is freed once nothing uses it.
   *
   * @default 1000
   */
  readonly maxClients?: number | undefined;
}

/**
 * What `useClass` and `useExisting` of `DidomiClientsModule.forRootAsync()` need.
 *
 * @publicApi
 */
export interface DidomiClientsOptionsFactory {
  /** Returns the options that the clients share. Called once, while the application starts. */
  createDidomiClientsOptions(): Promise<DidomiClientsOptions> | DidomiClientsOptions;
}

/**
 * The credentials of one organization, as `DidomiClients.for()` takes them. Other properties are ignored, so that an entity of a
 * database may be passed as it is.
 *
 * @publicApi
 */
export interface DidomiOrganizationCredentials extends DidomiCredentials {
  /** Id of the organization that requests are made for, as in the address of Didomi's console; absent for none. */
  readonly organizationId?: string | null | undefined;
}
