import { types } from 'node:util';

/**
 * The path from `root` to the first text that contains `needle`, or undefined if there is none: whatever a printer of objects
 * could come to. Follows own properties (hidden ones and symbols too), prototypes, maps, sets and bytes, and calls no getter.
 */
export function findReachable(root: unknown, needle: string): string | undefined {
  const seen = new Set<object>([globalThis, process]);
  const queue: { path: string; value: unknown }[] = [{ path: 'root', value: root }];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const { path, value } = step;
    if (typeof value === 'string' && value.includes(needle)) return path;
    if (typeof value === 'symbol' && value.description?.includes(needle)) return path;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      if (Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).includes(needle)) return path;
      continue;
    }
    queue.push(...parts(value).map(([key, part]) => ({ path: `${path} > ${key}`, value: part })));
  }
  return undefined;
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
