import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { FakeDidomi } from 'nestjs-didomi/testing';
import {
  DidomiApi,
  DidomiAuthService,
  DidomiClock,
  DidomiModule,
  type DidomiClientOptions,
  type DidomiCredentials,
} from '../../lib/index.js';
import { afterTest } from '../support/after-test.js';
import { FakeClock } from '../support/fake-clock.js';
import { memoryLock, MemoryStore } from '../support/memory-store.js';
import { until } from '../support/until.js';
import { compileRecipes, removeRecipes } from './support/recipes.js';

const MINUTE = 60_000;

/** What the page shows. */
interface Recipe {
  switchKey(didomi: DidomiApi, auth: DidomiAuthService, vault: Vault): Promise<string>;
  disableKey(didomi: DidomiApi, id: string): Promise<void>;
  deleteKey(didomi: DidomiApi, id: string): Promise<void>;
}

class Vault {
  reads = 0;

  constructor(public credentials: DidomiCredentials) {}

  read(): Promise<DidomiCredentials> {
    this.reads += 1;
    return Promise.resolve(this.credentials);
  }

  write(credentials: DidomiCredentials): Promise<void> {
    this.credentials = credentials;
    return Promise.resolve();
  }
}

interface Replica {
  readonly didomi: DidomiApi;
  readonly auth: DidomiAuthService;
}

let recipe: Recipe;

beforeAll(async () => {
  const recipes = compileRecipes('docs/rotation.md');
  recipe = (await import(`${recipes}/didomi-rotation.js`)) as Recipe;
});

afterAll(removeRecipes);

async function start(options: Partial<DidomiClientOptions> = {}) {
  const clock = new FakeClock();
  const fake = await FakeDidomi.start({ now: () => clock.now() });
  afterTest(() => fake.stop());
  const { apiKey, apiSecret, baseURL } = fake;
  const vault = new Vault({ apiKey, apiSecret });
  const replicas: Replica[] = [];
  for (let count = 0; count < 2; count += 1) {
    const all = { baseURL, refresh: { cron: false }, warmup: 'required', ...options } as const;
    const module = DidomiModule.forRoot({ ...all, credentials: () => vault.read() });
    const app = await Test.createTestingModule({ imports: [module] })
      .overrideProvider(DidomiClock)
      .useValue(clock)
      .compile();
    app.useLogger(false);
    await app.init();
    afterTest(() => app.close());
    replicas.push({ didomi: app.get(DidomiApi), auth: app.get(DidomiAuthService) });
  }
  return { clock, fake, vault, replicas: replicas as [Replica, Replica] };
}

/** A call of each replica, and whatever it has started in the background. */
async function call(replicas: readonly Replica[]): Promise<void> {
  for (const { didomi, auth } of replicas) {
    await didomi.request('GET /properties');
    await until(() => auth.status.phase === 'fresh');
  }
}

for (const isShared of [false, true]) {
  it(`an API key is rotated without a call that fails, by replicas that share ${isShared ? 'a' : 'no'} store`, async () => {
    const sharing = isShared ? { tokenStore: new MemoryStore(), exclusive: memoryLock() } : {};
    const { clock, fake, vault, replicas } = await start(sharing);
    const [{ didomi, auth }] = replicas;
    await call(replicas);
    expect(fake.tokenRequests).toBe(isShared ? 1 : 2);

    await clock.advance(10 * MINUTE);
    const before = await recipe.switchKey(didomi, auth, vault);
    expect(before).toBe(fake.apiKey);
    expect(vault.credentials.apiKey).not.toBe(before);
    await call(replicas);

    // The second replica renews, with the new key; or finds that the first one has.
    await clock.advance(24 * MINUTE);
    await call(replicas);
    expect(fake.tokenRequests).toBe(isShared ? 2 : 4);

    await clock.advance(36 * MINUTE);
    await call(replicas);
    await recipe.disableKey(didomi, before);
    for (let hour = 0; hour < 3; hour += 1) {
      await clock.advance(40 * MINUTE);
      await call(replicas);
    }
    await recipe.deleteKey(didomi, before);
    await clock.advance(40 * MINUTE);
    await call(replicas);
    expect(fake.state.apiKeys.map(({ id }) => id)).toEqual([vault.credentials.apiKey]);
    expect(fake.requests.filter(({ status }) => status !== undefined && status >= 400)).toEqual([]);
  });
}

it('a key that is disabled while a replica reads it fails no call', async () => {
  const { clock, fake, vault, replicas } = await start();
  const [{ didomi, auth }] = replicas;
  const before = await recipe.switchKey(didomi, auth, vault);
  await recipe.disableKey(didomi, before);
  await clock.advance(61 * MINUTE);
  const { credentials } = vault;
  // Read a moment before the switch, and sent a moment after.
  vault.credentials = { apiKey: fake.apiKey, apiSecret: fake.apiSecret };
  vault.read = () => {
    const read = vault.credentials;
    vault.credentials = credentials;
    return Promise.resolve(read);
  };
  await call(replicas);
  const statuses = fake.requests.filter(({ path }) => path === '/v1/sessions').map(({ status }) => status);
  expect(statuses.slice(-3)).toEqual([400, 200, 200]);
});

it('a new key that does not work is not switched to', async () => {
  const { fake, vault, replicas } = await start();
  const [{ didomi, auth }] = replicas;
  const { credentials } = vault;
  fake.script('token-requests', { status: 403 });
  await expect(recipe.switchKey(didomi, auth, vault)).rejects.toMatchObject({ code: 'DIDOMI_AUTHENTICATION' });
  expect(vault.credentials).toBe(credentials);
  await call(replicas.slice(1));
});
