import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import { resolveBaseURL } from './base-url.js';
import type { DidomiClientOptions, DidomiCredentials, DidomiWarmup } from './didomi-options.interface.js';
import { OptionProblems } from './option-problems.js';
import { ownOptions, type OptionNames } from './own-options.js';
import { resolveAxios } from './resolve-axios.js';
import { resolveCredentials } from './resolve-credentials.js';
import { resolveRefresh } from './resolve-refresh.js';
import { resolveRetry } from './resolve-retry.js';
import { resolveSharing } from './resolve-sharing.js';
import { ResolvedDidomiOptions, type DidomiSettings } from './resolved-didomi-options.js';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TOKEN_REQUEST_TIMEOUT_MS = 10_000;
const DEFAULT_SHUTDOWN_GRACE_MS = 5_000;
/** Timers of Node.js with a longer delay fire after 1 ms. */
const MAX_TIMER_MS = 2_147_483_647;

const OPTIONS: OptionNames<keyof DidomiClientOptions | keyof DidomiCredentials | 'credentials'> = {
  apiKey: true,
  apiSecret: true,
  credentials: true,
  baseURL: true,
  allowInsecureHttp: true,
  organizationId: true,
  refresh: true,
  warmup: true,
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
const WARMUPS: Record<DidomiWarmup, true> = { background: true, required: true, lazy: true };

/**
 * The only place where options are checked and defaults live.
 *
 * @param isCronExpression from `cron-expression.ts`, which takes too long to load where nothing starts.
 * @throws DidomiConfigurationError naming every problem at once.
 */
export function resolveDidomiOptions(
  options: unknown,
  isCronExpression: (value: string) => boolean,
): ResolvedDidomiOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new DidomiConfigurationError([
      'the options are missing: return an object such as { apiKey, apiSecret } from useFactory or createDidomiOptions()',
    ]);
  }
  const problems = new OptionProblems();
  problems.unknownNames('', options, Object.keys(OPTIONS));
  const given = ownOptions(options, OPTIONS);
  const number = (name: keyof DidomiClientOptions, min = 1): number | undefined => {
    const value = given[name];
    return problems.wholeNumber(name, value, min, MAX_TIMER_MS) ? value : undefined;
  };

  const credentials = resolveCredentials(given, problems);
  const settings: DidomiSettings = {
    baseURL: resolveBaseURL(given.baseURL, given.allowInsecureHttp, problems),
    organizationId: resolveOrganizationId(given.organizationId, problems),
    refresh: resolveRefresh(given.refresh, isCronExpression, problems),
    warmup: resolveWarmup(given.warmup, problems),
    timeoutMs: number('timeoutMs') ?? DEFAULT_TIMEOUT_MS,
    tokenRequestTimeoutMs: number('tokenRequestTimeoutMs') ?? DEFAULT_TOKEN_REQUEST_TIMEOUT_MS,
    shutdownGraceMs: number('shutdownGraceMs', 0) ?? DEFAULT_SHUTDOWN_GRACE_MS,
    retry: resolveRetry('retry', given.retry, problems),
    maxConcurrent: number('maxConcurrent'),
    maxTokenRequestsPerMinute: number('maxTokenRequestsPerMinute'),
  };
  const axios = resolveAxios(given.axios, problems);
  const sharing = resolveSharing(given, problems);

  if (problems.list.length > 0) throw new DidomiConfigurationError(problems.list);
  return new ResolvedDidomiOptions(settings, credentials, axios, sharing, given.credentials !== undefined);
}

function resolveOrganizationId(value: unknown, problems: OptionProblems): string | undefined {
  if (value === undefined) return undefined;
  return problems.text('organizationId', value, "write the id from the address of Didomi's console, or leave it out")
    ? value
    : undefined;
}

function resolveWarmup(value: unknown, problems: OptionProblems): DidomiWarmup {
  if (value === undefined) return 'background';
  if (typeof value === 'string' && Object.hasOwn(WARMUPS, value)) return value as DidomiWarmup;
  problems.add('warmup', `has to be one of ${Object.keys(WARMUPS).join(', ')}`);
  return 'background';
}
