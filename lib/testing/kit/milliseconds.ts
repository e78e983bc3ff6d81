/**
 * @param name of what the caller has given.
 * @throws RangeError if it is no span of time.
 */
export function checkMilliseconds(name: string, ms: number, least = 0): void {
  if (!Number.isFinite(ms) || ms < least)
    throw new RangeError(`${name} has to be a number of milliseconds, ${least} or more`);
}
