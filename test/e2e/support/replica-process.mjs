/**
 * A replica of a service, with the built library and the recipes of a page. Its parent sends `{ id, command, options }`, and gets
 * `{ id, result }` or `{ id, error }` for each.
 */
await import('reflect-metadata');
const { Test } = await import('@nestjs/testing');
const { DidomiAuthService, DidomiClock, DidomiHttpService, DidomiModule } = await import('../../../dist/esm/index.js');

const { RECIPES } = process.env;

const recipe = async (name) => await import(`file://${RECIPES}/${name}.js`);

/** How replicas share an access token, by engine. */
const ENGINES = {
  async redis(url) {
    const { Redis } = await import('ioredis');
    const redis = new Redis(url, { maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    const [{ storeIn }, { lockOf }] = [await recipe('didomi-redis'), await recipe('didomi-redis-lock')];
    return { tokenStore: storeIn(redis), exclusive: lockOf(redis) };
  },

  async postgres(url) {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url });
    pool.on('error', () => undefined);
    await pool.query('SELECT 1');
    const [{ storeIn }, { lockOf }] = [await recipe('didomi-postgres'), await recipe('didomi-postgres-lock')];
    return { tokenStore: storeIn(pool), exclusive: lockOf(pool) };
  },
};

/**
 * Time runs slower by `patience`, which gives store, lock and server more of it, so that a busy machine does not look like one that
 * hangs. Pauses are as long as ever.
 */
class PatientClock extends DidomiClock {
  constructor(patience) {
    super();
    this.patience = patience;
  }

  now() {
    return super.now() / this.patience;
  }

  monotonic() {
    return super.monotonic() / this.patience;
  }

  schedule(callback, delayMs, isAwaited) {
    return super.schedule(callback, isAwaited ? delayMs : delayMs * this.patience, isAwaited);
  }
}

const sharing = {};
let app;
const log = [];
const logger = Object.fromEntries(
  ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'].map((level) => [
    level,
    (message, ...rest) => rest.at(-1) === 'Didomi' && log.push(`${level}: ${message}`),
  ]),
);

const load = { isOn: false, calls: 0, failures: [] };
let loadEnded = Promise.resolve([]);

async function callUntilOff() {
  while (load.isOn) {
    try {
      await app.get(DidomiHttpService).axiosRef.get('/properties');
      load.calls += 1;
    } catch (error) {
      load.failures.push(`${error.name}: ${error.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function begin(module, patience) {
  app = await Test.createTestingModule({ imports: [module] })
    .overrideProvider(DidomiClock)
    .useValue(new PatientClock(patience))
    .compile();
  app.useLogger(logger);
  await app.init();
}

const COMMANDS = {
  /** Begins anew, with an application that has no access token yet. */
  async start({ engine, url, patience = 1, isLocked, ...options }) {
    await app?.close();
    log.length = 0;
    sharing[engine] ??= await ENGINES[engine](url);
    const { tokenStore, exclusive } = sharing[engine];
    const module = DidomiModule.forRoot({
      apiKey: 'fake-api-key',
      warmup: 'lazy',
      tokenStore,
      ...(isLocked && { exclusive }),
      ...options,
    });
    await begin(module, patience);
  },

  /** The module of the page, as it is. */
  async startModule({ module, patience, env }) {
    await app?.close();
    Object.assign(process.env, env);
    const [imported] = Object.values(await recipe(module));
    await begin(imported, patience);
  },

  async call() {
    await app.get(DidomiHttpService).axiosRef.get('/properties');
  },

  async accessToken() {
    return await app.get(DidomiAuthService).getAccessToken();
  },

  beginLoad() {
    Object.assign(load, { isOn: true, calls: 0, failures: [] });
    loadEnded = Promise.all([callUntilOff(), callUntilOff()]);
  },

  calls() {
    return load.calls;
  },

  async endLoad() {
    load.isOn = false;
    await loadEnded;
    return { calls: load.calls, failures: load.failures };
  },

  log() {
    return log;
  },
};

async function carryOut({ id, command, options }) {
  try {
    process.send({ id, result: await COMMANDS[command](options) });
  } catch (error) {
    process.send({ id, error: `${error.name}: ${error.message}` });
  }
}

process.on('message', (message) => void carryOut(message));
process.on('disconnect', () => process.exit());
