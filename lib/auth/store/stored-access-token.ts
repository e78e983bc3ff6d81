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
  if (!isBearer(accessToken) || typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined;
  return issuedAt < expiresAt ? { accessToken, issuedAt, expiresAt } : undefined;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
