import type { FakeDidomiFieldError } from '../basics/envelopes.js';
import { isJsonObject } from '../basics/json.js';

/** The regulation that Didomi assumes where none is named, on writing and on reading. */
export const DEFAULT_REGULATION = 'gdpr';

const STATUSES: readonly unknown[] = ['confirmed', 'pending_approval'];

/** What is wrong with an event that somebody sent. */
export function problemsOfEvent(event: unknown, prefix = ''): readonly FakeDidomiFieldError[] {
  if (!isJsonObject(event)) return [{ field: `${prefix}event`, message: 'must be an object' }];
  const { id, status, regulation, user, consents, proofs, proofs_id: proofIds } = event;
  return [
    expected(id === undefined || isText(id), `${prefix}id`, 'must be a string'),
    expected(
      status === undefined || STATUSES.includes(status),
      `${prefix}status`,
      'must be confirmed or pending_approval',
    ),
    expected(regulation === undefined || isText(regulation), `${prefix}regulation`, 'must be a string'),
    expected(user === undefined || isJsonObject(user), `${prefix}user`, 'must be an object'),
    expected(proofs === undefined || Array.isArray(proofs), `${prefix}proofs`, 'must be a list'),
    expected(proofIds === undefined || Array.isArray(proofIds), `${prefix}proofs_id`, 'must be a list'),
    problemsOfConsents(consents, prefix),
  ].flat();
}

export function problemsOfConsents(consents: unknown, prefix = ''): readonly FakeDidomiFieldError[] {
  if (consents === undefined) return [];
  if (!isJsonObject(consents)) return expected(false, `${prefix}consents`, 'must be an object');
  return ['purposes', 'channels'].flatMap((field) =>
    expected(isListWithIds(consents[field]), `${prefix}consents.${field}`, 'must be a list of objects with an id'),
  );
}

function expected(isValid: boolean, field: string, message: string): readonly FakeDidomiFieldError[] {
  return isValid ? [] : [{ field, message }];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isListWithIds(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.every((item) => isJsonObject(item) && typeof item['id'] === 'string');
}
