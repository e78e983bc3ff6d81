import { DidomiConfigurationError } from '../errors/didomi-configuration.error.js';
import type { DidomiClientsOptions } from './didomi-clients-options.interface.js';
import { OptionProblems } from './option-problems.js';
import { ownOptions, type OptionNames } from './own-options.js';
import { resolveAxios } from './resolve-axios.js';
import { CLIENT_OPTIONS, resolveClientSettings } from './resolve-client-settings.js';
import { resolveSharing } from './resolve-sharing.js';
import { ResolvedDidomiClientsOptions } from './resolved-didomi-clients-options.js';

const DEFAULT_MAX_CLIENTS = 1_000;

const OPTIONS: OptionNames<keyof DidomiClientsOptions> = { ...CLIENT_OPTIONS, maxClients: true };

/** Options of `DidomiModule` that have another place here, or none. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  apiKey: 'pass it to DidomiClients.for()',
  apiSecret: 'pass it to DidomiClients.for()',
  organizationId: 'pass it to DidomiClients.for()',
  credentials: 'pass apiKey and apiSecret to DidomiClients.for(), each time a client is needed',
  warmup: 'remove it, a client requests its access token when a call needs it',
  name: 'remove it, these clients are told apart by their credentials',
};

/**
 * The only place where the options that clients share are checked and get their defaults.
 *
 * @param isCronExpression from `cron-expression.ts`, which takes too long to load where nothing starts.
 * @throws DidomiConfigurationError naming every problem at once.
 */
export function resolveDidomiClientsOptions(
  options: unknown,
  isCronExpression: (value: string) => boolean,
): ResolvedDidomiClientsOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const problem =
      'the options are missing: return an object from useFactory or createDidomiClientsOptions(), {} for the defaults';
    throw new DidomiConfigurationError([problem], 'DidomiClientsModule');
  }
  const problems = new OptionProblems();
  problems.unknownNames('', options, [...Object.keys(OPTIONS), ...Object.keys(ELSEWHERE)]);
  for (const [name, advice] of Object.entries(ELSEWHERE)) {
    if (Object.hasOwn(options, name)) problems.add(name, `is not an option of DidomiClientsModule: ${advice}`);
  }
  const given = ownOptions(options, OPTIONS);
  const settings = resolveClientSettings(given, isCronExpression, problems);
  const axios = resolveAxios(given.axios, problems);
  const sharing = resolveSharing(given, problems);
  const maxClients = problems.wholeNumber('maxClients', given.maxClients, 1, Number.MAX_SAFE_INTEGER)
    ? given.maxClients
    : undefined;

  if (problems.list.length > 0) throw new DidomiConfigurationError(problems.list, 'DidomiClientsModule');
  return new ResolvedDidomiClientsOptions(settings, axios, sharing, maxClients ?? DEFAULT_MAX_CLIENTS);
}
