import { describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { inspect } from 'node:util';
import { DIDOMI_OPTIONS } from '../../../lib/didomi.module-definition.js';
import { DidomiClock, DidomiModule, getDidomiHttpAdapterToken } from '../../../lib/index.js';
import { errorOf } from '../../support/error-of.js';
import { canaries } from '../../support/secrets/canaries.js';
import { newAgent, proxyWithPassword, startClient } from '../../support/secrets/clients.js';
import { leaksOf, reachable } from '../../support/secrets/leaks.js';
import { didomi } from '../../support/secrets/servers.js';

describe('no secret is in', () => {
  it('the services, the providers or the module, idle and with a request in flight', async () => {
    const httpAgent = newAgent();
    const { app, http, auth } = await startClient({
      axios: { httpAgent, proxy: proxyWithPassword() },
      warmup: 'background',
    });
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    const inFlight = errorOf(http.axiosRef.get('/properties'));
    while (didomi.apiRequests < 2) await new Promise((resolve) => setImmediate(resolve));

    const clock = app.get(DidomiClock, { strict: false });
    const options: unknown = app.get(DIDOMI_OPTIONS, { strict: false });
    const adapter: unknown = app.get(getDidomiHttpAdapterToken(), { strict: false });
    for (const value of [http, auth, auth.status, http.axiosRef, http.axiosRef.defaults, clock, options, adapter]) {
      expect(leaksOf(value)).toEqual([]);
    }
    // Nest's container can be reached on many paths: with a greater depth this takes hours.
    expect(canaries().filter((canary) => inspect(app, { depth: 6, showHidden: true }).includes(canary))).toEqual([]);
    for (const module of app.get(ModulesContainer).values()) {
      if (module.metatype !== DidomiModule) continue;
      for (const { instance } of module.providers.values()) {
        if (instance === app.get(ModulesContainer) || /^(?:ModuleRef|ApplicationConfig)/.test(String(instance)))
          continue;
        expect(reachable(instance)).toEqual([]);
      }
    }
    expect(reachable(app)).toEqual([]);

    await app.close();
    await inFlight;
    expect(reachable(app)).toEqual([]);
  });
});
