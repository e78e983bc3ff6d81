import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AxiosRequestConfig } from 'axios';
import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';

/** Node.js closes idle sockets after 5 s by itself, which costs a TLS handshake at every lull. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_SOCKETS = 128;
/** As Axios sets it on every socket. With another value here, each request would make the system change it twice. */
const KEEP_ALIVE_PROBE_MS = 60_000;

/**
 * The keep-alive agents and the proxy of one user of Axios. What the application passes in its options goes first, and stays
 * the application's to close.
 *
 * They are lent to a request for the time of an attempt only: an agent that hangs on a configuration, and so on a response,
 * shows the headers of other requests to whoever prints it, and a proxy may have a password.
 */
export class DidomiAgents {
  /** How many requests can be under way at once; Infinity where an agent of the application decides. */
  readonly maxConnections: number;
  readonly #own: readonly (HttpAgent | HttpsAgent)[];
  readonly #httpAgent: unknown;
  readonly #httpsAgent: unknown;
  readonly #proxy: AxiosRequestConfig['proxy'];

  constructor(given: DidomiAxiosOptions, baseURL: string) {
    const settings = {
      keepAlive: true,
      keepAliveMsecs: KEEP_ALIVE_PROBE_MS,
      maxSockets: MAX_SOCKETS,
      timeout: IDLE_TIMEOUT_MS,
    };
    const http = new HttpAgent(settings);
    const https = new HttpsAgent(settings);
    this.#own = [http, https];
    this.#httpAgent = given.httpAgent ?? http;
    this.#httpsAgent = given.httpsAgent ?? https;
    const isPlain = baseURL.startsWith('http:');
    this.maxConnections = (isPlain ? given.httpAgent : given.httpsAgent) === undefined ? MAX_SOCKETS : Infinity;
    // Plain http: is for this machine only. A proxy of the environment would get what it is spared in clear, secret included.
    this.#proxy = given.proxy ?? (isPlain ? false : undefined);
  }

  of(
    own: Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent' | 'proxy'>,
  ): Pick<AxiosRequestConfig, 'httpAgent' | 'httpsAgent' | 'proxy'> {
    return {
      httpAgent: own.httpAgent ?? this.#httpAgent,
      httpsAgent: own.httpsAgent ?? this.#httpsAgent,
      proxy: own.proxy ?? this.#proxy,
    };
  }

  /** Puts them on a configuration, as far as it has none of its own. */
  lend(config: AxiosRequestConfig): void {
    config.httpAgent ??= this.#httpAgent;
    config.httpsAgent ??= this.#httpsAgent;
    if (this.#proxy !== undefined) config.proxy ??= this.#proxy;
  }

  /** Takes them off a configuration again. */
  takeBack(config: AxiosRequestConfig): void {
    if (config.httpAgent === this.#httpAgent) config.httpAgent = undefined;
    if (config.httpsAgent === this.#httpsAgent) config.httpsAgent = undefined;
    if (config.proxy !== undefined && config.proxy === this.#proxy) config.proxy = undefined;
  }

  /** Closes every socket of the library's own agents, in use or idle. */
  destroy(): void {
    for (const agent of this.#own) {
      // Node.js opens a socket for a request that is still in the queue, although it was given up: that one is not kept.
      Object.assign(agent, { keepAlive: false });
      agent.destroy();
    }
  }
}
