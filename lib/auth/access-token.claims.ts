import { decodeJwt } from 'jose/jwt/decode';

/** Didomi's "Authentication" page: access tokens expire after one hour. */
const DOCUMENTED_LIFETIME_MS = 3_600_000;

/** A claim beyond this many seconds (the year 5138) is milliseconds by mistake, or garbage. */
const MAX_CLAIM_SECONDS = 1e11;

export interface AccessTokenLifetime {
  readonly lifetimeMs: number;
  /** True when the access token itself says nothing usable and the documented hour is taken for it. */
  readonly isAssumed: boolean;
}

/**
 * How long an access token lives, counted from the sending of its token request.
 *
 * `exp - iat` needs no clock but Didomi's, so that a wrong one on either side does no harm. With `exp` alone our clock has
 * to do. What makes no sense counts as absent, and so does an access token that is not a JWT.
 */
export function readLifetime(accessToken: string, now: number): AccessTokenLifetime {
  const { exp, iat } = readClaims(accessToken);
  if (exp !== undefined) {
    const lifetimeMs = iat === undefined ? exp * 1_000 - now : (exp - iat) * 1_000;
    if (lifetimeMs > 0) return { lifetimeMs, isAssumed: false };
  }
  return { lifetimeMs: DOCUMENTED_LIFETIME_MS, isAssumed: true };
}

function readClaims(accessToken: string): { exp: number | undefined; iat: number | undefined } {
  try {
    const claims: Record<string, unknown> = decodeJwt(accessToken);
    return { exp: seconds(claims['exp']), iat: seconds(claims['iat']) };
  } catch {
    return { exp: undefined, iat: undefined };
  }
}

function seconds(claim: unknown): number | undefined {
  return typeof claim === 'number' && claim > 0 && claim < MAX_CLAIM_SECONDS ? claim : undefined;
}
