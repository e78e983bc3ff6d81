import { undiciAdapter } from 'nestjs-didomi/undici';
import { firstValueFrom } from 'rxjs';
import { createAxios, startDidomi, startHttpService } from './support/clients.mjs';
import { heapInUse } from './support/memory.mjs';
import { accessToken, noOpAdapter } from './support/no-op-adapter.mjs';
import { startServer } from './support/server.mjs';

/** What is still in memory after very many calls. */
export async function retainedMemory(report, { isQuick }) {
  const calls = isQuick ? 5_000 : 100_000;
  const config = {
    baseURL: 'http://127.0.0.1:1/v1',
    maxRedirects: 0,
    adapter: noOpAdapter(),
    headers: { Authorization: `Bearer ${accessToken()}` },
  };
  const plain = createAxios(config);
  const stock = await startHttpService(config);
  const didomi = await startDidomi({ baseURL: config.baseURL }, noOpAdapter());
  const subjects = {
    'plain axios (noise floor)': () => plain.get('/properties'),
    'stock HttpService': () => firstValueFrom(stock.http.get('/properties')),
    'library, axiosRef': () => didomi.http.axiosRef.get('/properties'),
    'library, Observable verbs': () => firstValueFrom(didomi.http.get('/properties')),
  };
  await measure(report, 'no-op adapter', subjects, calls);
  await stock.stop();
  await didomi.stop();
}

/** The same over connections, which the transport on undici needs. */
export async function retainedMemoryOverLoopback(report, { isQuick }) {
  const server = await startServer();
  try {
    const baseURL = server.baseURL('http');
    const plain = createAxios({ baseURL, headers: { Authorization: `Bearer ${accessToken()}` } });
    const didomi = await startDidomi({ baseURL, axios: { adapter: undiciAdapter() } });
    const subjects = {
      'plain axios (noise floor)': () => plain.get('/properties'),
      'library over undici, axiosRef': () => didomi.http.axiosRef.get('/properties'),
    };
    await measure(report, 'loopback', subjects, isQuick ? 5_000 : 100_000);
    await didomi.stop();
  } finally {
    server.stop();
  }
}

async function measure(report, transport, subjects, calls) {
  // As many as are measured: until then, compiled code and grown tables add a megabyte once, to whoever comes first.
  for (const call of Object.values(subjects)) await times(call, calls);
  for (const [name, call] of Object.entries(subjects)) {
    const before = await heapInUse();
    await times(call, calls);
    const retained = (await heapInUse()) - before;
    const goal = name.startsWith('library') ? 'nothing beyond the noise floor' : '';
    report.add(
      `Memory retained by ${calls.toLocaleString('en')} calls, ${transport}`,
      name,
      `${Math.round(retained / 1_024)} KiB`,
      goal,
    );
  }
}

async function times(call, calls) {
  for (let i = 0; i < calls; i += 1) await call();
}
