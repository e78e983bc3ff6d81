import { clearTimeout, setTimeout } from 'node:timers';

// Bound at load, before a test runner replaces the global timers: a deadline runs in real time even with fake timers.
const startTimer = setTimeout;
const stopTimer = clearTimeout;
/** The longest delay of a Node.js timer; a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Calls back after so many milliseconds of real time.
 *
 * @returns a function that cancels it.
 */
export function deadline(callback: () => void, ms: number): () => void {
  if (ms > MAX_MS) return () => undefined;
  const timer = startTimer(callback, ms);
  return () => stopTimer(timer);
}
