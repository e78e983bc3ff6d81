import { clearTimeout, setTimeout } from 'node:timers';

// Of Node.js and taken at once, so that no test runner replaces them: a deadline is for what hangs in spite of the test's own time.
const startTimer = setTimeout;
const stopTimer = clearTimeout;
/** What Node.js cannot wait for is for ever. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Calls back after so many milliseconds of real time.
 *
 * @returns a function that takes the call back.
 */
export function deadline(callback: () => void, ms: number): () => void {
  if (ms > MAX_MS) return () => undefined;
  const timer = startTimer(callback, ms);
  return () => stopTimer(timer);
}
