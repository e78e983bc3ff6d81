import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { FakeDidomiAccessTokenClaims } from '../fake-didomi.types.js';

/** Bounds the memory of a fake that runs for long; clients that cache their access token stay far below. */
const MAX_SESSIONS = 10_000;

/** Signs claims as a JWT with a key that nobody else has. */
export class JwtSigner {
  readonly #key = randomBytes(32);

  sign(claims: object): string {
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', this.#key).update(content).digest('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

interface Session {
  readonly organizationId: string;
  expiresAt: number;
}

/**
 * Issues access tokens and knows which are live, and for which organization. Expiry is looked up rather than read from
 * the claims, so that odd claims change what the client believes and nothing else.
 */
export class FakeDidomiAccessTokens {
  claims: ((claims: FakeDidomiAccessTokenClaims) => object) | undefined;
  readonly #clock: () => number;
  readonly #signer = new JwtSigner();
  readonly #sessions = new Map<string, Session>();

  #lifetimeMs = 0;

  /** @throws TypeError if the lifetime makes no sense. */
  constructor(lifetimeMs: number, clock: () => number) {
    this.lifetimeMs = lifetimeMs;
    this.#clock = clock;
  }

  get lifetimeMs(): number {
    return this.#lifetimeMs;
  }

  set lifetimeMs(lifetimeMs: number) {
    if (!(lifetimeMs > 0 && lifetimeMs <= Number.MAX_SAFE_INTEGER)) {
      throw new TypeError('accessTokenLifetimeMs must be a number of milliseconds above 0');
    }
    this.#lifetimeMs = lifetimeMs;
  }

  issue(organizationId: string): string {
    const claims = this.#defaultClaims();
    const accessToken = this.#signer.sign(this.claims ? this.claims(claims) : claims);
    this.#begin(accessToken, organizationId);
    return accessToken;
  }

  /** Treats a foreign string as issued; one that is known keeps its expiry or revocation. */
  adopt(accessToken: string, organizationId: string): void {
    if (accessToken !== '' && !this.#sessions.has(accessToken)) this.#begin(accessToken, organizationId);
  }

  /** The organization that a live access token was issued to. */
  organizationOf(accessToken: string): string | undefined {
    const session = this.#sessions.get(accessToken);
    return session && this.#clock() < session.expiresAt ? session.organizationId : undefined;
  }

  revokeAll(): void {
    for (const session of this.#sessions.values()) session.expiresAt = Number.NEGATIVE_INFINITY;
  }

  #begin(accessToken: string, organizationId: string): void {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    this.#sessions.set(accessToken, { organizationId, expiresAt: this.#clock() + this.lifetimeMs });
  }

  #defaultClaims(): FakeDidomiAccessTokenClaims {
    const seconds = this.#clock() / 1000;
    // Rounding down would make an access token of less than a second look expired at birth.
    const iat = this.lifetimeMs % 1000 === 0 ? Math.floor(seconds) : seconds;
    return { iat, exp: iat + this.lifetimeMs / 1000, jti: randomUUID() };
  }
}
