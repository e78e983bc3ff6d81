import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { describe, expect, it, jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { Keyv } from 'keyv';
import { DidomiAuthService, DidomiModule, getDidomiHttpAdapterToken, type DidomiTokenStore } from '../../lib/index.js';
import { DidomiTestingController, DidomiTestingModule } from '../../lib/testing/index.js';
import { afterTest } from '../support/after-test.js';
import { createClients, customer } from '../support/create-clients.js';
import { DidomiStub } from '../support/didomi-stub.js';
import { MemoryStore } from '../support/memory-store.js';
import { Replicas } from '../support/replicas.js';

const HOUR = 3_600_000;

describe('as a token store works', () => {
  it('a Keyv, with the remaining life as its ttl', async () => {
    const keyv = new Keyv();
    const set = jest.spyOn(keyv, 'set');
    const replicas = new Replicas();
    await (await replicas.start({ tokenStore: keyv })).auth.getAccessToken();
    expect(set.mock.calls).toEqual([[expect.any(String), expect.any(String), HOUR]]);
    expect(await (await replicas.start({ tokenStore: keyv })).auth.getAccessToken()).toBe('token-1');
  });

  it('the CACHE_MANAGER of Nest, injected', async () => {
    const stub = new DidomiStub();
    const stores = [new Keyv()];
    for (let replica = 0; replica < 2; replica += 1) {
      const didomi = DidomiModule.forRootAsync({
        inject: [CACHE_MANAGER],
        useFactory: (tokenStore: DidomiTokenStore) => ({
          apiKey: 'key',
          apiSecret: 'secret',
          warmup: 'lazy' as const,
          tokenStore,
        }),
      });
      const app = await Test.createTestingModule({
        imports: [CacheModule.register({ isGlobal: true, stores }), didomi],
      })
        .overrideProvider(getDidomiHttpAdapterToken())
        .useValue(stub.adapter)
        .compile();
      afterTest(() => app.close());
      expect(await app.get(DidomiAuthService).getAccessToken()).toBe('token-1');
    }
    expect(stub.tokenRequests).toHaveLength(1);
  });
});

it('the clients of DidomiClients share one store with those of other replicas, each by its own API key', async () => {
  const tokenStore = new MemoryStore();
  const [first, second] = [await createClients({ tokenStore }), await createClients({ tokenStore })];
  const accessTokens = async ({ clients }: typeof first): Promise<string[]> =>
    await Promise.all(['a', 'b'].map((name) => clients.for(customer(name)).auth.getAccessToken()));
  const values = await accessTokens(first);
  expect(new Set(values).size).toBe(2);
  expect(await accessTokens(second)).toEqual(values);
  expect(second.stub.tokenRequests).toEqual([]);
  expect(tokenStore.values.size).toBe(2);
});

describe('the testing kit', () => {
  it('leaves store and lock of the application alone, which may hold access tokens of Didomi', async () => {
    const tokenStore = new MemoryStore();
    const exclusive = <T>(): Promise<T> => Promise.reject(new Error('locked'));
    const app = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot({ tokenStore, exclusive })],
    }).compile();
    afterTest(() => app.close());
    expect(await app.get(DidomiAuthService).getAccessToken()).toMatch(/./);
    expect(app.get(DidomiTestingController).accessTokenRequests).toBe(1);
    expect([tokenStore.gets, tokenStore.sets]).toEqual([[], []]);
  });
});
