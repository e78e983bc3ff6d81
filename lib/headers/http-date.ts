/**
 * A date of a header in milliseconds since the epoch; undefined if it is none.
 *
 * Only text with letters counts: `Date.parse` takes '1.5' for a date, too.
 */
export function readHttpDate(header: unknown): number | undefined {
  if (typeof header !== 'string' || !/[a-z]/i.test(header)) return undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date;
}
