import type { AxiosRequestConfig } from 'axios';
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
  /** Ends what is being opened. Undici itself waits for it, also after it was destroyed. */
  readonly #opening = new Set<() => void>();
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
    for (const end of this.#opening) end();
  }

  #choose({ hostname, isSecure, port }: SocketTarget): ProxyServer | undefined {
    if (this.#proxy) return readProxyConfig(this.#proxy);
    // Plain http: is for this machine only.
    return this.#proxy === false || !isSecure ? undefined : environmentProxy(hostname, port);
  }

  #open(target: SocketTarget, tunnel: Parameters<typeof openSocket>[3], done: Done): void {
    const socket = openSocket(target, this.#settings, this.#sessions, tunnel, (...result) => {
      this.#opening.delete(end);
      done(...result);
    });
    const end = (): void => void socket.destroy();
    this.#opening.add(end);
  }

  #tunnel(proxy: ProxyServer, target: SocketTarget, done: Done): void {
    const { hostname, isSecure, port } = target;
    const address = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
    const end = openTunnel(proxy, address, this.#settings.connect, (error, socket) => {
      this.#opening.delete(end);
      if (error !== null) return done(error, null);
      if (!isSecure) return done(null, socket!);
      try {
        this.#open(target, socket, done);
      } catch (invalid) {
        // Nothing above this callback would catch it.
        socket?.destroy();
        done(invalid as Error, null);
      }
    });
    this.#opening.add(end);
  }
}
