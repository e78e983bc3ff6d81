import { randomUUID } from 'node:crypto';
import type { FakeDidomiAccessTokenClaims } from '../types.js';
import { FakeDidomiJwtSigner } from './jwt-signer.js';

interface Issued {
  readonly organizationId: string;
  expiresAt: number;
}

/**
 * Issues access tokens and knows which are live, and for which organization. Expiry is looked up rather than read from
 * the claims, so that odd claims change what the client believes and nothing else.
 */
export class FakeDidomiAccessTokens {
  lifetimeMs: number;
  claims: ((claims: FakeDidomiAccessTokenClaims) => object) | undefined;
  readonly #clock: () => number;
  readonly #signer = new FakeDidomiJwtSigner();
  readonly #issued = new Map<string, Issued>();

  constructor(lifetimeMs: number, clock: () => number) {
    this.lifetimeMs = lifetimeMs;
    this.#clock = clock;
  }

  issue(organizationId: string): string {
    const claims = this.#defaultClaims();
    const accessToken = this.#signer.sign(this.claims ? this.claims(claims) : claims);
    this.#issued.set(accessToken, this.#from(organizationId));
    return accessToken;
  }

  /** Treats a foreign string as issued; one that is known keeps its expiry or revocation. */
  adopt(accessToken: string, organizationId: string): void {
    if (accessToken !== '' && !this.#issued.has(accessToken)) this.#issued.set(accessToken, this.#from(organizationId));
  }

  /** The organization that a live access token was issued to. */
  organizationOf(accessToken: string): string | undefined {
    const issued = this.#issued.get(accessToken);
    return issued && this.#clock() < issued.expiresAt ? issued.organizationId : undefined;
  }

  revokeAll(): void {
    for (const issued of this.#issued.values()) issued.expiresAt = Number.NEGATIVE_INFINITY;
  }

  #from(organizationId: string): Issued {
    return { organizationId, expiresAt: this.#clock() + this.lifetimeMs };
  }

  #defaultClaims(): FakeDidomiAccessTokenClaims {
    const seconds = this.#clock() / 1000;
    // Rounding down would make an access token of less than a second look expired at birth.
    const iat = this.lifetimeMs % 1000 === 0 ? Math.floor(seconds) : seconds;
    return { iat, exp: iat + this.lifetimeMs / 1000, jti: randomUUID() };
  }
}
