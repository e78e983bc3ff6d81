import { startDidomi } from './support/clients.mjs';
import { heapInUse } from './support/memory.mjs';
import { noOpAdapter } from './support/no-op-adapter.mjs';
import { interleave } from './support/rounds.mjs';
import { median } from './support/statistics.mjs';

const NAME = 'getAccessToken(), access token cached';

/** What an awaited `getAccessToken()` costs, beside an awaited async function that does nothing. */
export async function accessTokenCost(report, { isQuick }) {
  const { auth, stop } = await startDidomi({}, noOpAdapter());
  const nothing = async () => 'access token';
  const samples = await interleave(
    {
      nothing: () => nanosecondsPerCall(nothing, 100_000),
      library: () => nanosecondsPerCall(() => auth.getAccessToken(), 100_000),
    },
    isQuick ? 5 : 31,
  );
  report.add(NAME, 'an async function that does nothing', `${Math.round(median(samples.nothing))} ns`);
  report.add(NAME, 'library', `${Math.round(median(samples.library))} ns`, 'under 1,000 ns');

  const calls = isQuick ? 200_000 : 1_000_000;
  const before = await heapInUse();
  await nanosecondsPerCall(() => auth.getAccessToken(), calls);
  const retained = ((await heapInUse()) - before) / calls;
  report.add(NAME, 'library', `${retained.toFixed(3)} bytes retained per call`, '0');
  await stop();
}

async function nanosecondsPerCall(call, calls) {
  const start = process.cpuUsage();
  for (let i = 0; i < calls; i += 1) await call();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) / calls) * 1_000;
}
