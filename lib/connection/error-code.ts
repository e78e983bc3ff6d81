/** Errors of others can lead back to themselves. */
const MAX_DEPTH = 5;

/** As Node.js and OpenSSL write them. Anything else could be text with a secret in it. */
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;

/** Whether it is an error code that can be printed. */
export function isSystemCode(code: string | undefined): code is string {
  return code !== undefined && SYSTEM_CODE.test(code);
}

/** The code that tells most: the adapter for fetch gives the same one to every failure, and keeps which one it was as the cause. */
export function codeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause } = factsOf(error);
  const isVague = code === undefined || code === 'ERR_NETWORK';
  const inner = cause !== undefined && isVague && depth < MAX_DEPTH ? codeOf(cause, depth + 1) : undefined;
  return inner ?? (typeof code === 'string' ? code : undefined);
}

/** Anything can be thrown, also what throws when it is read. */
function factsOf(error: unknown): { readonly code?: unknown; readonly cause?: unknown } {
  try {
    const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
    return { code, cause };
  } catch {
    return {};
  }
}
