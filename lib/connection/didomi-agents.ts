import type { AxiosRequestConfig } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';
import type { DidomiConnections, OwnConnection } from '../options/didomi-transport.interface.js';
import { readsEnvironment } from './application-agent.js';
import { Http2Connections, type Http2Options } from './http2-connections.js';
import { HttpsAgents } from './https-agents.js';
import { ownValue } from './own-value.js';

const MAX_SOCKETS = 128;
const SETTINGS = {
  keepAlive: true,
  /** The value that Axios sets on every socket. With another one here, each request would make the system change it twice. */
  keepAliveMsecs: 60_000,
  /** How long a socket may be idle. Node.js closes it after 5 s by default, which costs a TLS handshake at every lull. */
  timeout: 60_000,
};

/** What one attempt is sent with. */
export interface AttemptConnection {
  readonly httpAgent: object;
  readonly httpsAgent: object;
  readonly proxy: AxiosRequestConfig['proxy'];
  /** For HTTP/2 only. */
  readonly http2Options?: Http2Options;
}

/**
 * The connections of one user of Axios: keep-alive agents, tunnels through proxies, HTTP/2 sessions. Agents of the application
 * come first, and stay the application's to close.
 *
 * For `https:`, Axios is not left to use a proxy. It takes what a proxy says that refuses a tunnel for an answer of the server,
 * opens a tunnel for each call, and never closes one that the proxy does not answer.
 */
export class DidomiAgents implements DidomiConnections {
  /** Infinity where an agent of the application decides. */
  readonly maxConnections: number;
  readonly #isPlain: boolean;
  readonly #given: OwnConnection;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgents;
  readonly #http2 = new Http2Connections();

  /** @param maxSockets of each agent. What waits inside of an agent waits in an order of its own, and its deadline runs. */
  constructor(given: DidomiAxiosOptions, baseURL: string, maxSockets = MAX_SOCKETS) {
    const server = new URL(baseURL);
    const settings = { ...SETTINGS, maxSockets };
    this.#isPlain = server.protocol === 'http:';
    this.#given = given;
    this.#http = new HttpAgent(settings);
    this.#https = new HttpsAgents(settings, server);
    const agent: unknown = ownValue(given, this.#isPlain ? 'httpAgent' : 'httpsAgent');
    this.maxConnections = agent === undefined ? MAX_SOCKETS : Infinity;
  }

  /** What one attempt is sent with: what the request brings, else what the options have, else the library's own. */
  of(own: OwnConnection): AttemptConnection {
    const httpAgent = this.#read(own, 'httpAgent') ?? this.#http;
    const given = this.#read(own, 'httpsAgent');
    const proxy = ownValue(own, 'proxy') ?? ownValue(this.#given, 'proxy');
    if (Number(String(ownValue(own, 'httpVersion'))) === 2) {
      // Axios uses no agent then, and refuses a proxy that is asked for.
      const http2Options = this.#http2.track(ownValue(own, 'http2Options'));
      return { httpAgent, httpsAgent: this.#https.choose(given, false), proxy, http2Options };
    }
    // Plain http: is for this machine only. A proxy of the environment would be told in clear what never has to leave it.
    if (this.#isPlain) return { httpAgent, httpsAgent: this.#https.choose(given, false), proxy: proxy ?? false };
    // `proxy: false` makes Axios connect past such an agent.
    if (given !== undefined && !proxy && proxy !== false && readsEnvironment(given)) {
      return { httpAgent, httpsAgent: given, proxy: undefined };
    }
    return { httpAgent, httpsAgent: this.#https.choose(given, proxy), proxy: false };
  }

  /** Closes every connection of the library's own, in use, idle or being opened. */
  destroy(): void {
    // Node.js opens a socket for a request that is still in the queue, although it was aborted: that one is not kept.
    Object.assign(this.#http, { keepAlive: false });
    this.#http.destroy();
    this.#https.destroy();
    this.#http2.destroy();
  }

  #read(own: OwnConnection, name: 'httpAgent' | 'httpsAgent'): object | undefined {
    return (ownValue(own, name) ?? ownValue(this.#given, name) ?? undefined) as object | undefined;
  }
}
