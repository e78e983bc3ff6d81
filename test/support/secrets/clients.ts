import { afterEach, beforeEach } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  type DidomiModuleOptions,
  type DidomiRequestConfig,
} from '../../../lib/index.js';
import { undiciAdapter } from '../../../lib/undici/index.js';
import { API_KEY, API_SECRET, PROXY_PASSWORD } from './credentials.js';
import { didomi, proxy, startServers, stopServers } from './servers.js';

export interface Client {
  readonly app: TestingModule;
  readonly auth: DidomiAuthService;
  readonly http: DidomiHttpService;
}

/** A set-up where no request can bring a connection of its own. */
export const BY_UNDICI = 'undici, and a proxy in the options';

let agents: Agent[] = [];
let apps: { close(): Promise<void> }[] = [];

beforeEach(startServers);

afterEach(async () => {
  for (const app of apps) await app.close();
  for (const agent of agents) agent.destroy();
  agents = [];
  apps = [];
  await stopServers();
});

/** Ways to set up a client that give a secret more places to appear: an agent refers to the requests that it serves. */
export const SET_UPS: Readonly<
  Record<string, () => { options?: Partial<DidomiModuleOptions>; config?: DidomiRequestConfig }>
> = {
  'the defaults': () => ({}),
  'agents in the options': () => ({ options: { axios: { httpAgent: newAgent() } } }),
  'agents in the options and with each request': () => ({
    options: { axios: { httpAgent: newAgent() } },
    config: { httpAgent: newAgent() },
  }),
  'a proxy in the options': () => ({ options: { axios: { proxy: proxyWithPassword() } } }),
  'a proxy with each request': () => ({ config: { proxy: proxyWithPassword() } }),
  [BY_UNDICI]: () => ({ options: { axios: { adapter: undiciAdapter(), proxy: proxyWithPassword() } } }),
};

export function newAgent(): Agent {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return agent;
}

export function proxyWithPassword(port = (proxy.address() as AddressInfo).port) {
  return { protocol: 'http', host: '127.0.0.1', port, auth: { username: 'user', password: PROXY_PASSWORD } };
}

export async function startClient(options: Partial<DidomiModuleOptions> = {}): Promise<Client> {
  const credentials = 'credentials' in options ? {} : { apiKey: API_KEY, apiSecret: API_SECRET };
  const defaults = { baseURL: didomi.baseURL, warmup: 'lazy', retry: false, maxTokenRequestsPerMinute: 1_000 };
  const all = { ...credentials, ...defaults, ...options } as DidomiModuleOptions;
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] }).compile();
  app.useLogger(false);
  await app.init();
  closeAfterTest(app);
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService) };
}

export function closeAfterTest(app: { close(): Promise<void> }): void {
  apps.push(app);
}
