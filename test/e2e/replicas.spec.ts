import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { until } from '../support/until.js';
import type { Engine } from './support/engines/engine.js';
import { POSTGRES, PostgresEngine } from './support/engines/postgres.js';
import { REDIS, RedisEngine } from './support/engines/redis.js';
import { compileRecipes, removeRecipes } from './support/recipes.js';
import { Replica } from './support/replica.js';

const REPLICAS = 20;
/** Under load: more processes than that would test the machine. */
const BUSY_REPLICAS = 4;
/** A busy machine must not look like a store that hangs, where the number of token requests matters. */
const PATIENCE = 20;

const ENGINES: { name: string; program: string; path: string | undefined; create: () => Engine }[] = [
  { name: 'redis', program: 'redis-server', path: REDIS, create: () => new RedisEngine() },
  { name: 'postgres', program: 'initdb (of Postgres)', path: POSTGRES, create: () => new PostgresEngine() },
];

let recipes = '';
let replicas: Replica[] = [];

beforeAll(() => {
  recipes = compileRecipes('docs/replicas.md');
  replicas = Array.from({ length: REPLICAS }, () => new Replica({ RECIPES: recipes }));
});

afterAll(() => {
  for (const replica of replicas) replica.kill();
  removeRecipes();
});

for (const { name, program, path, create } of ENGINES) {
  if (path === undefined) console.warn(`SKIPPED: replicas that share ${name}, because ${program} is not installed`);
  const suite = path === undefined ? describe.skip : describe;
  suite(`replicas that share ${name}${path === undefined ? ` (skipped: ${program} is not installed)` : ''}`, () => {
    let engine: Engine;
    let didomi: FakeDidomi;
    let secrets = 0;
    /** As the replicas that were started last. */
    let patience = 1;

    beforeAll(async () => {
      engine = create();
      await engine.start();
      didomi = await FakeDidomi.start({
        rateLimit: false,
        recordRequests: false,
        now: () => Date.now() / patience,
      });
    }, 60_000);

    afterEach(() => {
      didomi.reset();
      didomi.accessTokenLifetimeMs = 3_600_000;
    });

    afterAll(async () => {
      await didomi.stop();
      await engine.stop();
      engine.remove();
    });

    /** Replicas without an access token, and with nothing in the store that they can read. */
    async function start(count: number, options: { patience?: number; isLocked?: boolean } = {}): Promise<Replica[]> {
      patience = options.patience ?? 1;
      secrets += 1;
      didomi.rotateApiSecret(`secret ${secrets}`);
      const started = replicas.slice(0, count);
      const { baseURL, apiSecret } = didomi;
      const all = { engine: name, url: engine.url, baseURL, apiSecret, isLocked: true, ...options };
      await Promise.all(started.map((replica) => replica.tell('start', all)));
      return started;
    }

    const accessTokens = async (of: readonly Replica[]): Promise<string[]> =>
      await Promise.all(of.map((replica) => replica.tell<string>('accessToken')));

    const endLoad = async (of: readonly Replica[]): Promise<{ calls: number; failures: string[] }> => {
      const ends = await Promise.all(
        of.map((replica) => replica.tell<{ calls: number; failures: string[] }>('endLoad')),
      );
      return {
        calls: ends.reduce((sum, { calls }) => sum + calls, 0),
        failures: ends.flatMap(({ failures }) => failures),
      };
    };

    /** Until every replica has made that many more calls. */
    async function calls(of: readonly Replica[], count: number): Promise<void> {
      const atStart = await Promise.all(of.map((replica) => replica.tell<number>('calls')));
      for (;;) {
        const now = await Promise.all(of.map((replica) => replica.tell<number>('calls')));
        if (now.every((number, index) => number >= atStart[index]! + count)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }

    it(`start ${REPLICAS} at one moment with one token request, where there is a lock`, async () => {
      const without = await accessTokens(await start(REPLICAS, { isLocked: false, patience: PATIENCE }));
      expect(without).toHaveLength(REPLICAS);
      const withoutLock = didomi.tokenRequests;
      didomi.reset();
      const values = await accessTokens(await start(REPLICAS, { patience: PATIENCE }));
      expect(new Set(values).size).toBe(1);
      console.log(
        `${name}: ${REPLICAS} cold replicas sent ${didomi.tokenRequests} token request with a lock, ${withoutLock} without`,
      );
      expect(didomi.tokenRequests).toBe(1);
    }, 120_000);

    it('go on when the holder of the lock is killed in the middle of its token request', async () => {
      const [holder, ...others] = (await start(BUSY_REPLICAS + 1)).toReversed() as [Replica, ...Replica[]];
      didomi.script('token-requests', { hang: true }, { times: 1 });
      const killed = holder.tell('accessToken').catch((error: Error) => error.message);
      await until(() => didomi.tokenRequests === 1);
      const waiting = accessTokens(others);
      holder.kill();
      expect(await killed).toBe('The process has ended');
      expect((await waiting).every((value) => value !== '')).toBe(true);
      replicas[replicas.indexOf(holder)] = new Replica({ RECIPES: recipes });
    }, 60_000);

    it(`go on while ${name} stops and starts again under load, and share again afterwards`, async () => {
      didomi.accessTokenLifetimeMs = 4_000;
      const busy = await start(BUSY_REPLICAS);
      for (const replica of busy) await replica.tell('beginLoad');
      await calls(busy, 20);
      await engine.stop();
      const before = didomi.tokenRequests;
      // Each replica has to renew by itself.
      await until(() => didomi.tokenRequests >= before + BUSY_REPLICAS);
      await calls(busy, 20);
      await engine.start();
      const logs = async (): Promise<string[][]> =>
        await Promise.all(busy.map((replica) => replica.tell<string[]>('log')));
      while (!(await logs()).every((lines) => lines.some((line) => line.includes('tokenStore works again')))) {
        await calls(busy, 20);
      }
      const { calls: made, failures } = await endLoad(busy);
      expect(failures).toEqual([]);
      expect(made).toBeGreaterThan(BUSY_REPLICAS * 60);
      for (const lines of await logs()) {
        expect(lines.filter((line) => line.startsWith('warn: tokenStore'))).toHaveLength(1);
      }
    }, 60_000);

    const modules = name === 'redis' ? ['didomi-shared.module', 'didomi-cached.module'] : [];
    for (const module of modules) {
      it(`share one access token by the ${module} of the page, whatever becomes of ${name}`, async () => {
        const started = await start(2, { patience: PATIENCE });
        const env = {
          REDIS_URL: engine.url,
          DIDOMI_API_KEY: didomi.apiKey,
          DIDOMI_API_SECRET: didomi.apiSecret,
          DIDOMI_BASE_URL: didomi.baseURL,
        };
        const values = [];
        for (const replica of started) {
          await replica.tell('startModule', { module, env, patience });
          values.push(await replica.tell<string>('accessToken'));
        }
        expect(new Set(values).size).toBe(1);
        expect(didomi.tokenRequests).toBe(1);
        await engine.stop();
        didomi.revokeAccessTokens();
        for (const replica of started) await replica.tell('call');
        expect(didomi.tokenRequests).toBe(3);
        await engine.start();
      }, 60_000);
    }

    it('replace a revoked access token under load by one token request, and no call fails', async () => {
      const busy = await start(BUSY_REPLICAS, { patience: PATIENCE });
      for (const replica of busy) await replica.tell('beginLoad');
      await calls(busy, 20);
      expect(didomi.tokenRequests).toBe(1);
      didomi.revokeAccessTokens();
      await calls(busy, 20);
      const { failures } = await endLoad(busy);
      expect(failures).toEqual([]);
      expect(didomi.tokenRequests).toBe(2);
    }, 60_000);
  });
}
