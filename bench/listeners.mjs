import { tracingChannel } from 'node:diagnostics_channel';
import { startDidomi } from './support/clients.mjs';
import { cpuOf } from './support/cpu.mjs';
import { noOpAdapter } from './support/no-op-adapter.mjs';
import { ratio } from './support/report.mjs';
import { interleave } from './support/rounds.mjs';
import { compare } from './support/statistics.mjs';

const NAME = 'CPU per call with listeners';
const URL = '/properties/property-1';
const BASE = 'nobody listens';
const CHANNEL = tracingChannel('nestjs-didomi:request');

/** What it costs a call that somebody listens to its events. That nobody does is what `cpu` measures. */
export async function listeners(report, { isQuick, rounds = isQuick ? 7 : 151 }) {
  const calls = isQuick ? 1_000 : 2_000;
  const baseURL = 'http://127.0.0.1:1/v1';
  const [silent, again, observed] = await Promise.all([1, 2, 3].map(() => startDidomi({ baseURL }, noOpAdapter())));
  let told = 0;
  observed.http.events$.subscribe(() => (told += 1));
  const cpu = ({ http }) => cpuOf(() => http.axiosRef.get(URL), calls);
  const subjects = {
    [BASE]: () => cpu(silent),
    'nobody listens, once more (noise floor)': () => cpu(again),
    'a subscriber of http.events$': () => cpu(observed),
    'a subscriber of the tracing channel': () => withChannel(() => cpu(silent)),
  };
  const results = compare(await interleave(subjects, rounds, isQuick ? 3 : 5), BASE);
  for (const [name, result] of Object.entries(results)) {
    report.add(NAME, name, name === BASE ? `1.000 (${result.median.toFixed(2)} µs)` : ratio(result));
  }
  if (told === 0) throw new Error('The subscriber was told nothing');
  await Promise.all([silent, again, observed].map(({ stop }) => stop()));
}

/** The channel is that of the process: its subscriber comes and goes. */
async function withChannel(run) {
  let told = 0;
  const tell = () => (told += 1);
  const subscribers = { start: tell, end: tell, asyncStart: tell, asyncEnd: tell, error: tell };
  CHANNEL.subscribe(subscribers);
  const cpu = await run();
  CHANNEL.unsubscribe(subscribers);
  if (told === 0) throw new Error('The subscriber of the channel was told nothing');
  return cpu;
}
