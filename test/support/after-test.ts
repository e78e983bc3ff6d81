import { afterEach } from '@jest/globals';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/**
 * Runs this after the current test, the last one first, also if the test fails: an open server or a child process would keep
 * Jest from ending.
 */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}
