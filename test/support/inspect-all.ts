import { inspect } from 'node:util';

/** What the most thorough log would print of a value. */
export function inspectAll(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true });
}
