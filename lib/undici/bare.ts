/**
 * A copy that inherits nothing: undici and Node.js read options that were not given, and what others put on `Object.prototype` is
 * none.
 */
export function bare<T extends object>(options: T): T {
  return Object.assign(Object.create(null) as T, options);
}
