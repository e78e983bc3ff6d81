import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecure, type ConnectionOptions } from 'node:tls';

type Connect = (authority: URL, options: ConnectionOptions) => Duplex;

/** As Axios hands them to `http2.connect()`. */
export type Http2Options = Readonly<Record<string, unknown>>;

/**
 * The connections of HTTP/2 sessions. Axios keeps its sessions in a list of the whole process that nobody else can reach, and
 * shares one among all requests with the same `http2Options`. A `createConnection` of this instance makes them its own, and
 * gives it the socket, whose end is the end of the session.
 */
export class Http2Connections {
  readonly #open = new Set<Duplex>();
  #isClosed = false;

  /** The `http2Options` of a request whose session ends with this instance. */
  track(given: Http2Options = {}): Http2Options {
    return { ...given, createConnection: this.#connect };
  }

  /** Closes every connection, and with it its session. */
  destroy(): void {
    this.#isClosed = true;
    for (const socket of this.#open) socket.destroy();
  }

  readonly #connect: Connect = (authority, options) => this.#add(connectTo(authority, options));

  #add(socket: Duplex): Duplex {
    if (this.#isClosed) socket.destroy();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }
}

/** What `http2.connect()` does without a `createConnection`. */
function connectTo({ protocol, hostname, port }: URL, options: ConnectionOptions): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:') return connectPlain({ ...options, host, port: Number(port) || 80 });
  const servername = isIP(host) ? {} : { servername: host };
  return connectSecure({ ...servername, ...options, host, port: Number(port) || 443, ALPNProtocols: ['h2'] });
}
