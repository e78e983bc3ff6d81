import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';
import { isTransport, type DidomiConnections } from '../options/didomi-transport.interface.js';
import { DidomiAgents } from './didomi-agents.js';

/**
 * Those of the transport that the options name, else agents of Node.js.
 *
 * @param maxSockets more than one client may use, where several share them.
 */
export function openConnections(given: DidomiAxiosOptions, baseURL: string, maxSockets?: number): DidomiConnections {
  const { adapter, proxy } = given;
  return isTransport(adapter)
    ? adapter.open({ baseURL, proxy, maxSockets })
    : new DidomiAgents(given, baseURL, maxSockets);
}
