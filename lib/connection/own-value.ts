/**
 * A value that stands on the object itself. What is inherited does not count: a polluted `Object.prototype` must not choose
 * the agent or the proxy of a request.
 */
export function ownValue<T extends object, K extends keyof T>(object: T, name: K): T[K] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
