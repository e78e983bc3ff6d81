import type { DidomiApiError } from '../errors/didomi-api.error.js';
import { jsonOf } from './json.js';

/** Not `organization_user_id`, which is the caller's. */
const ORGANIZATION_ID = /organization[_ -]?id\b/i;

/**
 * Whether Didomi finds the `organization_id` of a request missing or invalid. It does not document how it says so: `errors` is
 * a list or an object, and often empty, so that only the message tells.
 */
export function isAboutOrganization({ status, path, errors, message }: DidomiApiError): boolean {
  if (status !== 400 && status !== 422) return false;
  // The path may hold an id of the caller's choice.
  return ORGANIZATION_ID.test(message.replace(path, '')) || ORGANIZATION_ID.test(jsonOf(errors) ?? '');
}
