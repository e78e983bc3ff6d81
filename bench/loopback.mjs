import { Agent } from 'node:https';
import { undiciAdapter } from 'nestjs-didomi/undici';
import { firstValueFrom } from 'rxjs';
import { CERTIFICATE } from './support/certificate.mjs';
import { createAxios, startDidomi, startHttpService } from './support/clients.mjs';
import { accessToken } from './support/no-op-adapter.mjs';
import { createAzurePipeline, createUndici } from './support/other-clients.mjs';
import { ratio } from './support/report.mjs';
import { interleave } from './support/rounds.mjs';
import { startServer } from './support/server.mjs';
import { compare } from './support/statistics.mjs';

const CALLERS = [1, 16, 64];
const STOCK = 'stock HttpService';
const PLAIN = 'plain axios, defaults';
const GOALS = {
  'library, axiosRef': 'at least 1.05 of plain axios, 1.25 of stock',
  'library, Observable verbs': 'at least 1.05 of plain axios, 1.25 of stock',
  'library over undici, axiosRef': 'at least 2.0 of plain axios',
  'library over undici, Observable verbs': 'at least 1.8 of plain axios',
  'library over undici, DidomiApi': 'at least 2.0 of plain axios',
};

/** Requests per second against a small HTTP server in a process of its own. */
export async function loopback(report, options) {
  await withServer(report, options, 'http', httpSubjects);
}

/** The same over TLS, with HTTP/1.1 and HTTP/2. */
export async function loopbackTls(report, options) {
  await withServer(report, options, 'https', tlsSubjects);
}

async function withServer(report, { isQuick, rounds = isQuick ? 3 : 61 }, scheme, start) {
  const server = await startServer();
  try {
    const { subjects, stop } = await start(server);
    for (const callers of CALLERS) await measure(report, { callers, isQuick, rounds, scheme, subjects });
    await stop();
  } finally {
    server.stop();
  }
}

async function httpSubjects(server) {
  const baseURL = server.baseURL('http');
  const token = accessToken();
  const config = () => ({ baseURL, headers: { Authorization: `Bearer ${token}` } });
  const [plain, again] = [createAxios(config()), createAxios(config())];
  const stock = await startHttpService(config());
  const [didomi, byUndici] = [
    await startDidomi({ baseURL }),
    await startDidomi({ baseURL, axios: { adapter: undiciAdapter() } }),
  ];
  const azure = createAzurePipeline(baseURL, token);
  const undici = createUndici(baseURL, token);
  return {
    subjects: {
      [STOCK]: () => firstValueFrom(stock.http.get('/properties')),
      [PLAIN]: () => plain.get('/properties'),
      'plain axios once more (noise floor)': () => again.get('/properties'),
      ...library('library', didomi),
      ...library('library over undici', byUndici),
      '@azure/core-rest-pipeline': () => azure('/properties'),
      'undici.request': () => undici.get('/properties'),
    },
    stop: () => Promise.all([stock.stop(), didomi.stop(), byUndici.stop(), undici.stop()]),
  };
}

async function tlsSubjects(server) {
  const [baseURL, http2BaseURL] = [server.baseURL('https'), server.baseURL('http2')];
  const token = accessToken();
  const ca = CERTIFICATE;
  const httpsAgent = new Agent({ ca, keepAlive: true });
  const config = () => ({ baseURL, httpsAgent, headers: { Authorization: `Bearer ${token}` } });
  const [plain, again] = [createAxios(config()), createAxios(config())];
  const start = (axios, url = baseURL) => startDidomi({ baseURL: url, axios });
  const connect = { ca };
  const http = await start({ httpsAgent: new Agent({ ca, keepAlive: true }) });
  const http1 = await start({ adapter: undiciAdapter({ connect }) });
  const http2 = await start({ adapter: undiciAdapter({ allowH2: true, connect }) }, http2BaseURL);
  const azure = createAzurePipeline(baseURL, token, { ca });
  const undici = createUndici(baseURL, token, { connect });
  const undici2 = createUndici(http2BaseURL, token, { allowH2: true, connect });
  return {
    subjects: {
      [PLAIN]: () => plain.get('/properties'),
      'plain axios once more (noise floor)': () => again.get('/properties'),
      'library, axiosRef': () => http.http.axiosRef.get('/properties'),
      'library over undici, HTTP/1.1, axiosRef': () => http1.http.axiosRef.get('/properties'),
      'library over undici, HTTP/2, axiosRef': () => http2.http.axiosRef.get('/properties'),
      '@azure/core-rest-pipeline': () => azure('/properties'),
      'undici.request, HTTP/1.1': () => undici.get('/properties'),
      'undici.request, HTTP/2': () => undici2.get('/properties'),
    },
    stop: async () => {
      await Promise.all([http.stop(), http1.stop(), http2.stop(), undici.stop(), undici2.stop()]);
      httpsAgent.destroy();
    },
  };
}

function library(name, { api, http }) {
  return {
    [`${name}, axiosRef`]: () => http.axiosRef.get('/properties'),
    [`${name}, Observable verbs`]: () => firstValueFrom(http.get('/properties')),
    [`${name}, DidomiApi`]: () => api.request('GET /properties'),
  };
}

async function measure(report, { callers, isQuick, rounds, scheme, subjects }) {
  // So many of each caller that the beginning and the end, when fewer are in flight, weigh little.
  const requests = Math.max(isQuick ? 60 : 120, callers * (isQuick ? 2 : 20));
  const cpu = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  const timed = Object.entries(subjects).map(([name, call]) => [
    name,
    async () => {
      const start = process.cpuUsage();
      const rate = await requestsPerSecond(call, callers, requests);
      const { user, system } = process.cpuUsage(start);
      cpu[name].push(requests / (user + system));
      return rate;
    },
  ]);
  const warmupRounds = isQuick ? 1 : 5;
  const samples = await interleave(Object.fromEntries(timed), rounds, warmupRounds);
  for (const rates of Object.values(cpu)) rates.splice(0, warmupRounds);
  const [besidePlain, cpuBesidePlain] = [compare(samples, PLAIN), compare(cpu, PLAIN)];
  const [besideStock, cpuBesideStock] =
    STOCK in subjects ? [compare(samples, STOCK), compare(cpu, STOCK)] : [undefined, undefined];
  const name = `Requests per second over loopback, ${scheme}:, ${callers} caller${callers === 1 ? '' : 's'}`;
  for (const [subject, { median }] of Object.entries(besidePlain)) {
    const [stock, cpuStock] = [besideStock?.[subject].ratio.toFixed(3), cpuBesideStock?.[subject].ratio.toFixed(3)];
    report.add(
      name,
      subject,
      `${Math.round(median)}/s; beside plain axios ${ratio(besidePlain[subject])}${stock ? `; beside stock ${stock}` : ''}; ` +
        `per second of CPU: beside plain axios ${cpuBesidePlain[subject].ratio.toFixed(3)}${stock ? `, beside stock ${cpuStock}` : ''}`,
      scheme === 'http' ? GOALS[subject] : '',
    );
  }
}

async function requestsPerSecond(call, callers, requests) {
  let left = requests;
  const start = performance.now();
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (requests / (performance.now() - start)) * 1_000;
}
