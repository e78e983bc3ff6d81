import type { FakeDidomiCall, FakeDidomiHandler } from '../basics/route.js';
import type { FakeDidomiCollection } from './collection.js';

/**
 * Says of answers whether Didomi would have found them in its cache, which forgets them when the data changes. Which
 * lists Didomi caches is not documented; the fake does so with properties, notices and notice configs.
 */
export class FakeDidomiResponseCache {
  readonly #revisions = new Map<string, number>();

  /** The same handler, its answers with the headers of the cache; they are made of the given entities. */
  around(entities: FakeDidomiCollection, handler: FakeDidomiHandler): FakeDidomiHandler {
    return (call) => {
      const answer = handler(call);
      const key = keyOf(call);
      const isHit = this.#revisions.get(key) === entities.revision;
      this.#revisions.set(key, entities.revision);
      return { ...answer, headers: { 'X-DidomiCacheEnabled': 'true', 'X-DidomiCacheHit': String(isHit) } };
    };
  }
}

function keyOf({ organizationId, path, query }: FakeDidomiCall): string {
  const ordered = new URLSearchParams(query);
  ordered.sort();
  return JSON.stringify([organizationId, path, ordered.toString()]);
}
