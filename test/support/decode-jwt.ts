export interface JwtClaims {
  readonly iat?: number;
  readonly exp?: number;
  readonly [name: string]: unknown;
}

/** The claims of a JWT, unverified. */
export function decodeJwt(jwt: string): JwtClaims {
  return decodePart(jwt, 1) as JwtClaims;
}

/** The header of a JWT, unverified. */
export function decodeProtectedHeader(jwt: string): unknown {
  return decodePart(jwt, 0);
}

function decodePart(jwt: string, index: number): unknown {
  const part = jwt.split('.')[index];
  if (part === undefined) throw new TypeError('It is not a JWT');
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
