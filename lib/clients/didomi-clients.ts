import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { AxiosAdapter } from 'axios';
import { DidomiApi } from '../api/didomi-api.js';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { AccessTokenCron } from '../auth/access-token.cron.js';
import { DidomiAuthService } from '../auth/didomi-auth.service.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { adapterOf, createParts, type ClientParts } from '../client-parts.js';
import { SharedConnections } from '../connection/shared-connections.js';
import type { DidomiRuntime } from '../didomi.runtime.js';
import { serviceInProviders } from '../errors/service-in-providers.js';
import { DidomiHttpService } from '../http/didomi-http.service.js';
import type { DidomiOrganizationCredentials } from '../options/didomi-clients-options.interface.js';
import type { ResolvedDidomiClientsOptions } from '../options/resolved-didomi-clients-options.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { clientNameOf, credentialsIdOf } from './client-id.js';
import { ClientRuntime } from './client.runtime.js';
import type { DidomiClient } from './didomi-client.interface.js';
import { readCredentials } from './read-credentials.js';
import { RecentlyUsed } from './recently-used.js';
import { WeakValues } from './weak-values.js';

/** What the clients take from outside. */
export interface DidomiClientsParts {
  readonly clock: DidomiClock;
  readonly cron: AccessTokenCron;
  readonly runtime: DidomiRuntime;
}

/** What clients with the same credentials share, whatever their organization. */
interface KeyParts extends ClientParts {
  readonly adapter: AxiosAdapter;
  readonly auth: DidomiAuthService;
}

interface Entry {
  readonly client: DidomiClient;
  readonly cache: AccessTokenCache;
}

/**
 * Makes clients for organizations that are known only at run time, whose credentials are in a database for instance.
 *
 * `maxClients` of them are kept. The others are let go: nothing is renewed for them, and they are garbage once nobody uses them. They
 * own nothing that would have to be closed, since connections and cron job are shared.
 *
 * @publicApi
 */
export class DidomiClients implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #options: ResolvedDidomiClientsOptions;
  readonly #parts: DidomiClientsParts;
  readonly #agents: SharedConnections;
  readonly #tokenRequestAgents: SharedConnections;
  /** By credentials. Whatever is in use of a client leads to its cache, so the cache tells whether anything is. */
  readonly #caches = new WeakValues<AccessTokenCache>();
  readonly #keyParts = new WeakMap<AccessTokenCache, KeyParts>();
  /** By credentials and organization. */
  readonly #entries = new WeakValues<Entry>();
  readonly #kept: RecentlyUsed<Entry>;
  #isEnding = false;
  #isClosed = false;

  /** @internal */
  constructor(options: ResolvedDidomiClientsOptions, parts: DidomiClientsParts) {
    if (options === undefined) throw serviceInProviders(new.target.name, 'DidomiClientsModule');
    this.#options = options;
    this.#parts = parts;
    const { baseURL } = options.settings;
    this.#agents = new SharedConnections(options.axiosDefaults(), baseURL);
    this.#tokenRequestAgents = new SharedConnections(options.axiosDefaults(), baseURL);
    this.#kept = new RecentlyUsed(options.maxClients);
    // Tells a test double that it is in use, also if no client was made.
    parts.runtime.track?.('DidomiClients', { reset: () => undefined });
  }

  /**
   * The client of an organization: the same one for the same credentials and organization. Sends nothing; the first request does.
   *
   * Another secret for an API key makes another client. Once Didomi has accepted it, the one with the old secret is let go.
   *
   * @throws DidomiRequestError if a credential is missing or malformed. The message names it, and never holds a value.
   */
  for(credentials: DidomiOrganizationCredentials): DidomiClient {
    const { organizationId, ...key } = readCredentials(credentials);
    const credentialsId = credentialsIdOf(key);
    const id = JSON.stringify([credentialsId, organizationId]);
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = this.#create(credentialsId, this.#options.optionsOf(key, organizationId), clientNameOf(key));
      this.#entries.set(id, entry);
    }
    this.#kept.use(entry);
    return entry.client;
  }

  /** Starts the cron job. */
  async onApplicationBootstrap(): Promise<void> {
    const { cron } = this.#options.settings.refresh;
    if (cron === false) return;
    await this.#parts.cron.start(cron, () => {
      for (const { cache } of this.#kept.values) cache.renewIfDue(true);
    });
  }

  /** Stops the cron job. From now on no request waits or is sent again. Those in flight have `shutdownGraceMs` to end. */
  onModuleDestroy(): void {
    this.#parts.cron.stop();
    this.#isEnding = true;
    for (const service of this.#services()) service.onModuleDestroy();
  }

  /** Ends the requests that are left, and closes the connections. */
  onApplicationShutdown(): void {
    this.#isClosed = true;
    for (const service of this.#services()) service.onApplicationShutdown();
    this.#agents.close();
    this.#tokenRequestAgents.close();
  }

  #create(credentialsId: string, options: ResolvedDidomiOptions, name: string): Entry {
    const { clock, runtime: shared } = this.#parts;
    const { adapter, agents, auth, cache, gate } = this.#partsOf(credentialsId, options, name);
    const runtime = new ClientRuntime(shared, () => this.#kept.use(entry));
    const http = new DidomiHttpService(options, { adapter, agents, cache, clock, gate, name, runtime });
    const api = new DidomiApi(http, options.settings.organizationId);
    const entry: Entry = { cache, client: { name, api, http, auth } };
    // Somebody may need Didomi in a shutdown hook, or ask for a client too late.
    for (const service of [http, auth]) {
      if (this.#isEnding) service.onModuleDestroy();
      if (this.#isClosed) service.onApplicationShutdown();
    }
    return entry;
  }

  #partsOf(credentialsId: string, options: ResolvedDidomiOptions, name: string): KeyParts {
    const known = this.#caches.get(credentialsId);
    if (known !== undefined) return this.#keyParts.get(known)!;
    const { clock, runtime } = this.#parts;
    const shared = { agents: this.#agents, tokenRequestAgents: this.#tokenRequestAgents };
    const adapter = adapterOf(name, options, runtime);
    const parts = createParts(options, { adapter, clock, name, runtime, shared });
    const { cache, events, gate } = parts;
    const insight = { events, readRequests: () => gate.status };
    const made = { ...parts, adapter, auth: new DidomiAuthService(cache, undefined, options.settings, insight) };
    this.#caches.set(credentialsId, cache);
    this.#keyParts.set(cache, made);
    events.events$.subscribe(({ type }) => {
      if (type !== 'refreshed' && type !== 'adopted') return;
      // Didomi has accepted these credentials, so another secret of the same key is an old one, or wrong.
      this.#kept.drop(({ cache: other, client }) => client.name === name && other !== cache);
    });
    return made;
  }

  /** Those of every client that is still in use. */
  #services(): (DidomiAuthService | DidomiHttpService)[] {
    return [
      ...this.#entries.values().map(({ client }) => client.http),
      ...this.#caches.values().map((cache) => this.#keyParts.get(cache)!.auth),
    ];
  }
}
