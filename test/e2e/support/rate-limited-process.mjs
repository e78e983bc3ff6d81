/**
 * One process of those that share a rate limit. Sends `CALLS` requests at once to `BASE_URL` when its parent says so, by the
 * client that is built into `dist` or by one to compare it with, and reports how each one ended.
 */
import axios from 'axios';

const { BASE_URL: baseURL, CLIENT, CALLS } = process.env;

const CLIENTS = {
  async 'nestjs-didomi'() {
    await import('reflect-metadata');
    const { NestFactory } = await import('@nestjs/core');
    const { DidomiHttpService, DidomiModule } = await import('../../../dist/esm/index.js');
    const options = { apiKey: 'key', apiSecret: 'secret', baseURL };
    const app = await NestFactory.createApplicationContext(DidomiModule.forRoot(options), { logger: ['error'] });
    const http = app.get(DidomiHttpService);
    return { get: (path) => http.axiosRef.get(path), close: () => app.close() };
  },

  async axios() {
    const instance = axios.create({ baseURL });
    return { get: (path) => instance.get(path), close: () => undefined };
  },

  async 'axios-retry'() {
    const { default: axiosRetry } = await import('axios-retry');
    const instance = axios.create({ baseURL });
    const retryCondition = (error) =>
      error.response?.status === 429 || axiosRetry.isNetworkOrIdempotentRequestError(error);
    axiosRetry(instance, {
      retries: 2,
      retryDelay: (count, error) => axiosRetry.exponentialDelay(count, error),
      retryCondition,
    });
    return { get: (path) => instance.get(path), close: () => undefined };
  },
};

const { get, close } = await CLIENTS[CLIENT]();
process.send('ready');
await new Promise((resolve) => process.once('message', resolve));
const outcomes = await Promise.allSettled(Array.from({ length: Number(CALLS) }, (_, call) => get(`/call-${call}`)));
await close();
process.send({
  succeeded: outcomes.filter(({ status }) => status === 'fulfilled').length,
  failures: outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message),
});
process.disconnect();
