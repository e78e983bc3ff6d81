import { type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { DidomiClientOptions } from 'nestjs-didomi';
import { Mutex } from 'redis-semaphore';

type SharingOptions = Pick<DidomiClientOptions, 'exclusive' | 'tokenStore'>;

/** Lets all replicas use one access token, which they find in a Redis. */
export class SharedAccessTokens implements OnApplicationShutdown {
  private constructor(private readonly redis?: Redis) {}

  /** @param url of the Redis; without it, nothing is shared. */
  static async connect(url: string | undefined): Promise<SharedAccessTokens> {
    if (url === undefined) return new SharedAccessTokens();
    // Without `enableOfflineQueue: false`, commands wait for a Redis that is down.
    const redis = new Redis(url, { enableOfflineQueue: false, lazyConnect: true });
    // It connects again by itself. The client of Didomi logs when it has to do without.
    redis.on('error', () => undefined);
    await redis.connect().catch(() => undefined);
    return new SharedAccessTokens(redis);
  }

  /** What the options of a client have to say about it. */
  get options(): SharingOptions {
    const { redis } = this;
    if (redis === undefined) return {};
    return {
      tokenStore: {
        get: (key) => redis.get(key),
        set: (key, value, ttlMs) => redis.set(key, value, 'PX', ttlMs),
      },
      exclusive: (work, key) => inTurn(redis, work, key),
    };
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}

async function inTurn<T>(redis: Redis, work: () => Promise<T>, key: string): Promise<T> {
  const mutex = new Mutex(redis, key, { acquireTimeout: 1_000 });
  await mutex.acquire();
  try {
    return await work();
  } finally {
    await mutex.release();
  }
}
