import type { FieldError } from '../api/route.js';
import { isJsonObject, type JsonObject } from '../api/input.js';

/** What a user agreed to under one regulation. */
export interface ConsentStatus {
  readonly [field: string]: unknown;
  readonly channels: readonly JsonObject[];
  readonly purposes: readonly JsonObject[];
  readonly vendors: JsonObject;
}

/** The regulation that Didomi assumes where none is named, on writing and on reading. */
export const DEFAULT_REGULATION = 'gdpr';

export const NO_CONSENT_STATUS: ConsentStatus = {
  channels: [],
  purposes: [],
  vendors: { enabled: [], disabled: [], enabled_li: [], disabled_li: [] },
};

const OPPOSITES = { enabled: 'disabled', disabled: 'enabled', enabled_li: 'disabled_li', disabled_li: 'enabled_li' };

const EVENT_STATUSES: readonly unknown[] = ['confirmed', 'pending_approval'];

/** What is wrong with an event that was sent. */
export function errorsOfEvent(event: unknown, prefix = ''): readonly FieldError[] {
  if (!isJsonObject(event)) return [{ field: `${prefix}event`, message: 'must be an object' }];
  const { id, status, regulation, user, consents, proofs, proofs_id: proofIds } = event;
  const isStatus = status === undefined || EVENT_STATUSES.includes(status);
  return [
    expected(id === undefined || isText(id), `${prefix}id`, 'must be a string'),
    expected(isStatus, `${prefix}status`, 'must be confirmed or pending_approval'),
    expected(regulation === undefined || isText(regulation), `${prefix}regulation`, 'must be a string'),
    expected(user === undefined || isJsonObject(user), `${prefix}user`, 'must be an object'),
    expected(proofs === undefined || Array.isArray(proofs), `${prefix}proofs`, 'must be a list'),
    expected(proofIds === undefined || Array.isArray(proofIds), `${prefix}proofs_id`, 'must be a list'),
    errorsOfConsents(consents, prefix),
  ].flat();
}

export function errorsOfConsents(consents: unknown, prefix = ''): readonly FieldError[] {
  if (consents === undefined) return [];
  if (!isJsonObject(consents)) return expected(false, `${prefix}consents`, 'must be an object');
  return ['purposes', 'channels'].flatMap((field) =>
    expected(isListWithIds(consents[field]), `${prefix}consents.${field}`, 'must be a list of objects with an id'),
  );
}

function expected(isValid: boolean, field: string, message: string): readonly FieldError[] {
  return isValid ? [] : [{ field, message }];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isListWithIds(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.every((item) => isJsonObject(item) && typeof item['id'] === 'string');
}

/** The status after a partial update: later choices win one by one, everything not mentioned stays. */
export function mergeConsents(current: ConsentStatus, update: JsonObject): ConsentStatus {
  return {
    ...current,
    ...update,
    channels: mergeById(current.channels, update['channels']),
    purposes: mergeById(current.purposes, update['purposes']),
    vendors: mergeVendors(current.vendors, update['vendors']),
  };
}

function mergeById(current: readonly JsonObject[], update: unknown): readonly JsonObject[] {
  const merged = new Map(current.map((item) => [item['id'], item]));
  for (const item of listOf(update).filter(isJsonObject)) {
    merged.set(item['id'], { ...merged.get(item['id']), ...item });
  }
  return [...merged.values()];
}

function mergeVendors(current: JsonObject, update: unknown): JsonObject {
  if (!isJsonObject(update)) return current;
  const sides = Object.entries(OPPOSITES).map(([side, opposite]) => {
    const withdrawn = new Set(listOf(update[opposite]));
    const kept = listOf(current[side]).filter((vendor) => !withdrawn.has(vendor));
    return [side, [...new Set([...kept, ...listOf(update[side])])]] as const;
  });
  return { ...current, ...update, ...Object.fromEntries(sides) };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
