import type { OnApplicationShutdown } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import axios, { type AxiosAdapter } from 'axios';
import type { AccessTokenCache } from '../auth/access-token.cache.js';
import type { DidomiClock } from '../auth/didomi.clock.js';
import { DidomiAgents } from '../connection/didomi-agents.js';
import type { ResolvedDidomiOptions } from '../options/resolved-didomi-options.js';
import { BearerInterceptor } from './bearer.interceptor.js';
import { DidomiOrigin } from './didomi-origin.js';
import { DidomiTransport } from './didomi.transport.js';

/**
 * The `HttpService` of `@nestjs/axios` for Didomi's API: paths are relative to `baseURL`, and each request carries the access
 * token. Same Observables, same `axiosRef`, over an Axios instance of its own.
 *
 * @publicApi
 */
export class DidomiHttpService extends HttpService implements OnApplicationShutdown {
  readonly #agents: DidomiAgents;
  readonly #transport: DidomiTransport;

  /** @internal */
  constructor(options: ResolvedDidomiOptions, cache: AccessTokenCache, adapter: AxiosAdapter, clock: DidomiClock) {
    const { baseURL, timeoutMs } = options.settings;
    const defaults = options.axiosDefaults();
    const agents = new DidomiAgents(defaults);
    const transport = new DidomiTransport(adapter, cache, clock);
    const instance = axios.create({
      ...defaults,
      ...agents.config(),
      headers: { ...defaults.headers },
      baseURL,
      timeout: timeoutMs,
      maxRedirects: 0,
      adapter: transport.send,
    });
    const bearer = new BearerInterceptor(cache, new DidomiOrigin(baseURL));
    // Registered first, so it runs last: it sees the request as every other interceptor has left it.
    instance.interceptors.request.use(bearer.authorize, refuse, { synchronous: true });
    super(instance);
    this.#agents = agents;
    this.#transport = transport;
  }

  /** Ends what waits, and closes the connections. */
  onApplicationShutdown(): void {
    this.#transport.close();
    this.#agents.destroy();
  }
}

/** Axios hands a synchronous interceptor's error to this function, and would send the request if it returned. */
function refuse(error: unknown): never {
  throw error;
}
