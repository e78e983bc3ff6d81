import { DidomiRequestError } from '../errors/didomi-request.error.js';
import type { DidomiOrganizationCredentials } from '../options/didomi-clients-options.interface.js';
import { OptionProblems } from '../options/option-problems.js';
import { ownOptions } from '../options/own-options.js';

const NAMES = { apiKey: true, apiSecret: true, organizationId: true } as const;

/**
 * A copy of what was passed to `DidomiClients.for()`.
 *
 * @throws DidomiRequestError naming everything that is wrong, never a value.
 */
export function readCredentials(
  given: unknown,
): DidomiOrganizationCredentials & { organizationId: string | undefined } {
  const problems = new OptionProblems();
  const isObject = typeof given === 'object' && given !== null;
  const { apiKey, apiSecret, organizationId } = ownOptions(isObject ? given : {}, NAMES);
  problems.text('apiKey', apiKey, 'pass a private API key of the organization');
  problems.text('apiSecret', apiSecret, 'pass the secret of the private API key');
  const hasOrganization = organizationId !== undefined && organizationId !== null;
  if (hasOrganization)
    problems.text('organizationId', organizationId, 'pass the id of the organization, or leave it out');
  if (problems.list.length > 0) throw new DidomiRequestError(`DidomiClients.for(): ${problems.list.join('; ')}`);
  return { apiKey, apiSecret, organizationId: hasOrganization ? organizationId : undefined } as ReturnType<
    typeof readCredentials
  >;
}
