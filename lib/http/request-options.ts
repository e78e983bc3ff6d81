import { DidomiRequestError } from '../errors/didomi-request.error.js';
import { OptionProblems } from '../options/option-problems.js';
import { resolveRetry } from '../options/resolve-retry.js';
import type { RetrySettings } from '../options/resolved-didomi-options.js';
import type { DidomiRequestOptions } from './didomi-request-config.interface.js';

const REQUEST_OPTIONS: Record<keyof DidomiRequestOptions, true> = { organizationId: true, retry: true, replay: true };

/** The `didomi` options of a request, checked. */
export interface RequestOptions {
  readonly organizationId: string | undefined;
  readonly retry: RetrySettings;
  readonly replay: boolean;
}

/**
 * @param config an Axios configuration, whose type knows no `didomi`.
 * @param defaults those of the client.
 * @throws DidomiRequestError naming every problem, never a value.
 */
export function readRequestOptions(config: object, defaults: RequestOptions): RequestOptions {
  const given: unknown = (config as { readonly didomi?: unknown }).didomi;
  if (given === undefined) return defaults;
  const problems = new OptionProblems();
  if (!problems.object('didomi', given)) throw new DidomiRequestError(problems.list.join('; '));
  problems.unknownNames('didomi.', given, Object.keys(REQUEST_OPTIONS));
  const { organizationId, retry, replay } = given;
  if (organizationId !== undefined && organizationId !== false) {
    problems.text('didomi.organizationId', organizationId, 'write the id of an organization, or false for none');
  }
  if (replay !== undefined && typeof replay !== 'boolean') problems.add('didomi.replay', 'has to be true or false');
  const options = {
    organizationId: organizationId === false ? undefined : ((organizationId as string) ?? defaults.organizationId),
    retry: resolveRetry('didomi.retry', retry, problems, defaults.retry),
    replay: (replay as boolean | undefined) ?? defaults.replay,
  };
  if (problems.list.length > 0) throw new DidomiRequestError(problems.list.join('; '));
  return options;
}
