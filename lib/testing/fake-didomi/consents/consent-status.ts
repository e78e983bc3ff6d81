import { isJsonObject } from '../basics/json.js';
import type { JsonObject } from '../basics/json.js';

/** What a user agreed to under one regulation. */
export interface FakeDidomiConsentStatus {
  readonly [field: string]: unknown;
  readonly channels: readonly JsonObject[];
  readonly purposes: readonly JsonObject[];
  readonly vendors: JsonObject;
}

const OPPOSITES = { enabled: 'disabled', disabled: 'enabled', enabled_li: 'disabled_li', disabled_li: 'enabled_li' };

export const NO_CONSENT_STATUS: FakeDidomiConsentStatus = {
  channels: [],
  purposes: [],
  vendors: { enabled: [], disabled: [], enabled_li: [], disabled_li: [] },
};

/** The status after a partial update: later choices win one by one, everything not mentioned stays. */
export function mergeConsents(current: FakeDidomiConsentStatus, update: JsonObject): FakeDidomiConsentStatus {
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
  for (const item of objectsOf(update)) merged.set(item['id'], { ...merged.get(item['id']), ...item });
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

function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isJsonObject);
}
