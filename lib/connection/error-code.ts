/** Errors of others can lead back to themselves. */
const MAX_DEPTH = 5;

/** The code that tells most: the adapter for fetch gives the same one to every failure, and keeps which one it was as the cause. */
export function codeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  const isVague = code === undefined || code === 'ERR_NETWORK';
  const inner = cause !== undefined && isVague && depth < MAX_DEPTH ? codeOf(cause, depth + 1) : undefined;
  return inner ?? (typeof code === 'string' ? code : undefined);
}
