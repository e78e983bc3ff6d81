import { isBearer } from '../sessions-body.js';

/** An access token as replicas share it. Both moments are epoch milliseconds by Didomi's clock, as far as it is known. */
export interface StoredAccessToken {
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export function writeStored(stored: StoredAccessToken): string {
  return JSON.stringify(stored);
}

/** Undefined for anything else: another version of the library may have written it. */
export function readStored(text: string): StoredAccessToken | undefined {
  const { accessToken, issuedAt, expiresAt } = parse(text);
  if (!isBearer(accessToken) || !isDate(issuedAt) || !isDate(expiresAt) || issuedAt >= expiresAt) return undefined;
  return { accessToken, issuedAt, expiresAt };
}

function isDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
