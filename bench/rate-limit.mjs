import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LOAD = fileURLToPath(new URL('../test/e2e/support/rate-limited-load.mjs', import.meta.url));
/** Processes, and calls of each. */
const RUNS = [
  [5, 40],
  [20, 20],
  [1, 200],
  [2, 100],
];
/** `axios-retry` is compared where it happens to be installed. */
const OTHERS = ['axios', 'axios-retry'];

/** Processes that share a limit of 50 requests per 3 s and send all their calls at once: how many 429s that draws. */
export async function rateLimit(report, { isQuick }) {
  const name = 'Rate limit shared by processes, 50 requests per 3 s';
  for (const [processes, calls] of isQuick ? RUNS.slice(0, 1) : RUNS) {
    const line = `library, ${processes} x ${calls} calls`;
    report.add(name, line, await measure('nestjs-didomi', processes, calls), 'all succeed');
  }
  for (const client of OTHERS) {
    if (isInstalled(client)) report.add(name, `${client}, 5 x 40 calls`, await measure(client, 5, 40), '');
  }
}

async function measure(client, processes, calls) {
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, client, `${processes}`, `${calls}`]);
  const { succeeded, refused, ms } = JSON.parse(stdout);
  const seconds = (ms / 1_000).toFixed(1);
  return `${succeeded} of ${processes * calls} succeeded in ${seconds} s; 429s by window ${refused.join(', ')}`;
}

function isInstalled(name) {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
