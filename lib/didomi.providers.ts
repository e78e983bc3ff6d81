import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { AxiosAdapter } from 'axios';
import { DidomiApi } from './api/didomi-api.js';
import type { AccessTokenCache } from './auth/access-token.cache.js';
import { AccessTokenCron } from './auth/access-token.cron.js';
import { AccessTokenEvents } from './auth/access-token.events.js';
import { createAccessTokenCache } from './auth/create-access-token-cache.js';
import { DidomiAuthService } from './auth/didomi-auth.service.js';
import { DidomiClock } from './auth/didomi.clock.js';
import { foreignAdapter } from './connection/foreign-adapter.js';
import { openConnections } from './connection/open-connections.js';
import { DIDOMI_RUNTIME, NodeRuntime, type DidomiRuntime } from './didomi.runtime.js';
import {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
import { DidomiHttpService } from './http/didomi-http.service.js';
import { RequestGate } from './http/rate-limit/request-gate.js';
import { isTransport, type DidomiConnections } from './options/didomi-transport.interface.js';
import type { ResolvedDidomiOptions } from './options/resolved-didomi-options.js';

const ACCESS_TOKEN_CACHE = Symbol('nestjs-didomi:access-token-cache');
const ACCESS_TOKEN_EVENTS = Symbol('nestjs-didomi:access-token-events');
const AGENTS = Symbol('nestjs-didomi:agents');
const REQUEST_GATE = Symbol('nestjs-didomi:request-gate');

/** How many requests may wait to be sent. Further ones are refused: they would only fail later. */
const MAX_WAITING = 10_000;

/**
 * The providers of one client.
 *
 * @param optionsToken provides the {@link ResolvedDidomiOptions}.
 */
export function clientProviders(optionsToken: InjectionToken, name: string | undefined): Provider[] {
  const adapterToken = getDidomiHttpAdapterToken(name);
  return [
    { provide: DIDOMI_RUNTIME, useClass: NodeRuntime },
    {
      provide: DidomiClock,
      inject: [DIDOMI_RUNTIME],
      useFactory: ({ clock }: DidomiRuntime) => clock,
    } satisfies FactoryProvider<DidomiClock>,
    {
      provide: adapterToken,
      inject: [DIDOMI_RUNTIME, optionsToken],
      useFactory: (runtime: DidomiRuntime, options: ResolvedDidomiOptions) => {
        const { adapter } = options.axiosDefaults();
        if (adapter === undefined || adapter === 'http' || runtime.isOffline) return runtime.adapterOf(name);
        return isTransport(adapter) ? adapter.adapter : foreignAdapter(adapter);
      },
    } satisfies FactoryProvider<AxiosAdapter>,
    {
      provide: ACCESS_TOKEN_EVENTS,
      inject: [DidomiClock],
      useFactory: (clock: DidomiClock) => new AccessTokenEvents(name, clock),
    } satisfies FactoryProvider<AccessTokenEvents>,
    {
      provide: ACCESS_TOKEN_CACHE,
      inject: [optionsToken, adapterToken, DidomiClock, DIDOMI_RUNTIME, ACCESS_TOKEN_EVENTS],
      useFactory: (
        options: ResolvedDidomiOptions,
        adapter: AxiosAdapter,
        clock: DidomiClock,
        runtime: DidomiRuntime,
        events: AccessTokenEvents,
      ) => {
        const cache = createAccessTokenCache(options, { adapter, clock, events, name, isOffline: runtime.isOffline });
        runtime.track?.(name, cache);
        return cache;
      },
    } satisfies FactoryProvider<AccessTokenCache>,
    {
      provide: getDidomiAuthServiceToken(name),
      inject: [optionsToken, ACCESS_TOKEN_CACHE, ACCESS_TOKEN_EVENTS, REQUEST_GATE, ModuleRef],
      useFactory: (
        options: ResolvedDidomiOptions,
        cache: AccessTokenCache,
        events: AccessTokenEvents,
        gate: RequestGate,
        modules: ModuleRef,
      ) => {
        const cron = new AccessTokenCron(name, () => findRegistry(modules));
        return new DidomiAuthService(cache, cron, options.settings, { events, readRequests: () => gate.status });
      },
    } satisfies FactoryProvider<DidomiAuthService>,
    {
      provide: AGENTS,
      inject: [optionsToken],
      useFactory: (options: ResolvedDidomiOptions) =>
        openConnections(options.axiosDefaults(), options.settings.baseURL),
    } satisfies FactoryProvider<DidomiConnections>,
    {
      provide: REQUEST_GATE,
      inject: [optionsToken, AGENTS, DidomiClock, DIDOMI_RUNTIME],
      useFactory: (
        { settings }: ResolvedDidomiOptions,
        agents: DidomiConnections,
        clock: DidomiClock,
        runtime: DidomiRuntime,
      ) => {
        // What waits inside of an agent waits in an order of its own, and its deadline runs.
        const maxConcurrent = Math.min(settings.maxConcurrent ?? Infinity, agents.maxConnections);
        const gate = new RequestGate(clock, { maxConcurrent, maxWaiting: MAX_WAITING });
        runtime.track?.(name, gate);
        return gate;
      },
    } satisfies FactoryProvider<RequestGate>,
    {
      provide: getDidomiHttpServiceToken(name),
      inject: [optionsToken, ACCESS_TOKEN_CACHE, adapterToken, DidomiClock, DIDOMI_RUNTIME, AGENTS, REQUEST_GATE],
      useFactory: (
        options: ResolvedDidomiOptions,
        cache: AccessTokenCache,
        adapter: AxiosAdapter,
        clock: DidomiClock,
        runtime: DidomiRuntime,
        agents: DidomiConnections,
        gate: RequestGate,
      ) => new DidomiHttpService(options, { adapter, agents, cache, clock, gate, name, runtime }),
    } satisfies FactoryProvider<DidomiHttpService>,
    {
      provide: getDidomiApiToken(name),
      inject: [getDidomiHttpServiceToken(name), optionsToken],
      useFactory: (http: DidomiHttpService, { settings }: ResolvedDidomiOptions) =>
        new DidomiApi(http, settings.organizationId),
    } satisfies FactoryProvider<DidomiApi>,
  ];
}

/** Injected like any other optional provider, it would load `@nestjs/schedule` and `cron` with the library. */
async function findRegistry(modules: ModuleRef): Promise<SchedulerRegistry | undefined> {
  const { SchedulerRegistry: token } = await import('@nestjs/schedule');
  try {
    return modules.get(token, { strict: false });
  } catch {
    return undefined;
  }
}
