import type { DidomiAxiosOptions } from '../options/didomi-options.interface.js';
import { isTransport, type DidomiConnections } from '../options/didomi-transport.interface.js';
import { DidomiAgents } from './didomi-agents.js';

/** Those of the transport that the options name, else agents of Node.js. */
export function openConnections(given: DidomiAxiosOptions, baseURL: string): DidomiConnections {
  const { adapter, proxy } = given;
  return isTransport(adapter) ? adapter.open({ baseURL, proxy }) : new DidomiAgents(given, baseURL);
}
