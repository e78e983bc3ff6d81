import type { InjectionToken } from '@nestjs/common';
import { DidomiApi } from './api/didomi-api.js';
import { DidomiAuthService } from './auth/didomi-auth.service.js';
import { DidomiHttpService } from './http/didomi-http.service.js';

/**
 * The injection token of a client's `DidomiApi`: the class itself for the default client.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function getDidomiApiToken(name?: string): InjectionToken<DidomiApi> {
  return name === undefined ? DidomiApi : tokenOf('api', name);
}

/**
 * The injection token of a client's `DidomiHttpService`: the class itself for the default client.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function getDidomiHttpServiceToken(name?: string): InjectionToken<DidomiHttpService> {
  return name === undefined ? DidomiHttpService : tokenOf('http', name);
}

/**
 * The injection token of a client's `DidomiAuthService`: the class itself for the default client.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function getDidomiAuthServiceToken(name?: string): InjectionToken<DidomiAuthService> {
  return name === undefined ? DidomiAuthService : tokenOf('auth', name);
}

/**
 * The injection token of a client's transport, an Axios adapter function. API requests and token requests of the client go
 * through it, so overriding this provider replaces the network of the client.
 *
 * @param name the `name` of the registration; absent for the default client.
 *
 * @publicApi
 */
export function getDidomiHttpAdapterToken(name?: string): InjectionToken {
  return tokenOf('http-adapter', name);
}

/** Registered symbols: two copies of the package in one process agree on them. */
function tokenOf(kind: string, name: string | undefined): symbol {
  return Symbol.for(name === undefined ? `nestjs-didomi:${kind}` : `nestjs-didomi:${kind}:${name}`);
}
