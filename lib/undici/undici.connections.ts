import type { TLSSocket } from 'node:tls';
import type { Client, Pool } from 'undici';
import type { DidomiConnections, DidomiTransport, OwnConnection } from '../options/didomi-transport.interface.js';
import { bare } from './bare.js';
import { BaseURL } from './base-url.js';
import { Connector } from './connector.js';
import { FirstConnection } from './first-connection.js';
import { refuseOwnConnection } from './refuse-own-connection.js';
import type { UndiciSettings } from './resolve-undici-options.js';
import type { UndiciAttempt } from './undici-attempt.js';

type Undici = typeof import('undici');
type Server = Parameters<DidomiTransport['open']>[0];

/** Streams of one HTTP/2 connection. Most servers allow at least so many. */
const STREAMS = 100;
/** Requests in flight at once where they share connections. */
const MULTIPLEXED = 128;

/** A pool of connections to one server. It is opened with the first request. */
export class UndiciConnections implements DidomiConnections {
  readonly maxConnections: number;
  readonly #undici: Undici | undefined;
  readonly #settings: UndiciSettings;
  readonly #server: Server;
  #attempt: UndiciAttempt | undefined;
  #close = (): void => undefined;
  #isClosed = false;

  /** @param undici absent where nothing is ever sent, in tests of an application. */
  constructor(undici: Undici | undefined, settings: UndiciSettings, server: Server) {
    const { connections, allowH2 } = settings;
    this.maxConnections = allowH2 ? Math.max(connections, MULTIPLEXED) : connections;
    this.#undici = undici;
    this.#settings = settings;
    this.#server = server;
  }

  of(own: OwnConnection): Partial<UndiciAttempt> {
    refuseOwnConnection(own);
    if (this.#undici === undefined) return {};
    return (this.#attempt ??= this.#open(this.#undici));
  }

  destroy(): void {
    this.#isClosed = true;
    this.#close();
  }

  #open({ Client, Pool }: Undici): UndiciAttempt {
    const { allowH2, connections, keepAliveTimeoutMs } = this.#settings;
    const { baseURL, proxy, maxSockets = connections } = this.#server;
    const base = new BaseURL(baseURL);
    const connector = new Connector(this.#settings, proxy);
    const options = bare<Pool.Options>({
      allowH2,
      // One request at a time, so that none is sent behind another whose connection may break.
      pipelining: 1,
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveMaxTimeout: keepAliveTimeoutMs,
      // The deadline of the request is the library's.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const factory = (origin: URL): Client => {
      const client: Client = new Client(
        origin,
        bare({
          ...options,
          connect: (target, callback) =>
            connector.connect(target, (error, socket) => {
              if (error !== null) return callback(error, null);
              if (allowH2) client.pipelining = (socket as Partial<TLSSocket>).alpnProtocol === 'h2' ? STREAMS : 1;
              callback(null, socket);
            }),
        } satisfies Client.Options),
      );
      const dispatch = client.dispatch.bind(client);
      client.dispatch = (...request) => {
        const { size } = client.stats;
        // Undici 7 says "busy" of a request that it refuses, and the pool would wait for this client for ever.
        return dispatch(...request) || client.stats.size === size;
      };
      return client;
    };
    const pool = new Pool(base.origin, bare({ ...options, connections: maxSockets, factory }));
    const first = allowH2 ? new FirstConnection(pool) : undefined;
    this.#close = () => {
      connector.close();
      first?.destroy();
      pool.destroy().catch(() => undefined);
    };
    if (this.#isClosed) this.#close();
    return { undici: { base, dispatcher: first ?? pool, isMultiplexed: allowH2 } };
  }
}
