import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtFile } from '../support/built-file.js';
import { kill } from '../support/child-processes.js';

/** What `support/rate-limited-load.mjs` prints. */
interface Report {
  readonly succeeded: number;
  readonly failures: string[];
  /** The 429s of each window. */
  readonly refused: number[];
  readonly ms: number;
}

const children: ChildProcess[] = [];

const LOAD = fileURLToPath(new URL('support/rate-limited-load.mjs', import.meta.url));

/** 50 requests per 3 s for all processes together, against the built library. `npm run bench` has further runs. */
async function put(client: 'nestjs-didomi' | 'axios', processes: number, calls: number): Promise<Report> {
  builtFile('esm/index.js');
  const run = promisify(execFile)(process.execPath, [LOAD, client, `${processes}`, `${calls}`]);
  children.push(run.child);
  const { stdout } = await run;
  return JSON.parse(stdout) as Report;
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

describe('the rate limit of an organization', () => {
  /** All at once, since they spend their time waiting for the next window: each has a server of its own. */
  let plain: Report, shared: Report, alone: Report;

  beforeAll(async () => {
    const runs = [put('axios', 5, 40), put('nestjs-didomi', 5, 40), put('nestjs-didomi', 1, 200)] as const;
    [plain, shared, alone] = await Promise.all(runs);
  }, 60_000);

  afterAll(() => Promise.all(children.map(kill)));

  it('that five processes share lets each of their calls through, with few 429s after the first window', () => {
    expect(plain).toMatchObject({ succeeded: 50, refused: [150] });

    const { succeeded, failures, refused } = shared;
    expect({ succeeded, failures }).toEqual({ succeeded: 200, failures: [] });
    expect(sum(refused.slice(1))).toBeLessThan(50);
  });

  it('draws no 429 from a process alone after the first window', () => {
    const { succeeded, failures, refused } = alone;
    expect({ succeeded, failures }).toEqual({ succeeded: 200, failures: [] });
    expect(sum(refused.slice(1))).toBe(0);
  });
});
