import type { AxiosAdapter, AxiosRequestConfig } from 'axios';

/** What a request may bring of its own. */
export type OwnConnection = Pick<
  AxiosRequestConfig,
  'httpAgent' | 'httpsAgent' | 'proxy' | 'httpVersion' | 'http2Options'
>;

/** The connections of one client for one kind of request: API requests, or token requests. */
export interface DidomiConnections {
  /** How many requests of one client can be in flight at once; Infinity where something of the application's decides. */
  readonly maxConnections: number;

  /**
   * What one attempt is sent with. For the configuration that the adapter gets, and no other: it may lead to a secret.
   *
   * @param own what the request brings.
   */
  of(own: OwnConnection): object;

  /** Closes every connection that the application has not brought, in use, idle or being opened. */
  destroy(): void;
}

/**
 * Another way to send than Axios' own adapters, with connections that live as long as the client: what `undiciAdapter()` of
 * `nestjs-didomi/undici` returns. Can be given to any number of clients.
 *
 * @publicApi
 */
export interface DidomiTransport {
  /** Sends one request, over the connection that {@link open} has put on its configuration. */
  readonly adapter: AxiosAdapter;

  /**
   * Loads what the transport needs. Called while the application starts.
   *
   * @throws DidomiConfigurationError if it is not installed.
   */
  load(): Promise<void>;

  /**
   * Called by each client: for its API requests, and for its token requests, which must not wait for those. `DidomiClients` calls it
   * for all of its clients, with a `maxSockets` beyond what one client may use.
   */
  open(server: {
    readonly baseURL: string;
    readonly proxy: AxiosRequestConfig['proxy'];
    readonly maxSockets?: number | undefined;
  }): DidomiConnections;
}

export function isTransport(adapter: unknown): adapter is DidomiTransport {
  if (typeof adapter !== 'object' || adapter === null) return false;
  const { load, open } = adapter as Partial<DidomiTransport>;
  return typeof load === 'function' && typeof open === 'function';
}
