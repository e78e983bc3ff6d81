import { fork } from 'node:child_process';
import { once } from 'node:events';
import { firstValueFrom } from 'rxjs';
import { createAxios, startDidomi, startHttpService } from './support/clients.mjs';
import { accessToken } from './support/no-op-adapter.mjs';
import { ratio } from './support/report.mjs';
import { interleave } from './support/rounds.mjs';
import { compare } from './support/statistics.mjs';

const CALLERS = [1, 16, 64];
const STOCK = 'stock HttpService';
const PLAIN = 'plain axios, defaults';

/** Requests per second against a small HTTP server in a process of its own. */
export async function loopback(report, { isQuick, rounds = isQuick ? 3 : 121 }) {
  const server = fork(new URL('./support/loopback-server.mjs', import.meta.url));
  try {
    const [port] = await once(server, 'message');
    await measure(report, `http://127.0.0.1:${port}/v1`, isQuick, rounds);
  } finally {
    server.kill();
  }
}

async function measure(report, baseURL, isQuick, rounds) {
  const config = () => ({ baseURL, headers: { Authorization: `Bearer ${accessToken()}` } });
  const plain = createAxios(config());
  const again = createAxios(config());
  const stock = await startHttpService(config());
  const didomi = await startDidomi({ baseURL });
  const calls = {
    [STOCK]: () => firstValueFrom(stock.http.get('/properties')),
    [PLAIN]: () => plain.get('/properties'),
    'plain axios once more (noise floor)': () => again.get('/properties'),
    'library, axiosRef': () => didomi.http.axiosRef.get('/properties'),
    'library, Observable verbs': () => firstValueFrom(didomi.http.get('/properties')),
  };
  for (const callers of CALLERS) {
    const requests = isQuick ? 60 : 120;
    const cpu = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
    const timed = Object.entries(calls).map(([name, call]) => [
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
    const cpuBesidePlain = compare(cpu, PLAIN);
    const cpuBesideStock = compare(cpu, STOCK);
    const besidePlain = compare(samples, PLAIN);
    const besideStock = compare(samples, STOCK);
    const name = `Requests per second over loopback, ${callers} caller${callers === 1 ? '' : 's'}`;
    for (const [subject, { median }] of Object.entries(besidePlain)) {
      const isLibrary = subject.startsWith('library');
      report.add(
        name,
        subject,
        `${Math.round(median)}/s; beside plain axios ${ratio(besidePlain[subject])}; beside stock ${besideStock[subject].ratio.toFixed(3)}; ` +
          `per second of CPU: beside plain axios ${cpuBesidePlain[subject].ratio.toFixed(3)}, beside stock ${cpuBesideStock[subject].ratio.toFixed(3)}`,
        isLibrary ? 'at least 1.05 of plain axios, 1.25 of stock' : '',
      );
    }
  }
  await Promise.all([stock.stop(), didomi.stop()]);
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
