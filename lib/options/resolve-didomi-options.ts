import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientOptions, DidomiCredentials, DidomiWarmup } from './didomi-options.interface.js';
import { OptionProblems } from './option-problems.js';
import { ownOptions, type OptionNames } from './own-options.js';
import { resolveAxios } from './resolve-axios.js';
import { CLIENT_OPTIONS, resolveClientSettings } from './resolve-client-settings.js';
import { resolveCredentials } from './resolve-credentials.js';
import { resolveSharing } from './resolve-sharing.js';
import { ResolvedDidomiOptions, type DidomiSettings } from './resolved-didomi-options.js';

const OPTIONS: OptionNames<keyof DidomiClientOptions | keyof DidomiCredentials | 'credentials'> = {
  apiKey: true,
  apiSecret: true,
  credentials: true,
  organizationId: true,
  warmup: true,
  ...CLIENT_OPTIONS,
};
const WARMUPS: Record<DidomiWarmup, true> = { background: true, required: true, lazy: true };

/**
 * The only place where the options of one client are checked and get their defaults.
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
  const credentials = resolveCredentials(given, problems);
  const settings: DidomiSettings = {
    ...resolveClientSettings(given, isCronExpression, problems),
    organizationId: resolveOrganizationId(given.organizationId, problems),
    warmup: resolveWarmup(given.warmup, problems),
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
