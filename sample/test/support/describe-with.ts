import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';

/** `describe` where a program of Debian is installed. Elsewhere it says that it skips, and why. */
export function describeWith(program: string): typeof describe | typeof describe.skip {
  if (existsSync(program)) return describe;
  console.warn(`Skipped: the tests that need ${program}, which is not there`);
  return describe.skip;
}
