import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';
import type { DidomiConnections, OwnConnection } from '../options/didomi-transport.interface.js';
import { openConnections } from './open-connections.js';

/** Each client has its own limit for requests in flight. This one only keeps a mistake from using up the sockets of the machine. */
const MAX_SOCKETS = 10_000;

/**
 * The connections of many clients to one server. An idle one serves whoever comes next, since each request carries an access token
 * of its own. A client that closes leaves them open for the others.
 */
export class SharedConnections implements DidomiConnections {
  readonly #connections: DidomiConnections;

  constructor(given: DidomiAxiosOptions, baseURL: string) {
    this.#connections = openConnections(given, baseURL, MAX_SOCKETS);
  }

  /** Of each client. */
  get maxConnections(): number {
    return this.#connections.maxConnections;
  }

  of(own: OwnConnection): object {
    return this.#connections.of(own);
  }

  /** What a client calls when it closes. */
  destroy(): void {
    // The others go on.
  }

  /** Closes every connection, for all clients. */
  close(): void {
    this.#connections.destroy();
  }
}
