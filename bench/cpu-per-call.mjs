import { firstValueFrom } from 'rxjs';
import { createAxios, startDidomi, startHttpService } from './support/clients.mjs';
import { cpuOf } from './support/cpu.mjs';
import { accessToken, noOpAdapter } from './support/no-op-adapter.mjs';
import { ratio } from './support/report.mjs';
import { interleave } from './support/rounds.mjs';
import { compare } from './support/statistics.mjs';

const NAME = 'CPU per call, no-op adapter';
const URL = '/properties';
const BASE = 'plain axios, static header';
const RATE_LIMIT = { ratelimit: 'limit=1000000, remaining=999999, reset=7', 'ratelimit-policy': '1000000;w=15' };

/** The CPU time of one call, beside plain Axios, everything but the network. */
export async function cpuPerCall(report, { isQuick, rounds = isQuick ? 7 : 151 }) {
  const calls = isQuick ? 1_000 : 2_000;
  const config = () => ({
    baseURL: 'http://127.0.0.1:1/v1',
    timeout: 30_000,
    maxRedirects: 0,
    adapter: noOpAdapter(),
    headers: { Authorization: `Bearer ${accessToken()}` },
  });
  const plain = createAxios(config());
  const again = createAxios(config());
  const stock = await startHttpService(config());
  const didomi = await startDidomi({ baseURL: config().baseURL }, noOpAdapter());
  const limited = await startDidomi({ baseURL: config().baseURL }, noOpAdapter(RATE_LIMIT));
  const organization = await startDidomi({ baseURL: config().baseURL, organizationId: 'acme' }, noOpAdapter());

  const subjects = {
    [BASE]: () => plain.get(URL),
    'plain axios once more (noise floor)': () => again.get(URL),
    'library, axiosRef': () => didomi.http.axiosRef.get(URL),
    'library, Observable verbs': () => firstValueFrom(didomi.http.get(URL)),
    'library, axiosRef, with an organizationId': () => organization.http.axiosRef.get(URL),
    'library, axiosRef, answers with RateLimit headers': () => limited.http.axiosRef.get(URL),
  };
  const goals = { 'library, axiosRef': 'at most 0.93', 'library, Observable verbs': 'at most 0.99' };
  const measure = async (chosen) => {
    const timed = Object.entries(chosen).map(([name, call]) => [name, () => cpuOf(call, calls)]);
    const results = compare(await interleave(Object.fromEntries(timed), rounds, isQuick ? 3 : 5), BASE);
    for (const [name, result] of Object.entries(results)) {
      const text = name === BASE ? `1.000 (${result.median.toFixed(2)} µs)` : ratio(result);
      if (name !== BASE || chosen === subjects) report.add(NAME, name, text, goals[name]);
    }
  };
  await measure(subjects);
  // Among themselves: what these leave behind is collected at the expense of whoever comes next.
  await measure({ [BASE]: subjects[BASE], 'stock HttpService': () => firstValueFrom(stock.http.get(URL)) });
  await Promise.all([stock, didomi, limited, organization].map(({ stop }) => stop()));
}
