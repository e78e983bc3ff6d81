import type { DidomiAxiosOptions, DidomiCredentials, DidomiWarmup } from './didomi-options.interface.js';
import type { SharingSettings } from './resolve-sharing.js';

/** `maxAttempts` of 1 means no retry. */
export interface RetrySettings {
  readonly maxAttempts: number;
  readonly maxWaitMs: number;
}

/** The options that hold no secret. */
export interface DidomiSettings {
  readonly baseURL: string;
  readonly organizationId: string | undefined;
  readonly refresh: {
    readonly cron: string | false;
    readonly windowMs: number | undefined;
    readonly leewayMs: number | undefined;
  };
  readonly warmup: DidomiWarmup;
  readonly timeoutMs: number;
  readonly tokenRequestTimeoutMs: number;
  readonly shutdownGraceMs: number;
  readonly retry: RetrySettings;
  readonly maxConcurrent: number | undefined;
  /** Undefined: derived from the lifetime of the access tokens. */
  readonly maxTokenRequestsPerMinute: number | undefined;
}

/** The Axios options with their defaults. An absent `adapter` means Node's http adapter. */
export type AxiosSettings = DidomiAxiosOptions & Required<Pick<DidomiAxiosOptions, 'maxContentLength'>>;

/**
 * Validated options with all defaults. Nest keeps this object in a provider, where loggers, debuggers and dependency errors can
 * reach it; so everything that may be secret is in private fields, which nothing prints.
 */
export class ResolvedDidomiOptions {
  readonly #credentials: () => Promise<DidomiCredentials> | DidomiCredentials;
  readonly #axios: AxiosSettings;
  readonly #sharing: SharingSettings | undefined;

  constructor(
    readonly settings: DidomiSettings,
    credentials: () => Promise<DidomiCredentials> | DidomiCredentials,
    axios: AxiosSettings,
    sharing: SharingSettings | undefined,
    /** Whether the credentials come from a function and may differ each time. */
    readonly credentialsCanChange: boolean,
  ) {
    this.#credentials = credentials;
    this.#axios = axios;
    this.#sharing = sharing;
  }

  async readCredentials(): Promise<DidomiCredentials> {
    return await this.#credentials();
  }

  axiosDefaults(): AxiosSettings {
    return this.#axios;
  }

  /** Undefined if the access token is not shared. */
  sharing(): SharingSettings | undefined {
    return this.#sharing;
  }
}
