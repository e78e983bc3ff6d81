import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { AxiosAdapter } from 'axios';
import { DidomiApi } from './api/didomi-api.js';
import { AccessTokenCache } from './auth/access-token.cache.js';
import { AccessTokenCron } from './auth/access-token.cron.js';
import { AccessTokenLog } from './auth/access-token.log.js';
import { DidomiAuthService } from './auth/didomi-auth.service.js';
import { DidomiClock } from './auth/didomi.clock.js';
import { SessionsClient } from './auth/sessions.client.js';
import { TokenRequestBudget } from './auth/token-request.budget.js';
import { TokenRequestGate } from './auth/token-request.gate.js';
import { TokenRequester } from './auth/token-requester.js';
import { foreignAdapter } from './connection/foreign-adapter.js';
import { DIDOMI_RUNTIME, NodeRuntime, type DidomiRuntime } from './didomi.runtime.js';
import {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
import { DidomiHttpService } from './http/didomi-http.service.js';
import type { ResolvedDidomiOptions } from './options/resolved-didomi-options.js';

const ACCESS_TOKEN_CACHE = Symbol('nestjs-didomi:access-token-cache');

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
        const isOwn = adapter === undefined || adapter === 'http' || runtime.isOffline;
        return isOwn ? runtime.adapterOf(name) : foreignAdapter(adapter);
      },
    } satisfies FactoryProvider<AxiosAdapter>,
    {
      provide: ACCESS_TOKEN_CACHE,
      inject: [optionsToken, adapterToken, DidomiClock, DIDOMI_RUNTIME],
      useFactory: (
        options: ResolvedDidomiOptions,
        adapter: AxiosAdapter,
        clock: DidomiClock,
        runtime: DidomiRuntime,
      ) => {
        const cache = createCache(options, adapter, clock, name);
        runtime.track?.(name, cache);
        return cache;
      },
    } satisfies FactoryProvider<AccessTokenCache>,
    {
      provide: getDidomiAuthServiceToken(name),
      inject: [optionsToken, ACCESS_TOKEN_CACHE, ModuleRef],
      useFactory: (options: ResolvedDidomiOptions, cache: AccessTokenCache, modules: ModuleRef) =>
        new DidomiAuthService(cache, new AccessTokenCron(name, () => findRegistry(modules)), options.settings),
    } satisfies FactoryProvider<DidomiAuthService>,
    {
      provide: getDidomiHttpServiceToken(name),
      inject: [optionsToken, ACCESS_TOKEN_CACHE, adapterToken, DidomiClock, DIDOMI_RUNTIME],
      useFactory: (
        options: ResolvedDidomiOptions,
        cache: AccessTokenCache,
        adapter: AxiosAdapter,
        clock: DidomiClock,
        runtime: DidomiRuntime,
      ) => new DidomiHttpService(options, { adapter, cache, clock, name, runtime }),
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

function createCache(
  options: ResolvedDidomiOptions,
  adapter: AxiosAdapter,
  clock: DidomiClock,
  name: string | undefined,
): AccessTokenCache {
  const { refresh, maxTokenRequestsPerMinute, tokenRequestTimeoutMs } = options.settings;
  return new AccessTokenCache(
    new TokenRequester(options, new SessionsClient(options, adapter, clock), clock),
    new TokenRequestGate(new TokenRequestBudget(maxTokenRequestsPerMinute), options.credentialsCanChange),
    clock,
    { windowMs: refresh.windowMs, leewayMs: refresh.leewayMs, share: Math.random() },
    new AccessTokenLog(name, clock),
    tokenRequestTimeoutMs,
  );
}
