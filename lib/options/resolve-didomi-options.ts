import { randomInt } from 'node:crypto';
import { CronTime } from 'cron';
import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import { resolveBaseURL } from './base-url.js';
import type {
  DidomiClientOptions,
  DidomiCredentials,
  DidomiRefreshOptions,
  DidomiWarmup,
} from './didomi-options.interface.js';
import { OptionProblems } from './option-problems.js';
import { resolveAxios } from './resolve-axios.js';
import { resolveRetry } from './resolve-retry.js';
import { ResolvedDidomiOptions, type DidomiSettings } from './resolved-didomi-options.js';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TOKEN_REQUEST_TIMEOUT_MS = 10_000;
const DEFAULT_SHUTDOWN_GRACE_MS = 5_000;
/** Timers of Node.js wrap to 1 ms beyond this. */
const MAX_TIMER_MS = 2_147_483_647;
const CONSOLE_HINT = "(Didomi's console, Settings > Private API keys)";

const OPTIONS: Record<keyof DidomiClientOptions | keyof DidomiCredentials | 'credentials', true> = {
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
  retry: true,
  maxConcurrent: true,
  axios: true,
};
const REFRESH_OPTIONS: Record<keyof DidomiRefreshOptions, true> = { cron: true, windowMs: true, leewayMs: true };
const WARMUPS: Record<DidomiWarmup, true> = { background: true, required: true, lazy: true };

/**
 * The only place where options are checked and defaults live.
 *
 * @throws DidomiConfigurationError naming every problem at once.
 */
export function resolveDidomiOptions(options: unknown): ResolvedDidomiOptions {
  const problems = new OptionProblems();
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new DidomiConfigurationError([
      'the options are missing: return an object such as { apiKey, apiSecret } from useFactory or createDidomiOptions()',
    ]);
  }
  problems.unknownNames('', options, Object.keys(OPTIONS));
  const given: Partial<Record<keyof typeof OPTIONS, unknown>> = options;

  const credentials = resolveCredentials(given, problems);
  const allowInsecureHttp = resolveBoolean('allowInsecureHttp', given.allowInsecureHttp, problems);
  const settings: DidomiSettings = {
    baseURL: resolveBaseURL(given.baseURL, problems, allowInsecureHttp),
    organizationId: resolveOrganizationId(given.organizationId, problems),
    refresh: resolveRefresh(given.refresh, problems),
    warmup: resolveWarmup(given.warmup, problems),
    timeoutMs: resolveNumber('timeoutMs', given.timeoutMs, problems) ?? DEFAULT_TIMEOUT_MS,
    tokenRequestTimeoutMs:
      resolveNumber('tokenRequestTimeoutMs', given.tokenRequestTimeoutMs, problems) ?? DEFAULT_TOKEN_REQUEST_TIMEOUT_MS,
    shutdownGraceMs:
      resolveNumber('shutdownGraceMs', given.shutdownGraceMs, problems, { min: 0 }) ?? DEFAULT_SHUTDOWN_GRACE_MS,
    retry: resolveRetry('retry', given.retry, problems),
    maxConcurrent: resolveNumber('maxConcurrent', given.maxConcurrent, problems),
    maxTokenRequestsPerMinute: resolveNumber('maxTokenRequestsPerMinute', given.maxTokenRequestsPerMinute, problems),
  };
  const axios = resolveAxios(given.axios, problems);

  if (problems.list.length > 0) throw new DidomiConfigurationError(problems.list);
  return new ResolvedDidomiOptions(settings, credentials, axios, given.credentials !== undefined);
}

function resolveCredentials(
  given: { apiKey?: unknown; apiSecret?: unknown; credentials?: unknown },
  problems: OptionProblems,
): () => Promise<DidomiCredentials> | DidomiCredentials {
  const { apiKey, apiSecret, credentials } = given;
  if (credentials !== undefined) {
    if (typeof credentials !== 'function') {
      problems.add('credentials', 'has to be a function that returns { apiKey, apiSecret }');
    }
    for (const name of ['apiKey', 'apiSecret'] as const) {
      if (given[name] !== undefined) problems.add(name, 'stands beside credentials: keep one of the two');
    }
    return credentials as () => Promise<DidomiCredentials>;
  }
  problems.text('apiKey', apiKey, `pass a private API key ${CONSOLE_HINT}`);
  problems.text('apiSecret', apiSecret, `pass the secret of the private API key ${CONSOLE_HINT}`);
  const values = { apiKey, apiSecret } as DidomiCredentials;
  return () => values;
}

function resolveOrganizationId(value: unknown, problems: OptionProblems): string | undefined {
  if (value === undefined) return undefined;
  return problems.text('organizationId', value, "write the id from the address of Didomi's console, or leave it out")
    ? value
    : undefined;
}

function resolveRefresh(value: unknown, problems: OptionProblems): DidomiSettings['refresh'] {
  const given = problems.object('refresh', value) && value ? value : {};
  problems.unknownNames('refresh.', given, Object.keys(REFRESH_OPTIONS));
  const windowMs = resolveNumber('refresh.windowMs', given['windowMs'], problems, { max: Number.MAX_SAFE_INTEGER });
  const leewayMs = resolveNumber('refresh.leewayMs', given['leewayMs'], problems, {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  if (windowMs !== undefined && leewayMs !== undefined && leewayMs >= windowMs) {
    problems.add('refresh.leewayMs', 'has to be shorter than refresh.windowMs, or no renewal happens ahead of need');
  }
  return { cron: resolveCron(given['cron'], problems), windowMs, leewayMs };
}

function resolveCron(value: unknown, problems: OptionProblems): string | false {
  // A second of its own for each process: on the same one, all replicas would log in at once.
  if (value === undefined) return `${randomInt(60)} * * * * *`;
  if (value === false) return false;
  if (typeof value !== 'string' || !comesRound(value)) {
    problems.add('refresh.cron', "has to be a cron expression such as '*/30 * * * * *', or false for no cron job");
    return false;
  }
  return value;
}

/** Whether it is a cron expression of moments that exist. */
function comesRound(cronExpression: string): boolean {
  try {
    // In the time zone of the process, TZ="" and others that cron does not know would look like a wrong expression.
    new CronTime(cronExpression, 'UTC').sendAt();
    return true;
  } catch {
    return false;
  }
}

function resolveWarmup(value: unknown, problems: OptionProblems): DidomiWarmup {
  if (value === undefined) return 'background';
  if (typeof value === 'string' && Object.hasOwn(WARMUPS, value)) return value as DidomiWarmup;
  problems.add('warmup', `has to be one of ${Object.keys(WARMUPS).join(', ')}`);
  return 'background';
}

function resolveBoolean(option: string, value: unknown, problems: OptionProblems): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  problems.add(option, 'has to be true or false');
  return false;
}

function resolveNumber(
  option: string,
  value: unknown,
  problems: OptionProblems,
  { min = 1, max = MAX_TIMER_MS } = {},
): number | undefined {
  return problems.wholeNumber(option, value, min, max) ? value : undefined;
}
