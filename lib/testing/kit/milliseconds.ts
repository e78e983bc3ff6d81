/**
 * @param name of what the caller has given.
 * @throws RangeError if it is no span of time.
 */
export function checkMilliseconds(name: string, ms: number): void {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`${name} has to be a number of milliseconds, 0 or more`);
}
