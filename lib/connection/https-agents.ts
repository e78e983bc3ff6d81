import type { AxiosRequestConfig } from 'axios';
import type { AgentOptions } from 'node:https';
import { isProxyAgent } from './application-agent.js';
import { environmentProxy } from './environment-proxy.js';
import { readProxyConfig, type ProxyServer } from './proxy-server.js';
import { TunnelAgent } from './tunnel-agent.js';
import { Tunnels } from './tunnels.js';

/** The agents of requests to one `https:` server. */
export class HttpsAgents {
  readonly #settings: AgentOptions;
  readonly #server: URL;
  readonly #direct: TunnelAgent;
  /** Reads the environment when it connects, not for each request: `process.env` is slow. */
  readonly #environment: TunnelAgent;
  readonly #tunnels: Tunnels;

  /** @param server any URL of the server. */
  constructor(settings: AgentOptions, server: URL) {
    this.#settings = settings;
    this.#server = server;
    this.#direct = new TunnelAgent(settings, () => undefined);
    this.#environment = new TunnelAgent(settings, environmentProxy, settings.maxSockets);
    this.#tunnels = new Tunnels(settings);
  }

  /**
   * @param given agent of the application. It is used as it is where no proxy applies, or if it is a proxy agent itself. Else its
   * options, TLS options above all, are those of the tunnel that takes its place, as Axios has it.
   * @param proxy as Axios takes it: false for none, undefined for that of the environment.
   */
  choose(given: object | undefined, proxy: AxiosRequestConfig['proxy']): object {
    if (given !== undefined && (proxy === false || isProxyAgent(given))) return given;
    if (proxy === false) return this.#direct;
    if (given === undefined && !proxy) return this.#environment;
    let server: ProxyServer | undefined;
    try {
      server = proxy ? readProxyConfig(proxy) : this.#environmentProxy();
    } catch (error) {
      // For the request to fail with, like with any other failure to connect.
      return new TunnelAgent(this.#settings, () => {
        throw error;
      });
    }
    return server === undefined ? (given ?? this.#direct) : this.#tunnels.through(server, given);
  }

  destroy(): void {
    this.#direct.destroy();
    this.#environment.destroy();
    this.#tunnels.destroy();
  }

  #environmentProxy(): ProxyServer | undefined {
    const { hostname, port } = this.#server;
    return environmentProxy(hostname, Number(port) || 443);
  }
}
