import { resolveBaseURL } from './base-url.js';
import type { DidomiClientOptions } from './didomi-options.interface.js';
import type { OptionProblems } from './option-problems.js';
import type { OptionNames } from './own-options.js';
import { resolveRefresh } from './resolve-refresh.js';
import { resolveRetry } from './resolve-retry.js';
import type { DidomiSettings } from './resolved-didomi-options.js';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TOKEN_REQUEST_TIMEOUT_MS = 10_000;
const DEFAULT_SHUTDOWN_GRACE_MS = 5_000;
/** Timers of Node.js with a longer delay fire after 1 ms. */
const MAX_TIMER_MS = 2_147_483_647;

/** The options that every client has, wherever its credentials and its organization come from. */
export const CLIENT_OPTIONS: OptionNames<Exclude<keyof DidomiClientOptions, 'organizationId' | 'warmup'>> = {
  baseURL: true,
  allowInsecureHttp: true,
  refresh: true,
  timeoutMs: true,
  tokenRequestTimeoutMs: true,
  shutdownGraceMs: true,
  maxTokenRequestsPerMinute: true,
  tokenStore: true,
  exclusive: true,
  retry: true,
  maxConcurrent: true,
  axios: true,
};

/** The settings that hold no secret, and that every client has. */
export type ClientSettings = Omit<DidomiSettings, 'organizationId' | 'warmup'>;

export function resolveClientSettings(
  given: Record<keyof typeof CLIENT_OPTIONS, unknown>,
  isCronExpression: (value: string) => boolean,
  problems: OptionProblems,
): ClientSettings {
  const number = (name: keyof typeof CLIENT_OPTIONS, min = 1): number | undefined => {
    const value = given[name];
    return problems.wholeNumber(name, value, min, MAX_TIMER_MS) ? value : undefined;
  };
  return {
    baseURL: resolveBaseURL(given.baseURL, given.allowInsecureHttp, problems),
    refresh: resolveRefresh(given.refresh, isCronExpression, problems),
    timeoutMs: number('timeoutMs') ?? DEFAULT_TIMEOUT_MS,
    tokenRequestTimeoutMs: number('tokenRequestTimeoutMs') ?? DEFAULT_TOKEN_REQUEST_TIMEOUT_MS,
    shutdownGraceMs: number('shutdownGraceMs', 0) ?? DEFAULT_SHUTDOWN_GRACE_MS,
    retry: resolveRetry('retry', given.retry, problems),
    maxConcurrent: number('maxConcurrent'),
    maxTokenRequestsPerMinute: number('maxTokenRequestsPerMinute'),
  };
}
