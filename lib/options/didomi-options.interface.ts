import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import type { DidomiRefreshOptions } from './didomi-refresh-options.interface.js';
import type { DidomiRetryOptions } from './didomi-retry-options.interface.js';
import type { DidomiTokenStore } from './didomi-token-store.interface.js';
import type { DidomiTransport } from './didomi-transport.interface.js';

/**
 * A private API key of Didomi's console (Settings > Private API keys) and the secret that was shown when it was created.
 *
 * @publicApi
 */
export interface DidomiCredentials {
  /** The private API key. */
  readonly apiKey: string;
  /** The secret of the private API key. */
  readonly apiSecret: string;
}

/**
 * The Axios defaults that can be set for both API requests and token requests.
 *
 * @publicApi
 */
export type DidomiAxiosOptions = {
  readonly [Name in 'httpAgent' | 'httpsAgent' | 'proxy']?: AxiosRequestConfig[Name] | undefined;
} & {
  /**
   * Headers of every request. Refused are `Authorization`, which the library sets, `Host`, and headers that belong to a single
   * message or connection, such as `Content-Length`.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;

  /**
   * Largest response body, in bytes after decompression; larger ones fail. `responseType: 'stream'` has no limit.
   *
   * @default 52428800
   */
  readonly maxContentLength?: number | undefined;

  /**
   * Sends the requests: `undiciAdapter()` of `nestjs-didomi/undici`, an Axios adapter, or the name of one that Axios brings along.
   *
   * @default 'http', which uses Node's `http` and `https` modules
   */
  readonly adapter?: DidomiTransport | AxiosAdapter | 'http' | 'fetch' | undefined;
};

/**
 * When the first access token is requested:
 *
 * - `background`: while the application starts, which neither waits for it nor fails because of it.
 * - `required`: while the application starts, which waits for it and fails with a `DidomiAuthenticationError` if there is none.
 * - `lazy`: at the first call that needs it.
 *
 * @publicApi
 */
export type DidomiWarmup = 'background' | 'required' | 'lazy';

/**
 * All options except for the credentials.
 *
 * @publicApi
 */
export interface DidomiClientOptions {
  /**
   * Where Didomi's API is. Plain `http:` is for loopback hosts only, see `allowInsecureHttp`. Trailing slashes are removed.
   *
   * @default 'https://api.didomi.io/v1'
   */
  readonly baseURL?: string | undefined;

  /**
   * Accepts a `baseURL` in plain `http:` for hosts other than loopback, such as a fake Didomi in Docker Compose. The API
   * secret and the access token are then sent unencrypted. Refused for `didomi.io` and its subdomains.
   *
   * @default false
   */
  readonly allowInsecureHttp?: boolean | undefined;

  /** Id of the organization that requests are made for, as in the address of Didomi's console. */
  readonly organizationId?: string | undefined;

  /** When the access token is renewed. */
  readonly refresh?: DidomiRefreshOptions | undefined;

  /**
   * When the first access token is requested.
   *
   * @default 'background'
   */
  readonly warmup?: DidomiWarmup | undefined;

  /**
   * Longest time an API request may take to answer, in milliseconds, without the wait for an access token or for its turn.
   *
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;

  /**
   * Longest time one token request may take, in milliseconds, `credentials()` included.
   *
   * @default 10000
   */
  readonly tokenRequestTimeoutMs?: number | undefined;

  /**
   * Once the application shuts down, how long requests in flight may still take, in milliseconds; 0 ends them at once.
   *
   * @default 5000
   */
  readonly shutdownGraceMs?: number | undefined;

  /**
   * How many token requests the client sends within any minute. Too low a number delays renewals.
   *
   * @default 6, or three within any lifetime where access tokens live less than half a minute
   */
  readonly maxTokenRequestsPerMinute?: number | undefined;

  /**
   * Where several replicas share one access token: looked into before each token request. While it fails, or takes longer than a
   * second, the client goes without it.
   *
   * @default none: each process has an access token of its own
   */
  readonly tokenStore?: DidomiTokenStore | undefined;

  /**
   * Runs one token request while it holds a lock that all replicas know, so that those that start together send one between them.
   * Has to call `work` once it has the lock, and to release the lock once the promise of `work` has settled. The client waits for
   * the lock for a second at most, and then goes without. `key` is a name for the lock, the same in all replicas, and another one for
   * each API key and base URL. Needs `tokenStore`.
   *
   * @default none
   */
  readonly exclusive?: (<T>(work: () => Promise<T>, key: string) => Promise<T>) | undefined;

  /**
   * When a request is sent again after a transient failure; `false` for never.
   *
   * @default up to 3 attempts, with waits of up to 30 s
   */
  readonly retry?: false | DidomiRetryOptions | undefined;

  /**
   * How many API requests may be in flight at once; further ones wait in order. With the library's own agents at most 128, the
   * number of their connections.
   *
   * @default 128, or unlimited with an agent in `axios`
   */
  readonly maxConcurrent?: number | undefined;

  /**
   * Settings of the underlying Axios instances. Without a `proxy`, the environment variables `HTTPS_PROXY` and `NO_PROXY` are used,
   * except for a base URL in plain `http:`.
   */
  readonly axios?: DidomiAxiosOptions | undefined;
}

/**
 * Options with an API key that stays the same.
 *
 * @publicApi
 */
export interface DidomiKeyOptions extends DidomiClientOptions, DidomiCredentials {}

/**
 * Options with credentials that are read again before each token request.
 *
 * @publicApi
 */
export interface DidomiCredentialsOptions extends DidomiClientOptions {
  // With both names here and no `credentials` above, compilers explain a mistake by the interface that was meant.
  readonly apiKey?: undefined;
  readonly apiSecret?: undefined;

  /**
   * Called before each token request, so that a rotated secret needs no restart, and once more when Didomi has rejected what it
   * returned. Must not use this client itself. What it throws does not appear in errors or logs, since it may contain a secret.
   */
  readonly credentials: () => Promise<DidomiCredentials> | DidomiCredentials;
}

/**
 * The options of one client: either `apiKey` and `apiSecret`, or `credentials`.
 *
 * @publicApi
 */
export type DidomiModuleOptions = DidomiCredentialsOptions | DidomiKeyOptions;

/**
 * What `useClass` and `useExisting` of `DidomiModule.forRootAsync()` need.
 *
 * @publicApi
 */
export interface DidomiOptionsFactory {
  /** Returns the options of the client. Called once, while the application starts. */
  createDidomiOptions(): Promise<DidomiModuleOptions> | DidomiModuleOptions;
}
