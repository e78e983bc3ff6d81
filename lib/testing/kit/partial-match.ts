import { isDeepStrictEqual } from 'node:util';

/** What Jest and Vitest make of `expect.any(String)` and its kin. */
interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}

/**
 * Whether a value has all that is expected of it: objects may have more properties, lists may not have more items.
 */
export function isPartialMatch(expected: unknown, actual: unknown): boolean {
  if (isAsymmetricMatcher(expected)) return expected.asymmetricMatch(actual);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => isPartialMatch(item, actual[index]))
    );
  }
  if (!isPlain(expected)) return isDeepStrictEqual(expected, actual);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  return Object.entries(expected).every(([name, value]) =>
    isPartialMatch(value, (actual as Readonly<Record<string, unknown>>)[name]),
  );
}

/** Dates, bytes and the like are compared as a whole. */
function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isAsymmetricMatcher(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}
