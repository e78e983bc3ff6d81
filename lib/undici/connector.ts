import type { AxiosRequestConfig } from 'axios';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { environmentProxy } from '../connection/environment-proxy.js';
import { openTunnel } from '../connection/open-tunnel.js';
import { readProxyConfig, type ProxyServer } from '../connection/proxy-server.js';
import { ProxyTunnelError } from '../connection/proxy-tunnel.error.js';
import { openSocket, type Done, type SessionCache, type SocketSettings, type SocketTarget } from './open-socket.js';

/**
 * Opens the sockets of one pool, through a tunnel where a proxy is chosen: by `axios.proxy`, else by the environment for `https:`,
 * with the rules and the errors of the library's agents. TLS is spoken with the server, inside the tunnel, so that every answer
 * for an `https:` URL comes from the server.
 */
export class Connector {
  readonly #settings: SocketSettings;
  readonly #proxy: AxiosRequestConfig['proxy'];
  readonly #sessions: SessionCache = {};
  /**
   * Ends what is open, or being opened. Undici loses sight of some connections, and waits for those that it opens, also after it was
   * destroyed.
   */
  readonly #ends = new Set<() => void>();
  #isClosed = false;

  constructor(settings: SocketSettings, proxy: AxiosRequestConfig['proxy']) {
    this.#settings = settings;
    this.#proxy = proxy;
  }

  /** @throws to undici, which reports it to the request. */
  connect({ hostname, port, protocol }: buildConnector.Options, done: Done): void {
    if (this.#isClosed) throw new ProxyTunnelError('no connection is opened: the client is closed');
    const isSecure = protocol === 'https:';
    const target = { hostname, isSecure, port: Number(port) || (isSecure ? 443 : 80) };
    const proxy = this.#choose(target);
    if (proxy === undefined) this.#open(target, undefined, done);
    else this.#tunnel(proxy, target, done);
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
  }

  #choose({ hostname, isSecure, port }: SocketTarget): ProxyServer | undefined {
    if (this.#proxy) return readProxyConfig(this.#proxy);
    // Plain http: is for this machine only.
    return this.#proxy === false || !isSecure ? undefined : environmentProxy(hostname, port);
  }

  #open(target: SocketTarget, tunnel: Parameters<typeof openSocket>[3], done: Done): void {
    this.#keep(openSocket(target, this.#settings, this.#sessions, tunnel, done));
  }

  #keep(socket: Socket): void {
    // Undici 7 throws where nobody can catch it, if an HTTP/2 connection ends without an error.
    const end = (): void => void socket.destroy(new Error('the client is closed'));
    this.#ends.add(end);
    socket.once('close', () => this.#ends.delete(end));
  }

  #tunnel(proxy: ProxyServer, target: SocketTarget, done: Done): void {
    const { hostname, isSecure, port } = target;
    const address = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
    const end = openTunnel(proxy, address, this.#settings.connect, (error, socket) => {
      this.#ends.delete(end);
      if (error !== null) return done(error, null);
      if (!isSecure) {
        this.#keep(socket!);
        return done(null, socket!);
      }
      try {
        this.#open(target, socket, done);
      } catch (invalid) {
        // Nothing above this callback would catch it.
        socket?.destroy();
        done(invalid as Error, null);
      }
    });
    this.#ends.add(end);
  }
}
