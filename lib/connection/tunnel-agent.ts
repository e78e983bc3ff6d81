import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { openTunnel } from './open-tunnel.js';
import type { ProxyServer } from './proxy-server.js';
import { ProxyTunnelError } from './proxy-tunnel.error.js';

const HTTPS_PORT = 443;

type Callback = (error: Error | null, socket: Duplex) => void;

/** Says for each new connection which proxy to tunnel through; undefined for none. May throw a ProxyTunnelError. */
export type ProxyChoice = (hostname: string, port: number) => ProxyServer | undefined;

/**
 * Node.js' own agent for `https:`, with its pool, whose new connections lead through the tunnel of a proxy where one is chosen.
 * TLS is spoken with the server, inside the tunnel, so the certificate is the server's.
 */
export class TunnelAgent extends Agent {
  readonly #choose: ProxyChoice;
  /** Tunnels that are being opened. The agent does not count them among its sockets. */
  readonly #opening = new Set<() => void>();
  readonly #maxOpening: number;
  #isClosed = false;

  /**
   * @param maxOpening how many tunnels may be in the making. A request that was aborted leaves its own to the deadline, and a
   * proxy that does not answer must not collect sockets.
   */
  constructor(options: AgentOptions, choose: ProxyChoice, maxOpening = Infinity) {
    super(options);
    this.#choose = choose;
    this.#maxOpening = maxOpening;
  }

  override createConnection(options: RequestOptions, callback: Callback): Duplex | null | undefined {
    let proxy: ProxyServer | undefined;
    try {
      proxy = this.#choose(options.host ?? '', portOf(options));
    } catch (error) {
      return fail(callback, error);
    }
    return proxy === undefined ? super.createConnection(options, callback) : this.#tunnel(proxy, options, callback);
  }

  /** Whether a connection is in use or being opened. */
  get isBusy(): boolean {
    return (
      this.#opening.size > 0 ||
      Object.values(this.sockets).some((sockets) => sockets !== undefined && sockets.length > 0)
    );
  }

  override destroy(): void {
    this.#isClosed = true;
    // Node.js opens a socket for a request that is still in the queue, although it was aborted: that one is not kept.
    Object.assign(this, { keepAlive: false });
    for (const cancel of this.#opening) cancel();
    super.destroy();
  }

  #tunnel(proxy: ProxyServer, options: RequestOptions, callback: Callback): undefined {
    const refusal = this.#refusal(proxy);
    if (refusal !== undefined) return fail(callback, refusal);
    const host = options.host ?? '';
    const target = `${isIPv6(host) ? `[${host}]` : host}:${portOf(options)}`;
    const cancel = openTunnel(proxy, target, options, (error, socket) => {
      this.#opening.delete(cancel);
      if (socket === undefined) return fail(callback, error);
      let secured: Duplex;
      try {
        secured = super.createConnection({ ...options, socket } as RequestOptions)!;
      } catch (invalid) {
        // TLS options that Node.js refuses, such as a malformed certificate. Nothing above this callback would catch it.
        socket.destroy();
        return fail(callback, invalid);
      }
      callback(null, secured);
    });
    this.#opening.add(cancel);
    return undefined;
  }

  #refusal({ address }: ProxyServer): ProxyTunnelError | undefined {
    if (this.#isClosed) return new ProxyTunnelError('no tunnel is opened: the client is closed', { proxy: address });
    if (this.#opening.size < this.#maxOpening) return undefined;
    const message = `the proxy ${address} has not answered ${this.#opening.size} earlier requests for a tunnel yet`;
    return new ProxyTunnelError(message, { proxy: address, systemCode: 'ETIMEDOUT' });
  }
}

function portOf({ port }: RequestOptions): number {
  return Number(port) || HTTPS_PORT;
}

/**
 * Never at once: for this error code, Node.js emits the error as soon as it is told (from 22.21 on), and a request that is still
 * being made has no listener.
 */
function fail(callback: Callback, error: unknown): undefined {
  // With an error, Node.js looks at no socket.
  process.nextTick(callback, error, undefined);
  return undefined;
}
