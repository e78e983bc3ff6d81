import type { DidomiAxiosOptions, DidomiCredentials, DidomiWarmup } from './didomi-options.interface.js';

/** One attempt means no retry. */
export interface RetrySettings {
  readonly maxAttempts: number;
  readonly maxWaitMs: number;
}

/**
 * The part of the options that may be printed.
 */
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
  /** Absent: the budget follows the lifetime of the access tokens. */
  readonly maxTokenRequestsPerMinute: number | undefined;
}

/** The Axios options with their defaults. An absent `adapter` means Node's http adapter. */
export type AxiosSettings = DidomiAxiosOptions & Required<Pick<DidomiAxiosOptions, 'maxContentLength'>>;

/**
 * Validated options with every default filled in. Nest keeps this object in a provider, where loggers, debuggers and
 * dependency errors can reach it: whatever is or may be secret sits in private fields, which nothing prints.
 */
export class ResolvedDidomiOptions {
  readonly #credentials: () => Promise<DidomiCredentials> | DidomiCredentials;
  readonly #axios: AxiosSettings;

  constructor(
    readonly settings: DidomiSettings,
    credentials: () => Promise<DidomiCredentials> | DidomiCredentials,
    axios: AxiosSettings,
    /** False when only a restart can bring other credentials. */
    readonly credentialsCanChange: boolean,
  ) {
    this.#credentials = credentials;
    this.#axios = axios;
  }

  async readCredentials(): Promise<DidomiCredentials> {
    return await this.#credentials();
  }

  axiosDefaults(): AxiosSettings {
    return this.#axios;
  }
}
