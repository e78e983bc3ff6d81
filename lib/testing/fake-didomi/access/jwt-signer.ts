import { createHmac, randomBytes } from 'node:crypto';

/** Signs claims as a JWT with a key that nobody else has. */
export class FakeDidomiJwtSigner {
  readonly #key = randomBytes(32);

  sign(claims: object): string {
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', this.#key).update(content).digest('base64url')}`;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
