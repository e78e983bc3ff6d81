import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { AxiosAdapter } from 'axios';
import { DidomiApi } from './api/didomi-api.js';
import { AccessTokenCron } from './auth/access-token.cron.js';
import { DidomiAuthService } from './auth/didomi-auth.service.js';
import { DidomiClock } from './auth/didomi.clock.js';
import { adapterOf, createParts, type ClientParts } from './client-parts.js';
import { DIDOMI_RUNTIME, NodeRuntime, type DidomiRuntime } from './didomi.runtime.js';
import {
  getDidomiApiToken,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  getDidomiHttpServiceToken,
} from './didomi.tokens.js';
import { DidomiHttpService } from './http/didomi-http.service.js';
import type { ResolvedDidomiOptions } from './options/resolved-didomi-options.js';

const CLIENT_PARTS = Symbol('nestjs-didomi:client-parts');

/** The network and the clock, for a test to override. */
export const RUNTIME_PROVIDERS: readonly Provider[] = [
  { provide: DIDOMI_RUNTIME, useClass: NodeRuntime },
  {
    provide: DidomiClock,
    inject: [DIDOMI_RUNTIME],
    useFactory: ({ clock }: DidomiRuntime) => clock,
  } satisfies FactoryProvider<DidomiClock>,
];

/**
 * The providers of one client.
 *
 * @param optionsToken provides the {@link ResolvedDidomiOptions}.
 */
export function clientProviders(optionsToken: InjectionToken, name: string | undefined): Provider[] {
  const adapterToken = getDidomiHttpAdapterToken(name);
  return [
    ...RUNTIME_PROVIDERS,
    {
      provide: adapterToken,
      inject: [DIDOMI_RUNTIME, optionsToken],
      useFactory: (runtime: DidomiRuntime, options: ResolvedDidomiOptions) => adapterOf(name, options, runtime),
    } satisfies FactoryProvider<AxiosAdapter>,
    {
      provide: CLIENT_PARTS,
      inject: [optionsToken, adapterToken, DidomiClock, DIDOMI_RUNTIME],
      useFactory: (options: ResolvedDidomiOptions, adapter: AxiosAdapter, clock: DidomiClock, runtime: DidomiRuntime) =>
        createParts(options, { adapter, clock, name, runtime }),
    } satisfies FactoryProvider<ClientParts>,
    {
      provide: getDidomiAuthServiceToken(name),
      inject: [optionsToken, CLIENT_PARTS, ModuleRef],
      useFactory: (options: ResolvedDidomiOptions, { cache, events, gate }: ClientParts, modules: ModuleRef) => {
        const cron = new AccessTokenCron(name, () => findRegistry(modules));
        return new DidomiAuthService(cache, cron, options.settings, { events, readRequests: () => gate.status });
      },
    } satisfies FactoryProvider<DidomiAuthService>,
    {
      provide: getDidomiHttpServiceToken(name),
      inject: [optionsToken, CLIENT_PARTS, adapterToken, DidomiClock, DIDOMI_RUNTIME],
      useFactory: (
        options: ResolvedDidomiOptions,
        { agents, cache, gate }: ClientParts,
        adapter: AxiosAdapter,
        clock: DidomiClock,
        runtime: DidomiRuntime,
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
export async function findRegistry(modules: ModuleRef): Promise<SchedulerRegistry | undefined> {
  const { SchedulerRegistry: token } = await import('@nestjs/schedule');
  try {
    return modules.get(token, { strict: false });
  } catch {
    return undefined;
  }
}
