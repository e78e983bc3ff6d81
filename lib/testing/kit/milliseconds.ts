/**
 * @param name of the option or argument.
 * @param min in milliseconds.
 * @throws RangeError if the value is not a finite number of milliseconds, `min` or more.
 */
export function checkMilliseconds(name: string, ms: number, min = 0): void {
  if (!Number.isFinite(ms) || ms < min)
    throw new RangeError(`${name} has to be a number of milliseconds, ${min} or more`);
}
