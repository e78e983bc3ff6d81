import type { DidomiRetryOptions } from './didomi-retry-options.interface.js';
import type { OptionProblems } from './option-problems.js';
import type { OptionNames } from './own-options.js';
import type { RetrySettings } from './resolved-didomi-options.js';

const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_MAX_WAIT_MS = 30_000;
const MAX_ATTEMPTS = 20;
const MAX_WAIT_MS = 3_600_000;

const RETRY_OPTIONS: OptionNames<keyof DidomiRetryOptions> = { maxAttempts: true, maxWaitMs: true };

/**
 * @param option the name for messages: `retry` of the client, or `didomi.retry` of a request.
 * @param base the values of what is not given.
 */
export function resolveRetry(
  option: string,
  value: unknown,
  problems: OptionProblems,
  base: RetrySettings = { maxAttempts: DEFAULT_MAX_ATTEMPTS, maxWaitMs: DEFAULT_MAX_WAIT_MS },
): RetrySettings {
  if (value === undefined) return base;
  if (value === false) return { ...base, maxAttempts: 1 };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.add(option, 'has to be an object, or false for no retry');
    return base;
  }
  const { maxAttempts, maxWaitMs } = problems.group(option, value, RETRY_OPTIONS);
  return {
    maxAttempts: problems.wholeNumber(`${option}.maxAttempts`, maxAttempts, 1, MAX_ATTEMPTS)
      ? (maxAttempts ?? base.maxAttempts)
      : base.maxAttempts,
    maxWaitMs: problems.wholeNumber(`${option}.maxWaitMs`, maxWaitMs, 0, MAX_WAIT_MS)
      ? (maxWaitMs ?? base.maxWaitMs)
      : base.maxWaitMs,
  };
}
