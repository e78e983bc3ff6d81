import type { AgentOptions } from 'node:https';
import { optionsOf } from './application-agent.js';
import type { ProxyServer } from './proxy-server.js';
import { TunnelAgent } from './tunnel-agent.js';

/** For callers that change the proxy with every request. More than are in use at once, so that none of those is closed. */
const MAX_AGENTS = 256;

interface Entry {
  readonly source: object | undefined;
  readonly proxy: ProxyServer;
  readonly agent: TunnelAgent;
}

/** The agents for proxies that the options or a request name, one for each, so that connections are reused. */
export class Tunnels {
  readonly #settings: AgentOptions;
  readonly #entries: Entry[] = [];
  #isClosed = false;

  constructor(settings: AgentOptions) {
    this.#settings = settings;
  }

  /** @param source agent of the application in whose place, and with whose options, the tunnel is used. */
  through(proxy: ProxyServer, source: object | undefined): TunnelAgent {
    const known = this.#entries.find((entry) => entry.source === source && isSame(entry.proxy, proxy));
    if (known !== undefined) return known.agent;
    const agent =
      source === undefined
        ? new TunnelAgent(this.#settings, () => proxy, this.#settings.maxSockets)
        : new TunnelAgent({ ...this.#settings, ...optionsOf(source) }, () => proxy);
    if (this.#isClosed) agent.destroy();
    else this.#entries.push({ source, proxy, agent });
    if (this.#entries.length > MAX_AGENTS) this.#closeOneIdle();
    return agent;
  }

  destroy(): void {
    this.#isClosed = true;
    for (const { agent } of this.#entries) agent.destroy();
  }

  #closeOneIdle(): void {
    const index = this.#entries.findIndex(({ agent }) => !agent.isBusy);
    // The last one is about to be used.
    if (index === -1 || index === this.#entries.length - 1) return;
    const [idle] = this.#entries.splice(index, 1);
    idle?.agent.destroy();
  }
}

function isSame(one: ProxyServer, other: ProxyServer): boolean {
  return one.isSecure === other.isSecure && one.address === other.address && one.authorization === other.authorization;
}
