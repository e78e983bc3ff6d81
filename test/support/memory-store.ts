import type { DidomiTokenStore } from '../../lib/index.js';

/** A store of one process, which clients share in the place of replicas. Forgets nothing by itself. */
export class MemoryStore implements DidomiTokenStore {
  readonly values = new Map<string, unknown>();
  readonly gets: string[] = [];
  readonly sets: { readonly key: string; readonly value: string; readonly ttlMs: number }[] = [];

  get(key: string): unknown {
    this.gets.push(key);
    return this.values.get(key);
  }

  set(key: string, value: string, ttlMs: number): unknown {
    this.sets.push({ key, value, ttlMs });
    this.values.set(key, value);
    return undefined;
  }

  /** The key and the value of the only entry. */
  get entry(): [string, unknown] {
    const [entry, ...more] = this.values;
    if (entry === undefined || more.length > 0) throw new Error(`${this.values.size} entries`);
    return entry;
  }
}

/** A lock of one process, first come, first served. */
export function memoryLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
}
