import { parseArgs } from 'node:util';
import { accessTokenCost } from './access-token.mjs';
import { clientsAtRunTime } from './clients.mjs';
import { cpuPerCall } from './cpu-per-call.mjs';
import { firstCalls } from './first-calls.mjs';
import { importEvents } from './import.mjs';
import { listeners } from './listeners.mjs';
import { loopback, loopbackTls } from './loopback.mjs';
import { rateLimit } from './rate-limit.mjs';
import { retainedMemory, retainedMemoryOverLoopback } from './retained-memory.mjs';
import { shortLivedAccessTokens } from './short-lived-access-tokens.mjs';
import { stampede } from './stampede.mjs';
import { Report } from './support/report.mjs';
import { typeCheck } from './type-check.mjs';

const MEASUREMENTS = {
  cpu: cpuPerCall,
  listeners,
  loopback,
  'loopback-tls': loopbackTls,
  'first-calls': firstCalls,
  token: accessTokenCost,
  stampede,
  'short-lived': shortLivedAccessTokens,
  memory: retainedMemory,
  'memory-loopback': retainedMemoryOverLoopback,
  clients: clientsAtRunTime,
  'rate-limit': rateLimit,
  types: typeCheck,
  import: importEvents,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(MEASUREMENTS).join(',') },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    write: { type: 'string' },
  },
});
if (globalThis.gc === undefined) throw new Error('Run it with node --expose-gc bench/run.mjs');
const chosen = values.only.split(',');
const unknown = chosen.filter((name) => !Object.hasOwn(MEASUREMENTS, name));
if (unknown.length > 0) throw new Error(`--only knows ${Object.keys(MEASUREMENTS).join(', ')}`);

const options = {
  isQuick: values.quick,
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
};
const report = new Report();
for (const name of chosen) await MEASUREMENTS[name](report, options);
console.log(`\n${report.markdown}`);
if (values.write !== undefined) await report.write(values.write);
