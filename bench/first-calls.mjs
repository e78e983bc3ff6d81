import { Agent } from 'node:https';
import { undiciAdapter } from 'nestjs-didomi/undici';
import { CERTIFICATE } from './support/certificate.mjs';
import { createAxios, startDidomi } from './support/clients.mjs';
import { accessToken } from './support/no-op-adapter.mjs';
import { createUndici } from './support/other-clients.mjs';
import { ratio } from './support/report.mjs';
import { interleave } from './support/rounds.mjs';
import { startServer } from './support/server.mjs';
import { compare } from './support/statistics.mjs';

const CALLS = 64;
const PLAIN = 'plain axios, keep-alive agent';

/** 64 calls at once of a client that has just started, over TLS: what opening the connections costs. */
export async function firstCalls(report, { isQuick, rounds = isQuick ? 3 : 31 }) {
  const server = await startServer();
  const subjects = subjectsOf(server.baseURL('https'), server.baseURL('http2'));
  const timed = Object.entries(subjects).map(([name, start]) => [name, () => callsPerSecond(start)]);
  const samples = await interleave(Object.fromEntries(timed), rounds).finally(() => server.stop());
  for (const [subject, result] of Object.entries(compare(samples, PLAIN))) {
    const time = `${((CALLS / result.median) * 1_000).toFixed(0)} ms`;
    report.add(`First ${CALLS} calls at once, https:`, subject, `${time}; beside plain axios ${ratio(result)}`);
  }
}

/** Each starts a client, with its access token at hand. */
function subjectsOf(baseURL, http2BaseURL) {
  const token = accessToken();
  const ca = CERTIFICATE;
  const connect = { ca };
  const plain = async () => {
    const httpsAgent = new Agent({ ca, keepAlive: true });
    const client = createAxios({ baseURL, httpsAgent, headers: { Authorization: `Bearer ${token}` } });
    return { call: () => client.get('/properties'), stop: () => httpsAgent.destroy() };
  };
  const library =
    (axios, url = baseURL) =>
    async () => {
      const { http, stop } = await startDidomi({ baseURL: url, axios: axios() });
      return { call: () => http.axiosRef.get('/properties'), stop };
    };
  const undici =
    (options, url = baseURL) =>
    async () => {
      const { get, stop } = createUndici(url, token, { connect, ...options });
      return { call: () => get('/properties'), stop };
    };
  return {
    [PLAIN]: plain,
    'plain axios once more (noise floor)': plain,
    library: library(() => ({ httpsAgent: new Agent({ ca, keepAlive: true }) })),
    'library over undici, HTTP/1.1': library(() => ({ adapter: undiciAdapter({ connect }) })),
    'library over undici, HTTP/2': library(
      () => ({ adapter: undiciAdapter({ allowH2: true, connect }) }),
      http2BaseURL,
    ),
    'undici.request, HTTP/1.1': undici({}),
    'undici.request, HTTP/2': undici({ allowH2: true }, http2BaseURL),
  };
}

async function callsPerSecond(start) {
  const { call, stop } = await start();
  const begin = performance.now();
  await Promise.all(Array.from({ length: CALLS }, call));
  const rate = (CALLS / (performance.now() - begin)) * 1_000;
  await stop();
  return rate;
}
