import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { FakeDidomiAccessTokenClaims } from './types.js';

/**
 * Issues access tokens and knows which are live. Expiry is looked up rather than read from the claims, so that odd
 * claims change what the client believes and nothing else.
 */
export class FakeDidomiAccessTokens {
  lifetimeMs: number;
  claims: ((claims: FakeDidomiAccessTokenClaims) => object) | undefined;
  readonly #clock: () => number;
  readonly #signingKey = randomBytes(32);
  readonly #expiries = new Map<string, number>();

  constructor(lifetimeMs: number, clock: () => number) {
    this.lifetimeMs = lifetimeMs;
    this.#clock = clock;
  }

  issue(): string {
    const claims = this.#defaultClaims();
    const accessToken = this.#sign(this.claims ? this.claims(claims) : claims);
    this.#expiries.set(accessToken, this.#clock() + this.lifetimeMs);
    return accessToken;
  }

  /** Treats a foreign string as issued; one that is known keeps its expiry or revocation. */
  adopt(accessToken: string): void {
    if (accessToken !== '' && !this.#expiries.has(accessToken)) {
      this.#expiries.set(accessToken, this.#clock() + this.lifetimeMs);
    }
  }

  isLive(accessToken: string): boolean {
    const expiresAt = this.#expiries.get(accessToken);
    return expiresAt !== undefined && this.#clock() < expiresAt;
  }

  revokeAll(): void {
    for (const accessToken of this.#expiries.keys()) this.#expiries.set(accessToken, Number.NEGATIVE_INFINITY);
  }

  #defaultClaims(): FakeDidomiAccessTokenClaims {
    const seconds = this.#clock() / 1000;
    // Rounding down would make an access token of less than a second look expired at birth.
    const iat = this.lifetimeMs % 1000 === 0 ? Math.floor(seconds) : seconds;
    return { iat, exp: iat + this.lifetimeMs / 1000, jti: randomUUID() };
  }

  #sign(claims: object): string {
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', this.#signingKey).update(content).digest('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
