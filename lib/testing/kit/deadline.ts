// Taken before a test runner can replace them: a deadline is for what hangs in spite of the test's own time.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/**
 * Calls back after so many milliseconds of real time.
 *
 * @returns a function that takes the call back.
 */
export function deadline(callback: () => void, ms: number): () => void {
  const timer = startTimer(callback, ms);
  return () => stopTimer(timer);
}
