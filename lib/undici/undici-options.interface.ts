import type { ConnectionOptions } from 'node:tls';
import type { Dispatcher } from 'undici';

/**
 * How sockets are opened, in the words of `tls.connect()`: `ca`, `cert`, `key`, `rejectUnauthorized`, `lookup`, `localAddress`,
 * for instance. What names the server is taken from `baseURL`.
 *
 * @publicApi
 */
export type DidomiUndiciSocketOptions = Omit<
  ConnectionOptions,
  'ALPNProtocols' | 'host' | 'path' | 'port' | 'socket' | 'timeout'
> & {
  /** Address of this machine to connect from. */
  readonly localAddress?: string | undefined;
  /** Version of IP to resolve the host name for: 4, 6, or 0 for either. */
  readonly family?: number | undefined;
};

/**
 * Options of `undiciAdapter()`.
 *
 * @publicApi
 */
export interface DidomiUndiciOptions {
  /**
   * How many connections for API requests a client has open at most. Token requests have connections of their own.
   *
   * @default 128
   */
  readonly connections?: number | undefined;

  /**
   * Offers HTTP/2 to the server, whose choice it is. Requests then share a connection. When the server ends one, also as servers
   * do after a number of requests (GOAWAY), undici 7 gives up all requests on it: they fail with the reason `reset`, and those that
   * may be sent again are.
   *
   * @default false
   */
  readonly allowH2?: boolean | undefined;

  /** Options of sockets and of TLS, also for the proxy as far as they apply to it. */
  readonly connect?: DidomiUndiciSocketOptions | undefined;

  /**
   * Longest time to open a connection, TLS included, in milliseconds. The deadline of the request holds as well.
   *
   * @default 10000
   */
  readonly connectTimeoutMs?: number | undefined;

  /**
   * How long an idle connection is kept, in milliseconds. A shorter time that the server announces wins. With undici 7, HTTP/2
   * connections are kept until the server closes them.
   *
   * @default 60000
   */
  readonly keepAliveTimeoutMs?: number | undefined;

  /**
   * A dispatcher of the application, in place of all other options: an `Agent`, a `ProxyAgent` or a `MockAgent` of undici. It
   * is used for token requests, too, sees the API secret and the access token, and stays the application's to close.
   */
  readonly dispatcher?: Dispatcher | undefined;
}
