import type { DidomiCredentials } from './didomi-options.interface.js';
import type { ClientSettings } from './resolve-client-settings.js';
import type { SharingSettings } from './resolve-sharing.js';
import { ResolvedDidomiOptions, type AxiosSettings } from './resolved-didomi-options.js';

/** Validated options that clients share, with all defaults. Like {@link ResolvedDidomiOptions}, it prints no secret. */
export class ResolvedDidomiClientsOptions {
  readonly #axios: AxiosSettings;
  readonly #sharing: SharingSettings | undefined;

  constructor(
    readonly settings: ClientSettings,
    axios: AxiosSettings,
    sharing: SharingSettings | undefined,
    readonly maxClients: number,
  ) {
    this.#axios = axios;
    this.#sharing = sharing;
  }

  axiosDefaults(): AxiosSettings {
    return this.#axios;
  }

  /** The options of one client. */
  optionsOf(credentials: DidomiCredentials, organizationId: string | undefined): ResolvedDidomiOptions {
    const settings = { ...this.settings, organizationId, warmup: 'lazy' } as const;
    return new ResolvedDidomiOptions(settings, () => credentials, this.#axios, this.#sharing, false);
  }
}
