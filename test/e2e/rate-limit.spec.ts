import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtFile } from '../support/built-file.js';
import { killAfterTest } from '../support/child-processes.js';

/** What `support/rate-limited-load.mjs` prints. */
interface Report {
  readonly succeeded: number;
  readonly failures: string[];
  /** The 429s of each window. */
  readonly refused: number[];
  readonly ms: number;
}

const LOAD = fileURLToPath(new URL('support/rate-limited-load.mjs', import.meta.url));

/** 50 requests per 3 s for all processes together, against the built library. `npm run bench` has further runs. */
async function put(client: 'nestjs-didomi' | 'axios', processes: number, calls: number): Promise<Report> {
  builtFile('esm/index.js');
  const run = promisify(execFile)(process.execPath, [LOAD, client, `${processes}`, `${calls}`]);
  killAfterTest(run.child);
  const { stdout } = await run;
  return JSON.parse(stdout) as Report;
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

describe('the rate limit of an organization', () => {
  it('that five processes share lets each of their calls through, with few 429s after the first window', async () => {
    const plain = await put('axios', 5, 40);
    expect(plain).toMatchObject({ succeeded: 50, refused: [150] });

    const { succeeded, failures, refused } = await put('nestjs-didomi', 5, 40);
    expect({ succeeded, failures }).toEqual({ succeeded: 200, failures: [] });
    expect(sum(refused.slice(1))).toBeLessThan(50);
  }, 60_000);

  it('draws no 429 from a process alone after the first window', async () => {
    const { succeeded, failures, refused } = await put('nestjs-didomi', 1, 200);
    expect({ succeeded, failures }).toEqual({ succeeded: 200, failures: [] });
    expect(sum(refused.slice(1))).toBe(0);
  }, 60_000);
});
