import { types } from 'node:util';

/** The path from `root` to the first text that contains `needle`, or undefined if there is none. */
export function findReachable(root: unknown, needle: string): string | undefined {
  return findAllReachable(root, [needle])[0];
}

/**
 * The paths from `root` to the first text that contains each of the needles; those that cannot be reached have none. Covers
 * whatever a printer of objects could reach: own properties (hidden ones and symbols too), prototypes, maps, sets and bytes.
 * Calls no getter.
 */
export function findAllReachable(root: unknown, needles: readonly string[]): string[] {
  const found = new Map<string, string>();
  const find = (path: string, isIn: (needle: string) => boolean): void => {
    for (const needle of needles) if (!found.has(needle) && isIn(needle)) found.set(needle, path);
  };
  const seen = new Set<object>([globalThis, process]);
  const queue: { path: string; value: unknown }[] = [{ path: 'root', value: root }];
  for (const { path, value } of queue) {
    if (found.size === needles.length) break;
    if (typeof value === 'string') find(path, (needle) => value.includes(needle));
    if (typeof value === 'symbol') find(path, (needle) => value.description?.includes(needle) === true);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
      find(path, (needle) => bytes.includes(needle));
      continue;
    }
    for (const [key, part] of parts(value)) queue.push({ path: `${path} > ${key}`, value: part });
  }
  return [...found.values()];
}

function parts(value: object): [string, unknown][] {
  const found: [string, unknown][] = [['prototype', Object.getPrototypeOf(value)]];
  for (const [key, { value: part }] of Object.entries(Object.getOwnPropertyDescriptors(value))) found.push([key, part]);
  for (const key of Object.getOwnPropertySymbols(value)) {
    found.push([String(key), Object.getOwnPropertyDescriptor(value, key)?.value]);
  }
  if (types.isMap(value)) {
    for (const [key, part] of value) {
      const label = typeof key === 'string' || typeof key === 'symbol' ? String(key) : typeof key;
      found.push([`key ${label}`, key], [`at ${label}`, part]);
    }
  }
  if (types.isSet(value)) for (const part of value) found.push(['member', part]);
  return found;
}
