import { errorOf } from './error-of.js';
import type { FakeClock } from './fake-clock.js';

/** Longer than a request with the default options can wait before its last attempt. */
export const LONG_MS = 120_000;

/** The error of a call that waits, for instance between attempts. */
export async function errorAfterWaits(
  promise: Promise<unknown>,
  clock: FakeClock,
): Promise<Error & { attempts?: number }> {
  const error = errorOf(promise);
  await clock.advance(LONG_MS);
  return await error;
}

/** The error of a call that is still to come, and whether the call has ended. */
export function watch(promise: Promise<unknown>): { isSettled: boolean; error: Promise<Error> } {
  const watched = { isSettled: false, error: errorOf(promise) };
  void watched.error.then(() => (watched.isSettled = true));
  return watched;
}
