import type { AxiosAdapter } from 'axios';
import type { AccessTokenCache } from './auth/access-token.cache.js';
import { AccessTokenEvents } from './auth/access-token.events.js';
import { createAccessTokenCache } from './auth/create-access-token-cache.js';
import type { DidomiClock } from './auth/didomi.clock.js';
import { foreignAdapter } from './connection/foreign-adapter.js';
import { openConnections } from './connection/open-connections.js';
import type { DidomiRuntime } from './didomi.runtime.js';
import { RequestGate } from './http/rate-limit/request-gate.js';
import { isTransport, type DidomiConnections } from './options/didomi-transport.interface.js';
import type { ResolvedDidomiOptions } from './options/resolved-didomi-options.js';

/** How many requests may wait to be sent. Further ones are refused: they would only fail later. */
const MAX_WAITING = 10_000;

/** What the services of one client have in common. */
export interface ClientParts {
  readonly agents: DidomiConnections;
  readonly cache: AccessTokenCache;
  readonly events: AccessTokenEvents;
  readonly gate: RequestGate;
}

interface Surroundings {
  readonly adapter: AxiosAdapter;
  readonly clock: DidomiClock;
  /** Absent for the default client. */
  readonly name: string | undefined;
  readonly runtime: DidomiRuntime;
  /** Connections that the client shares with others; its own unless given. */
  readonly shared?: { readonly agents: DidomiConnections; readonly tokenRequestAgents: DidomiConnections };
}

export function createParts(
  options: ResolvedDidomiOptions,
  { adapter, clock, name, runtime, shared }: Surroundings,
): ClientParts {
  const { baseURL, maxConcurrent } = options.settings;
  const { agents, tokenRequestAgents } = shared ?? {
    agents: openConnections(options.axiosDefaults(), baseURL),
    tokenRequestAgents: openConnections(options.axiosDefaults(), baseURL),
  };
  const events = new AccessTokenEvents(name, clock);
  const { isOffline } = runtime;
  const cache = createAccessTokenCache(options, {
    adapter,
    agents: tokenRequestAgents,
    clock,
    events,
    name,
    isOffline,
  });
  const gate = new RequestGate(clock, {
    // What waits inside of an agent waits in an order of its own, and its deadline runs.
    maxConcurrent: Math.min(maxConcurrent ?? Infinity, agents.maxConnections),
    maxWaiting: MAX_WAITING,
  });
  runtime.track?.(name, cache);
  runtime.track?.(name, gate);
  return { agents, cache, events, gate };
}

/** What sends the requests of one client. */
export function adapterOf(
  name: string | undefined,
  options: ResolvedDidomiOptions,
  runtime: DidomiRuntime,
): AxiosAdapter {
  const { adapter } = options.axiosDefaults();
  if (adapter === undefined || adapter === 'http' || runtime.isOffline) return runtime.adapterOf(name);
  return isTransport(adapter) ? adapter.adapter : foreignAdapter(adapter);
}
