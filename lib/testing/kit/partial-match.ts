import { isDeepStrictEqual } from 'node:util';

/** `expect.any(String)` and the like, in Jest and Vitest. */
interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}

/**
 * Whether a value has everything expected: objects may have further properties, lists no further items.
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
  if (!isPlainObject(expected)) return isDeepStrictEqual(expected, actual);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  return Object.entries(expected).every(([name, value]) =>
    isPartialMatch(value, (actual as Readonly<Record<string, unknown>>)[name]),
  );
}

/** Unlike a Date or bytes, which are compared as a whole. */
export function isPlainObject(value: unknown): value is object {
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
