import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type ModuleMetadata,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { Cron, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test, type TestingModule } from '@nestjs/testing';
import { AccessTokenCron } from '../../lib/auth/access-token.cron.js';
import { CronJob } from 'cron';
import {
  DidomiAuthenticationError,
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  getDidomiAuthServiceToken,
  getDidomiHttpAdapterToken,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { DidomiStub, jwt, networkError } from '../support/didomi-stub.js';
import { settled } from '../support/fake-clock.js';
import { RecordingLogger } from '../support/recording-logger.js';

const CANARY = 'canary-0f5d';
const JOB = 'didomi-access-token';
const EVERY_SECOND = '* * * * * *';
const TWICE_A_MINUTE = '*/30 * * * * *';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const apps: TestingModule[] = [];

beforeEach(() => {
  const now = Date.parse('2027-01-01T00:00:00.500Z');
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close().catch(() => undefined)));
  jest.useRealTimers();
});

/** Closes an application whose start has failed: Nest 11 repeats the failure then, Nest 12 does not. */
async function closed(app: { close(): Promise<void> }): Promise<boolean> {
  return await app.close().then(
    () => true,
    () => false,
  );
}

async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  await settled();
}

/** What a call or a start is refused with. Nobody has to wait for it at once. */
function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'It was not refused',
    (error: unknown) => error,
  );
}

function client(options: Partial<DidomiModuleOptions> & { name?: string; isGlobal?: boolean } = {}): DynamicModule {
  const defaults = { apiKey: `${CANARY}-key`, apiSecret: `${CANARY}-secret`, warmup: 'lazy' };
  return DidomiModule.forRoot({ ...defaults, refresh: { cron: EVERY_SECOND }, ...options } as DidomiModuleOptions);
}

interface Setup {
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly providers?: Provider[];
  readonly stub?: DidomiStub;
}

interface Booted {
  readonly app: TestingModule;
  readonly stub: DidomiStub;
  readonly stubOfB: DidomiStub;
  readonly logger: RecordingLogger;
  readonly auth: DidomiAuthService;
}

/** An application whose default client talks to `stub`, compiled but not started yet. */
async function compile({ imports, providers = [], stub = new DidomiStub() }: Setup): Promise<Booted> {
  const stubOfB = new DidomiStub();
  const logger = new RecordingLogger();
  const app = await Test.createTestingModule({ imports, providers })
    .setLogger(logger)
    .overrideProvider(getDidomiHttpAdapterToken())
    .useValue(stub.adapter)
    .overrideProvider(getDidomiHttpAdapterToken('brand-b'))
    .useValue(stubOfB.adapter)
    .compile();
  apps.push(app);
  return { app, stub, stubOfB, logger, auth: app.get(DidomiAuthService, { strict: false }) };
}

async function boot(setup: Setup): Promise<Booted> {
  const booted = await compile(setup);
  await booted.app.init();
  return booted;
}

function registryOf(app: TestingModule): SchedulerRegistry {
  return app.get(SchedulerRegistry, { strict: false });
}

function jobsOf(app: TestingModule): string[] {
  return [...registryOf(app).getCronJobs().keys()].sort();
}

/** What Didomi answers, with an echo of the API secret. */
function refusalBody(code: number): string {
  return JSON.stringify({ code, name: 'Error', message: `${CANARY}-secret`, errors: {} });
}

/** The ways in which an application can bring the two modules together. */
const ARRANGEMENTS = [
  { order: 'before', isGlobal: false },
  { order: 'before', isGlobal: true },
  { order: 'after', isGlobal: false },
  { order: 'after', isGlobal: true },
  { order: 'without', isGlobal: false },
  { order: 'without', isGlobal: true },
] as const;
type Arrangement = (typeof ARRANGEMENTS)[number];
const WITH_SCHEDULE = ARRANGEMENTS.filter(({ order }) => order !== 'without');
const TITLE = 'ScheduleModule $order DidomiModule, isGlobal $isGlobal';

function arranged({ order, isGlobal }: Arrangement, ...clients: Parameters<typeof client>): Setup['imports'] {
  const registrations = (clients.length === 0 ? [{}] : clients).map((options) => client({ ...options, isGlobal }));
  if (order === 'without') return registrations;
  const schedule = ScheduleModule.forRoot();
  return order === 'before' ? [schedule, ...registrations] : [...registrations, schedule];
}

function twoClients(arrangement: Arrangement): Setup['imports'] {
  return [...arranged(arrangement), client({ name: 'brand-b', isGlobal: arrangement.isGlobal })];
}

@Injectable()
class OwnJobs {
  ticks = 0;

  @Cron(EVERY_SECOND, { name: 'own' })
  tick(): void {
    this.ticks += 1;
  }
}

describe('the cron job', () => {
  describe.each(WITH_SCHEDULE)(`with ${TITLE}`, (arrangement) => {
    it('is listed in the registry of the application, one for each client', async () => {
      const { app } = await boot({ imports: twoClients(arrangement) });

      expect(jobsOf(app)).toEqual([JOB, `${JOB}:brand-b`]);
      expect(registryOf(app).getCronJob(JOB)).toMatchObject({ name: JOB, isActive: true, unrefTimeout: true });
      expect(registryOf(app).getCronJob(JOB).cronTime.source).toBe(EVERY_SECOND);
      expect(registryOf(app).getIntervals()).toEqual([]);
      expect(registryOf(app).getTimeouts()).toEqual([]);
    });

    it('leaves the application’s own jobs at one tick per period', async () => {
      const { app } = await boot({ imports: twoClients(arrangement), providers: [OwnJobs] });
      expect(jobsOf(app)).toEqual([JOB, `${JOB}:brand-b`, 'own']);

      await pass(10 * SECOND_MS);

      expect(app.get(OwnJobs).ticks).toBe(10);
    });

    it('is gone after the application has closed', async () => {
      const { app, logger } = await boot({ imports: twoClients(arrangement), providers: [OwnJobs] });
      const registry = registryOf(app);
      const job = registry.getCronJob(JOB);
      await pass(2 * SECOND_MS);

      await app.close();

      expect([...registry.getCronJobs().keys()]).toEqual([]);
      expect(job.isActive).toBe(false);
      expect(jest.getTimerCount()).toBe(0);
      expect(logger.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    });

    it('may be deleted, stopped or replaced by the application', async () => {
      for (const interfere of [
        (registry: SchedulerRegistry) => registry.deleteCronJob(JOB),
        (registry: SchedulerRegistry) => void registry.getCronJob(JOB).stop(),
        (registry: SchedulerRegistry) => registry.getCronJobs().clear(),
        (registry: SchedulerRegistry) => {
          registry.deleteCronJob(JOB);
          registry.addCronJob(JOB, CronJob.from({ cronTime: EVERY_SECOND, onTick: () => undefined, start: true }));
        },
      ]) {
        const { app, logger, stub, auth } = await boot({ imports: arranged(arrangement) });
        interfere(registryOf(app));
        await pass(2 * SECOND_MS);
        expect(await auth.getAccessToken()).toBe('token-1');

        await app.close();

        expect(stub.tokenRequests).toHaveLength(1);
        expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
      }
    });

    it('stays out of the list if the application has added a job of its name by hand', async () => {
      const own = new CronJob(EVERY_SECOND, () => undefined);
      @Injectable()
      class AddsByHand implements OnModuleInit {
        constructor(private readonly registry: SchedulerRegistry) {}

        onModuleInit(): void {
          this.registry.addCronJob(JOB, own);
        }
      }

      const { app, logger } = await boot({ imports: arranged(arrangement), providers: [AddsByHand] });

      expect(logger.didomi('warn')).toHaveLength(1);
      expect(registryOf(app).getCronJob(JOB)).toBe(own);
      await app.close();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('is not listed when switched off', async () => {
      const { app, stub, auth } = await boot({ imports: arranged(arrangement, { refresh: { cron: false } }) });

      expect(jobsOf(app)).toEqual([]);
      await auth.getAccessToken();
      await pass(HOUR_MS);
      expect(stub.tokenRequests).toHaveLength(1);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  describe.each(ARRANGEMENTS)(`with ${TITLE}`, (arrangement) => {
    it('renews an access token that is due, though nobody calls', async () => {
      const { stub, auth } = await boot({ imports: arranged(arrangement, { refresh: { cron: TWICE_A_MINUTE } }) });
      await auth.getAccessToken();

      // The refresh window begins at half-life, less a random share of up to a tenth of it: minute 30 to 33.
      await pass(30 * MINUTE_MS - SECOND_MS);
      expect(stub.tokenRequests).toHaveLength(1);
      await pass(3 * MINUTE_MS + 31 * SECOND_MS);
      expect(stub.tokenRequests).toHaveLength(2);

      // Fresh again: nothing more before minute 60.
      await pass(26 * MINUTE_MS);
      expect(stub.tokenRequests).toHaveLength(2);
      expect(await auth.getAccessToken()).toBe('token-2');
    });

    it('leaves no timer after the application has closed', async () => {
      const { app, stub, auth } = await boot({ imports: twoClients(arrangement) });
      await auth.getAccessToken();
      expect(jest.getTimerCount()).toBeGreaterThanOrEqual(2);

      await app.close();

      expect(jest.getTimerCount()).toBe(0);
      await pass(2 * HOUR_MS);
      expect(stub.tokenRequests).toHaveLength(1);
    });
  });

  describe('beside a job of the application that has its name', () => {
    let ticks = 0;

    @Injectable()
    class Namesake {
      @Cron(EVERY_SECOND, { name: JOB })
      tick(): void {
        ticks += 1;
      }
    }

    beforeEach(() => {
      ticks = 0;
    });

    const isFirst = ({ order, isGlobal }: Arrangement): boolean => order === 'after' && isGlobal;

    it.each(WITH_SCHEDULE.filter((arrangement) => !isFirst(arrangement)))(
      `works out of the list, with a warning: ${TITLE}`,
      async (arrangement) => {
        const { app, logger, stub, auth } = await boot({ imports: arranged(arrangement), providers: [Namesake] });

        expect(logger.didomi('warn')).toEqual([expect.stringContaining(`Another cron job is called ${JOB}`)]);
        const namesake = registryOf(app).getCronJob(JOB);
        await auth.getAccessToken();
        auth.invalidate('token-1');
        await pass(2 * SECOND_MS);
        expect(stub.tokenRequests).toHaveLength(2);
        expect(ticks).toBe(2);
        expect(registryOf(app).getCronJob(JOB)).toBe(namesake);

        await app.close();
        expect(jest.getTimerCount()).toBe(0);
        expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
      },
    );

    it.each(WITH_SCHEDULE.filter(isFirst))(
      `is listed first, so that the schedule module refuses the other one: ${TITLE}`,
      async (arrangement) => {
        const { app, stub } = await compile({ imports: arranged(arrangement), providers: [Namesake] });
        const registry = registryOf(app);

        await expect(app.init()).rejects.toThrow(/\(didomi-access-token\) already exists/);
        const job = registry.getCronJob(JOB);
        const hasClosed = await closed(app);

        // Where Nest refuses to close what it could not start, it runs no hook, and nobody can stop the job.
        expect(job.isActive).toBe(!hasClosed);
        expect(registry.getCronJobs().size).toBe(hasClosed ? 0 : 1);
        void job.stop();
        expect(stub.tokenRequests).toEqual([]);
      },
    );
  });

  it('needs no ScheduleModule, and brings none', async () => {
    const { app } = await boot({ imports: [client()] });

    expect(() => registryOf(app)).toThrow(/could not find SchedulerRegistry/);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('is one for each client without ScheduleModule, too', async () => {
    const refresh = { cron: TWICE_A_MINUTE };
    const { app, stub, stubOfB, auth } = await boot({
      imports: [client({ refresh }), client({ name: 'brand-b', refresh })],
    });
    await auth.getAccessToken();
    await app.get<DidomiAuthService>(getDidomiAuthServiceToken('brand-b')).getAccessToken();
    expect(jest.getTimerCount()).toBe(2);

    await pass(34 * MINUTE_MS);

    expect([stub, stubOfB].map(({ tokenRequests }) => tokenRequests.length)).toEqual([2, 2]);
  });

  it('ticks once a minute by default, at one and the same second', async () => {
    const { app } = await boot({ imports: [ScheduleModule.forRoot(), client({ refresh: {} })] });
    const job = registryOf(app).getCronJob(JOB);
    const [first = 0, ...others] = job.nextDates(5).map((date) => date.toMillis());

    expect(others.map((moment, index) => moment - first - index * MINUTE_MS)).toEqual(
      [1, 1, 1, 1].map(() => MINUTE_MS),
    );
  });

  it('renews with the default expression', async () => {
    const { stub, auth } = await boot({ imports: [client({ refresh: {} })] });
    await auth.getAccessToken();

    await pass(34 * MINUTE_MS);

    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('sends nothing for a client that was never called', async () => {
    const { stub, auth } = await boot({ imports: [client({ refresh: { cron: TWICE_A_MINUTE } })] });

    await pass(2 * HOUR_MS);

    expect(stub.tokenRequests).toEqual([]);
    expect(auth.status.phase).toBe('cold');
  });

  it('sends one token request at a time, however slow Didomi is', async () => {
    const stub = new DidomiStub();
    const { auth } = await boot({ imports: [client({ tokenRequestTimeoutMs: 60_000 })], stub });
    await auth.getAccessToken();
    auth.invalidate('token-1');
    stub.onTokenRequest = () => new Promise(() => undefined);

    await pass(30 * SECOND_MS);

    expect(stub.tokenRequests).toHaveLength(2);
  });

  it('survives ticks while Didomi is down, without a word outside of the log', async () => {
    const printed = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn'), jest.spyOn(console, 'log')];
    const { stub, auth, logger } = await boot({ imports: [client({ refresh: { cron: TWICE_A_MINUTE } })] });
    await auth.getAccessToken();
    stub.onTokenRequest = () => networkError('ECONNRESET');

    // Past expiry: minute after minute of failed renewals.
    await pass(70 * MINUTE_MS);
    expect(auth.status).toMatchObject({ lastFailureReason: 'unavailable' });
    expect(logger.didomi('warn', 'error').filter((line) => line.includes('No new access token'))).toHaveLength(1);

    stub.onTokenRequest = () => ({ status: 200, data: { access_token: 'token-after' } });
    await pass(2 * MINUTE_MS);
    expect(await auth.getAccessToken()).toBe('token-after');
    for (const print of printed) expect(print).not.toHaveBeenCalled();
  });

  it('keeps within the budget, also with a tick each second and access tokens that live for two seconds', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = (_config, count) => ({
      status: 200,
      data: { access_token: jwt({ iat: 1_000, exp: 1_002, jti: count }) },
    });
    const { auth } = await boot({ imports: [client()], stub });
    await auth.getAccessToken();

    await pass(60 * SECOND_MS);

    expect(stub.tokenRequests.length).toBeGreaterThanOrEqual(30);
    expect(stub.tokenRequests.length).toBeLessThanOrEqual(62);
  });
});

describe('warm-up', () => {
  it('requests nothing before the first call when lazy', async () => {
    const { app, stub, auth } = await boot({ imports: [client({ warmup: 'lazy' })] });
    await pass(MINUTE_MS);
    expect(stub.tokenRequests).toHaveLength(0);

    await app.get(DidomiHttpService).axiosRef.get('/properties');

    expect(stub.tokenRequests).toHaveLength(1);
    expect(auth.status.phase).toBe('fresh');
  });

  it('requests the first access token at the start by default', async () => {
    const { stub, auth, logger } = await boot({ imports: [client({ warmup: undefined as never })] });
    await settled();

    expect(stub.tokenRequests).toHaveLength(1);
    expect(auth.status.phase).toBe('fresh');
    expect(logger.didomi('log')).toEqual(['Got the first access token, it expires in 3600 s']);
    expect(await auth.getAccessToken()).toBe('token-1');
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('does not hold up the start in the background', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = () => new Promise(() => undefined);
    const { app, auth } = await boot({ imports: [client({ warmup: 'background' })], stub });

    expect(auth.status.phase).toBe('refreshing');
    await app.close();
    expect(auth.status.phase).toBe('closed');
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['Didomi is down', () => networkError('ECONNREFUSED'), 'unavailable', 'warn'],
    ['Didomi answers 503', () => ({ status: 503, data: `${CANARY}-secret` }), 'unavailable', 'warn'],
    ['Didomi rejects the credentials', () => ({ status: 400, data: refusalBody(400) }), 'rejected', 'error'],
    ['a firewall answers 403', () => ({ status: 403, data: `<html>${CANARY}-secret` }), 'misconfigured', 'error'],
    ['Didomi answers nonsense', () => ({ status: 200, data: `<html>${CANARY}-secret` }), 'malformed', 'warn'],
  ] as const)('starts in the background although %s, and says so once', async (_what, answer, reason, level) => {
    const stub = new DidomiStub();
    stub.onTokenRequest = answer;
    const options = { warmup: 'background', refresh: { cron: TWICE_A_MINUTE } } as const;
    const { app, auth, logger } = await boot({ imports: [client(options)], stub });
    await pass(10 * MINUTE_MS);

    expect(auth.status.lastFailureReason).toBe(reason);
    expect(logger.didomi('warn', 'error')).toHaveLength(1);
    expect(logger.didomi(level)).toEqual([expect.stringContaining(`No new access token (${reason})`)]);
    expect(JSON.stringify(logger.lines)).not.toContain(CANARY);
    const refusal = refusalOf(auth.getAccessToken());
    // If the next attempt is near, the caller waits for it.
    await pass(3 * SECOND_MS);
    expect(await refusal).toMatchObject({ name: 'DidomiAuthenticationError', reason });

    await app.close();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gets its access token in the background once Didomi is back, by the cron job alone', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = (_config, count) =>
      count < 3 ? networkError('ECONNREFUSED') : { status: 200, data: { access_token: 'token-at-last' } };
    const { auth, logger } = await boot({ imports: [client({ warmup: 'background' })], stub });

    await pass(MINUTE_MS);

    expect(auth.status.phase).toBe('fresh');
    expect(await auth.getAccessToken()).toBe('token-at-last');
    expect(stub.tokenRequests).toHaveLength(4);
    expect(logger.didomi('log')).toHaveLength(1);
  });

  it('waits for the first access token when required', async () => {
    const stub = new DidomiStub();
    let answer = (): void => undefined;
    stub.onTokenRequest = async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { status: 200, data: { access_token: 'token-1' } };
    };
    const { app, auth } = await compile({ imports: [client({ warmup: 'required' })], stub });
    let hasStarted = false;

    const starting = app.init().then(() => (hasStarted = true));
    await settled();
    expect(stub.tokenRequests).toHaveLength(1);
    expect(hasStarted).toBe(false);
    answer();
    await starting;

    expect(auth.status.phase).toBe('fresh');
  });

  it.each([
    ['rejects the credentials', 400, 'rejected', 1],
    ['is down', 503, 'unavailable', 3],
    ['throttles', 429, 'throttled', 1],
    ['redirects', 307, 'misconfigured', 1],
  ] as const)(
    'fails the start when required and Didomi %s, and leaves no timer',
    async (_what, status, reason, sent) => {
      const stub = new DidomiStub();
      stub.onTokenRequest = () => ({ status, data: refusalBody(status) });
      const { app } = await compile({ imports: [client({ warmup: 'required' })], stub });

      const starting = refusalOf(app.init());
      await pass(2 * SECOND_MS);
      const error = await starting;

      expect(error).toBeInstanceOf(DidomiAuthenticationError);
      expect(error).toMatchObject({ reason, status, code: 'DIDOMI_AUTHENTICATION' });
      expect(String((error as Error).stack)).not.toContain(CANARY);
      expect(stub.tokenRequests).toHaveLength(sent);
      expect(jest.getTimerCount()).toBe(0);
      await closed(app);
    },
  );

  it('survives two lost token requests when required', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = (_config, count) =>
      count < 2 ? networkError('ECONNRESET') : { status: 200, data: { access_token: jwt({ iat: 1_000, exp: 4_600 }) } };
    const { app, auth, logger } = await compile({ imports: [client({ warmup: 'required' })], stub });

    const starting = app.init();
    await pass(2 * SECOND_MS);
    await starting;

    expect(auth.status.phase).toBe('fresh');
    expect(logger.didomi('warn', 'error')).toEqual([]);
    expect(logger.didomi('debug').filter((line) => line.includes('ECONNRESET'))).toHaveLength(2);
  });

  it('fails the start when required and Didomi does not answer in time', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = () => new Promise(() => undefined);
    const { app } = await compile({ imports: [client({ warmup: 'required', tokenRequestTimeoutMs: 3_000 })], stub });

    const starting = refusalOf(app.init());
    await pass(3_000);

    expect(await starting).toMatchObject({ name: 'DidomiAuthenticationError', reason: 'unavailable' });
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('shutdown', () => {
  it('aborts a token request in flight and refuses whoever waits for it', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = () => new Promise(() => undefined);
    const { app, auth } = await boot({ imports: [client()], stub });
    const waiting = [auth.getAccessToken(), app.get(DidomiHttpService).axiosRef.get('/properties'), auth.refresh()];
    const ends = Promise.allSettled(waiting);
    await settled();

    await app.close();

    expect(stub.tokenRequests[0]?.signal?.aborted).toBe(true);
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { reason: 'closed' } });
    expect(stub.apiRequests).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('refuses whoever waits for the next attempt', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = () => ({ status: 403, data: 'a page of a firewall' });
    const { app, auth } = await boot({ imports: [client({ refresh: { cron: false } })], stub });
    await auth.getAccessToken().catch(() => undefined);
    const waiting = refusalOf(auth.getAccessToken());
    await settled();
    // The wait, and what keeps the process alive for its caller.
    expect(jest.getTimerCount()).toBe(2);

    await app.close();

    expect(await waiting).toMatchObject({ reason: 'closed' });
    expect(jest.getTimerCount()).toBe(0);
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('lets no retry and no wait begin while the application shuts down', async () => {
    const stub = new DidomiStub();
    stub.onTokenRequest = () => networkError('ECONNRESET');
    const failures: unknown[] = [];
    @Injectable()
    class SaysGoodbye implements BeforeApplicationShutdown {
      constructor(private readonly auth: DidomiAuthService) {}

      async beforeApplicationShutdown(): Promise<void> {
        for (let n = 0; n < 3; n += 1) failures.push(await refusalOf(this.auth.getAccessToken()));
      }
    }
    @Module({ imports: [client()], providers: [SaysGoodbye] })
    class FeatureModule {}
    const { app } = await boot({ imports: [FeatureModule], stub });

    await app.close();

    expect(failures).toEqual(Array(3).fill(expect.objectContaining({ reason: 'unavailable' })));
    expect(stub.tokenRequests).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not wait for the pause before a replay', async () => {
    const { app, stub } = await boot({ imports: [client({ refresh: { cron: false } })] });
    stub.onApiRequest = () => ({ status: 401 });
    const call = refusalOf(app.get(DidomiHttpService).axiosRef.get('/properties'));
    await settled();
    // The rejected access token was a young one: the new one is given a moment to spread.
    expect(stub.tokenRequests).toHaveLength(2);
    // That pause, and the one timer for all deadlines, which keeps no process alive.
    expect(jest.getTimerCount()).toBe(2);

    await app.close();

    expect(jest.getTimerCount()).toBe(0);
    expect(await call).toBeInstanceOf(Error);
    expect(stub.apiRequests).toHaveLength(1);
  });

  it('refuses every later call, and can be asked for twice', async () => {
    const { app, auth, stub } = await boot({ imports: [client()] });
    await auth.getAccessToken();
    const http = app.get(DidomiHttpService);

    await app.close();
    await app.close();

    await expect(auth.getAccessToken()).rejects.toMatchObject({ reason: 'closed' });
    await expect(auth.refresh()).rejects.toMatchObject({ reason: 'closed' });
    await expect(http.axiosRef.get('/properties')).rejects.toMatchObject({ reason: 'closed' });
    expect(auth.status.phase).toBe('closed');
    expect(stub.tokenRequests).toHaveLength(1);
  });

  it('serves the application to the end of its own shutdown hooks', async () => {
    const answers: number[] = [];
    @Injectable()
    class SaysGoodbye implements BeforeApplicationShutdown, OnApplicationShutdown {
      constructor(private readonly http: DidomiHttpService) {}

      async beforeApplicationShutdown(): Promise<void> {
        answers.push((await this.http.axiosRef.get('/goodbye')).status);
      }

      async onApplicationShutdown(): Promise<void> {
        answers.push((await this.http.axiosRef.get('/goodbye')).status);
      }
    }
    @Module({ imports: [client()], providers: [SaysGoodbye] })
    class FeatureModule {}
    const { app, logger } = await boot({ imports: [FeatureModule] });

    await app.close();

    expect(answers).toEqual([200, 200]);
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('starts no cron job when the application is closed while that is loaded', async () => {
    const cron = new AccessTokenCron(undefined, () => Promise.resolve(undefined));
    const starting = cron.start(EVERY_SECOND, () => undefined);
    cron.stop();

    await starting;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('starts nothing when the application is closed before its start', async () => {
    const { app, stub } = await compile({ imports: [client({ warmup: 'background' })] });

    await app.close();

    await pass(MINUTE_MS);
    expect(stub.tokenRequests).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  describe('over real connections', () => {
    let server: Server;
    const sockets = new Set<Socket>();

    beforeEach(async () => {
      jest.useRealTimers();
      server = createServer((request, response) => {
        request.resume().on('end', () => {
          if (request.url === '/v1/hangs') return;
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ access_token: 'token-1' }));
        });
      });
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });

    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });

    it('closes every connection that was kept open, idle or in use', async () => {
      const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
      const app = await Test.createTestingModule({
        imports: [client({ baseURL }), client({ baseURL, name: 'brand-b' })],
      })
        .setLogger(new RecordingLogger())
        .compile();
      await app.init();
      const { axiosRef } = app.get(DidomiHttpService);
      await Promise.all([axiosRef.get('/properties'), axiosRef.get('/widgets')]);
      await app.get<DidomiAuthService>(getDidomiAuthServiceToken('brand-b')).getAccessToken();
      const hanging = refusalOf(axiosRef.get('/hangs'));
      await once(server, 'request');
      const open = [...sockets];
      // One for token requests of each client, two for API requests.
      expect(open).toHaveLength(4);

      const closed = Promise.all(open.map((socket) => once(socket, 'close')));
      await app.close();

      await closed;
      expect(await hanging).toBeInstanceOf(Error);
      expect(sockets.size).toBe(0);
    });
  });
});
