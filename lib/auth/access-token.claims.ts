/** Didomi's "Authentication" page: access tokens expire after one hour. */
const DOCUMENTED_LIFETIME_MS = 3_600_000;

/** A lifetime below a second is a mistake, such as a wrong unit or a fast local clock, and counts as absent. */
const MIN_CLAIMED_LIFETIME_MS = 1_000;

/** The shortest lifetime that counts: renewals at a faster pace would use up the rate limit of the organization. */
const MIN_LIFETIME_MS = 2_000;

/** A claim beyond this many seconds (the year 5138) is in milliseconds by mistake, or garbage. */
const MAX_CLAIM_SECONDS = 1e11;

export interface AccessTokenLifetime {
  readonly lifetimeMs: number;
  /** True if the access token has no usable claims, so that the documented hour is assumed. */
  readonly isAssumed: boolean;
}

/**
 * How long an access token lives, counted from when its token request was sent.
 *
 * `exp - iat` needs no clock but Didomi's, so a wrong clock on either side does no harm. Claims that make no sense count as absent,
 * and so do those of an access token that is not a JWT.
 *
 * @param now what `exp` alone is compared with, in milliseconds since the epoch: the server's clock if its answer told it.
 */
export function readLifetime(accessToken: string, now: number): AccessTokenLifetime {
  const { exp, iat } = readClaims(accessToken);
  if (exp !== undefined) {
    // Rounded: a difference of fractions is not exact.
    const claimedMs = Math.round(iat === undefined ? exp * 1_000 - now : (exp - iat) * 1_000);
    if (claimedMs >= MIN_CLAIMED_LIFETIME_MS) {
      return { lifetimeMs: Math.max(claimedMs, MIN_LIFETIME_MS), isAssumed: false };
    }
  }
  return { lifetimeMs: DOCUMENTED_LIFETIME_MS, isAssumed: true };
}

function readClaims(accessToken: string): { exp: number | undefined; iat: number | undefined } {
  const claims = decodeClaims(accessToken);
  return { exp: seconds(claims['exp']), iat: seconds(claims['iat']) };
}

/** The claims of a signed JWT, unverified: only Didomi can check the signature. Never throws. */
function decodeClaims(accessToken: string): Readonly<Record<string, unknown>> {
  const [, payload = '', signature, ...more] = accessToken.split('.');
  if (signature === undefined || more.length > 0) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function seconds(claim: unknown): number | undefined {
  return typeof claim === 'number' && claim > 0 && claim < MAX_CLAIM_SECONDS ? claim : undefined;
}
