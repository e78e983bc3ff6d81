import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';

/** Node.js closes idle sockets after 5 s by itself, which costs a TLS handshake at every lull. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_SOCKETS = 128;

/**
 * The keep-alive agents of one Axios user. What the application passes in its options goes first, and stays the
 * application's to close.
 */
export class DidomiAgents {
  readonly #own: readonly (HttpAgent | HttpsAgent)[];
  readonly #config: Pick<DidomiAxiosOptions, 'httpAgent' | 'httpsAgent'>;

  constructor(given: DidomiAxiosOptions) {
    const settings = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_TIMEOUT_MS };
    const http = new HttpAgent(settings);
    const https = new HttpsAgent(settings);
    this.#own = [http, https];
    this.#config = { httpAgent: given.httpAgent ?? http, httpsAgent: given.httpsAgent ?? https };
  }

  /** For an Axios configuration. */
  config(): Pick<DidomiAxiosOptions, 'httpAgent' | 'httpsAgent'> {
    return this.#config;
  }

  /** Closes every socket of the library's own agents, in use or idle. */
  destroy(): void {
    for (const agent of this.#own) agent.destroy();
  }
}
