import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Test } from '@nestjs/testing';
import {
  DidomiClients,
  DidomiClientsModule,
  type DidomiAxiosOptions,
  type DidomiClientsOptions,
} from '../../lib/index.js';
import { undiciAdapter } from '../../lib/undici/index.js';
import { afterTest } from '../support/after-test.js';
import { collectGarbage, customer } from '../support/create-clients.js';
import { errorOf } from '../support/error-of.js';
import { LoopbackServer, sendJson } from '../support/loopback-server.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { until } from '../support/until.js';

/** One for token requests, one for API requests. */
const ONE_OF_EACH = 2;

async function start(options: DidomiClientsOptions = {}) {
  const server = await LoopbackServer.start();
  afterTest(() => server.stop());
  const app = await Test.createTestingModule({
    imports: [DidomiClientsModule.forRoot({ baseURL: server.baseURL, ...options })],
  })
    .setLogger(new RecordingLogger())
    .compile();
  afterTest(() => app.close());
  await app.init();
  return { app, clients: app.get(DidomiClients), server };
}

const TRANSPORTS = [
  ['of Node.js', (): DidomiAxiosOptions => ({})],
  ['of undici', (): DidomiAxiosOptions => ({ adapter: undiciAdapter() })],
] as const;

describe.each(TRANSPORTS)('the connections of DidomiClients, %s', (_name, axiosOf) => {
  const startOver = (options: DidomiClientsOptions = {}) => start({ axios: axiosOf(), ...options });

  it('serve one client after the other', async () => {
    const { clients, server } = await startOver();
    for (let turn = 0; turn < 20; turn += 1) {
      await clients.for(customer(`customer-${turn}`)).api.request('GET /properties');
    }
    expect(server.requests).toHaveLength(20);
    expect(server.sockets.size).toBe(ONE_OF_EACH);
  });

  it('are not used up by one client for the others', async () => {
    const { clients, server } = await startOver();
    const open: ServerResponse[] = [];
    server.onApiRequest = (request, response) => {
      if (request.url?.startsWith('/v1/slow')) open.push(response);
      else sendJson(response, {});
    };
    const { http } = clients.for(customer('greedy'));
    const calls = Array.from({ length: 200 }, () => http.axiosRef.get('/slow'));
    // As many as one client may have in flight, see maxConcurrent.
    await server.received(128);

    await clients.for(customer('modest')).http.axiosRef.get('/quick');

    expect(open).toHaveLength(128);
    while (open.length > 0 || server.requests.length < 201) {
      for (const response of open.splice(0)) sendJson(response, {});
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const response of open.splice(0)) sendJson(response, {});
    await Promise.all(calls);
  });

  it('outlive a client that is let go, also with a request in flight', async () => {
    const { clients, server } = await startOver({ maxClients: 1 });
    let answer = (): void => undefined;
    server.onApiRequest = (_request, response, count) => {
      if (count === 0) answer = () => sendJson(response, { late: true });
      else sendJson(response, {});
    };
    const call = clients.for(customer('a')).http.axiosRef.get('/properties');
    await server.received(1);
    for (const name of ['b', 'c']) await clients.for(customer(name)).http.axiosRef.get('/properties');
    await collectGarbage();

    answer();
    expect((await call).data).toEqual({ late: true });
  });

  it('are all closed at the shutdown, idle, in use, and those of clients that were let go', async () => {
    const { app, clients, server } = await startOver({ maxClients: 1, shutdownGraceMs: 0 });
    await clients.for(customer('idle')).http.axiosRef.get('/properties');
    server.onApiRequest = () => undefined;
    const ends = ['a', 'b'].map((name) => errorOf(clients.for(customer(name)).http.axiosRef.get('/hangs')));
    await server.received(3);
    expect(server.sockets.size).toBeGreaterThanOrEqual(3);

    await app.close();

    for (const error of await Promise.all(ends)) expect(error).toMatchObject({ reason: 'closed' });
    await until(() => server.sockets.size === 0);
  });
});
