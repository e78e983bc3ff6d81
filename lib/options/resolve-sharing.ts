import type { DidomiClientOptions } from './didomi-options.interface.js';
import type { DidomiTokenStore } from './didomi-token-store.interface.js';
import type { OptionProblems } from './option-problems.js';

/** Whether a store or a lock is known not to work, so that it is told once: of a store for all clients that share it. */
export interface Outage {
  /** What it fails at; undefined while it works. */
  failing: string | undefined;
}

/** How the access token is shared with other replicas. */
export interface SharingSettings {
  readonly store: DidomiTokenStore;
  readonly exclusive: DidomiClientOptions['exclusive'];
  /** Of the store. */
  readonly outage: Outage;
}

/** @returns undefined if the access token is not shared. */
export function resolveSharing(
  { tokenStore, exclusive }: { readonly tokenStore: unknown; readonly exclusive: unknown },
  problems: OptionProblems,
): SharingSettings | undefined {
  if (exclusive !== undefined && typeof exclusive !== 'function') {
    problems.add('exclusive', 'has to be a function that calls the one it gets while it holds a lock');
  }
  if (tokenStore === undefined) {
    if (exclusive !== undefined) {
      problems.add(
        'exclusive',
        'is of no use without tokenStore, where the next replica finds the access token: add it',
      );
    }
    return undefined;
  }
  if (!isStore(tokenStore)) {
    problems.add(
      'tokenStore',
      "has to have get(key) and set(key, value, ttlMs), as a Keyv and Nest's CACHE_MANAGER do",
    );
    return undefined;
  }
  return {
    store: tokenStore,
    exclusive: exclusive as DidomiClientOptions['exclusive'],
    outage: { failing: undefined },
  };
}

function isStore(value: unknown): value is DidomiTokenStore {
  const { get, set } = (value ?? {}) as Partial<DidomiTokenStore>;
  return typeof get === 'function' && typeof set === 'function';
}
