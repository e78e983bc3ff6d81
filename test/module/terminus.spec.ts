import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  HttpHealthIndicator,
  TerminusModule,
} from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { throwError } from 'rxjs';
import request from 'supertest';
import {
  DidomiApiError,
  DidomiAuthService,
  DidomiAuthenticationError,
  DidomiClock,
  type DidomiError,
  DidomiHttpService,
  DidomiModule,
  type DidomiModuleOptions,
  DidomiRequestError,
  DidomiTransportError,
} from '../../lib/index.js';
import { DidomiHealthIndicator } from '../../lib/terminus/index.js';
import { FakeDidomi } from '../../lib/testing/index.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { until } from '../support/until.js';

const FACTS = { method: 'GET', path: '/v1/quotas', attempts: 1, message: 'it failed' };
const RESPONSE = { status: 418, headers: { 'x-tea': 'green' }, data: { code: 418 } };

let didomi: FakeDidomi;
const responses: object[] = [];
let app: INestApplication | undefined;
let clock: FakeClock;

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly http: HttpHealthIndicator,
    private readonly client: DidomiHttpService,
    private readonly didomi: DidomiHealthIndicator,
  ) {}

  @Get('access-token')
  @HealthCheck()
  accessToken(): Promise<object> {
    return this.health.check([
      () => this.didomi.check('didomi'),
      () => this.didomi.check('other', { client: 'other' }),
    ]);
  }

  @Get('unknown')
  @HealthCheck()
  unknown(): Promise<object> {
    return this.health.check([() => this.didomi.check('didomi', { client: 'nobody' })]);
  }

  @Get('ping')
  @HealthCheck()
  ping(): Promise<object> {
    return this.health.check([() => this.http.pingCheck('didomi', '/quotas', { httpClient: this.client })]);
  }

  @Get('response')
  @HealthCheck()
  response(): Promise<object> {
    const isUp = ({ status }: { readonly status: number }): boolean => status === 200;
    return this.health.check([() => this.http.responseCheck('didomi', '/quotas', isUp, { httpClient: this.client })]);
  }

  @Get('any-response')
  @HealthCheck()
  anyResponse(): Promise<object> {
    const isUp = (response: object): boolean => {
      responses.push(response);
      return true;
    };
    return this.health.check([() => this.http.responseCheck('didomi', '/quotas', isUp, { httpClient: this.client })]);
  }
}

beforeEach(async () => {
  didomi = await FakeDidomi.start();
});

afterEach(async () => {
  await app?.close();
  await didomi.stop();
  responses.length = 0;
  app = undefined;
});

/** An application with health checks of Didomi, whose client fails with `failure` if that is given. */
async function start(options: Partial<DidomiModuleOptions> = {}, failure?: Error): Promise<void> {
  const { apiKey, apiSecret, baseURL } = didomi;
  const all = { apiKey, apiSecret, baseURL, warmup: 'lazy', retry: false, refresh: { cron: false }, ...options };
  const builder = Test.createTestingModule({
    imports: [
      TerminusModule,
      DidomiModule.forRoot(all as DidomiModuleOptions),
      DidomiModule.forRoot({ ...(all as DidomiModuleOptions), name: 'other' }),
    ],
    controllers: [HealthController],
    providers: [DidomiHealthIndicator],
  }).setLogger(new RecordingLogger());
  clock = new FakeClock(Date.now());
  builder.overrideProvider(DidomiClock).useValue(clock);
  if (failure !== undefined) {
    builder.overrideProvider(DidomiHttpService).useValue({ request: () => throwError(() => failure) });
  }
  app = (await builder.compile()).createNestApplication();
  await app.init();
}

async function check(path: string): Promise<request.Response> {
  return await request(app?.getHttpServer()).get(`/health/${path}`);
}

describe.each(['ping', 'response'])('the %s check of Terminus', (path) => {
  it('reports up', async () => {
    await start();
    expect(await check(path)).toMatchObject({ status: 200, body: { details: { didomi: { status: 'up' } } } });
  });

  it.each([
    ['an error status', { status: 500 }, /answered with 500/],
    ['a page of a gateway', { html: true }, /answered with 502/],
    ['a reset', { reset: true }, /reset/],
  ] as const)('reports down for %s', async (_title, fault, message) => {
    await start();
    didomi.script('api-requests', fault);
    const { status, body } = await check(path);

    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', info: {} });
    expect(body.error.didomi).toMatchObject({ status: 'down' });
    expect(body.error.didomi.message).toMatch(message);
  });

  it.each<[string, DidomiError]>([
    ['a timeout', new DidomiTransportError({ ...FACTS, reason: 'timeout' })],
    ['a client that is closed', new DidomiAuthenticationError({ ...FACTS, reason: 'closed' })],
    ['a rate limit that is used up', new DidomiRequestError(FACTS.message, 60_000)],
  ])('reports down for %s', async (_title, failure) => {
    await start({}, failure);
    const { status, body } = await check(path);

    expect(status).toBe(503);
    expect(body.error.didomi).toEqual({ status: 'down', message: FACTS.message });
  });

  it('reports the status of an answer, and no more of it', async () => {
    await start({}, new DidomiApiError({ ...FACTS, status: 418, response: RESPONSE }));
    const { status, body } = await check(path);

    expect(status).toBe(503);
    expect(body.error.didomi).toEqual({ status: 'down', message: FACTS.message, statusCode: 418 });
  });

  it('passes on what is a mistake of the application', async () => {
    await start({}, new DidomiRequestError('https://x.test is not Didomi'));
    expect((await check(path)).status).toBe(500);
  });

  it('reports down without an access token', async () => {
    await start({ apiSecret: 'another' });
    const { status, body } = await check(path);

    expect(status).toBe(503);
    expect(body.error.didomi).toMatchObject({ status: 'down', message: expect.stringContaining('apiSecret') });
    expect(didomi.apiRequests).toBe(0);
  });
});

it('the response check of Terminus decides on a failed request by its response', async () => {
  await start({}, new DidomiApiError({ ...FACTS, status: 418, response: RESPONSE }));
  expect((await check('any-response')).body.details).toEqual({ didomi: { status: 'up' } });
  expect(responses).toEqual([RESPONSE]);
});

describe('DidomiHealthIndicator', () => {
  const HOUR = 3_600_000;

  it('is up for a lazy client that was never used, and asks Didomi nothing', async () => {
    await start();
    const { status, body } = await check('access-token');

    expect(status).toBe(200);
    expect(body.details).toEqual({ didomi: { status: 'up', phase: 'cold' }, other: { status: 'up', phase: 'cold' } });
    expect(didomi.tokenRequests + didomi.apiRequests).toBe(0);
  });

  it('is up while there is a usable access token', async () => {
    await start();
    const { auth } = client();
    await auth.getAccessToken();

    const { expiresAt } = auth.status;
    expect((await check('access-token')).body.details.didomi).toEqual({ status: 'up', phase: 'fresh', expiresAt });
    await auth.getAccessToken();
    expect(didomi.tokenRequests).toBe(1);
  });

  it('is degraded while renewals fail and the access token still serves, and up again after', async () => {
    await start();
    await failRenewal();
    const { status, body } = await check('access-token');

    // Terminus 11 has no such status.
    const isKnown = 'degraded' in app!.get(HealthIndicatorService).check('didomi');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: isKnown ? 'degraded' : 'ok', details: { other: { status: 'up' } } });
    expect(body.details.didomi).toEqual({
      ...(isKnown ? { status: 'degraded' } : { status: 'up', degraded: true }),
      phase: 'backing-off',
      expiresAt: expect.any(Number),
      nextAttemptAt: expect.any(Number),
      lastFailureReason: 'unavailable',
    });

    await clock.advance(60_000);
    await client().auth.refresh();
    expect((await check('access-token')).body.details.didomi).toMatchObject({ status: 'up', phase: 'fresh' });
  });

  it('is up with a detail while renewals fail in Terminus 11, which has no degraded', async () => {
    await start();
    await failRenewal();
    const session = { up: (details: object) => ({ didomi: { ...details, status: 'up' } }) };
    const eleven = { check: () => session } as unknown as HealthIndicatorService;
    const result = new DidomiHealthIndicator(eleven, app!.get(ModuleRef)).check('didomi');
    expect(result.didomi).toMatchObject({ status: 'up', degraded: true, lastFailureReason: 'unavailable' });
  });

  it('is down when no access token can be had: rejected credentials', async () => {
    await start({ apiSecret: 'another' });
    await expect(client().auth.getAccessToken()).rejects.toThrow(DidomiAuthenticationError);
    const { status, body } = await check('access-token');

    expect(status).toBe(503);
    expect(body.error.didomi).toMatchObject({ status: 'down', phase: 'rejected', lastFailureReason: 'rejected' });
    expect(JSON.stringify(body)).not.toContain('another');
  });

  it('is down, and not up and down by turns, until a token request has succeeded', async () => {
    await start();
    await failRenewal();
    await clock.advance(HOUR / 2);
    // The back-off is over, and the next call would try again.
    expect(client().auth.status).toMatchObject({ phase: 'expired', lastFailureReason: 'unavailable' });
    expect((await check('access-token')).body.error.didomi).toMatchObject({ status: 'down', phase: 'expired' });
    await client().auth.getAccessToken();
    expect((await check('access-token')).status).toBe(200);
  });

  it('is down while the budget of token requests is used up and there is no access token', async () => {
    await start({ maxTokenRequestsPerMinute: 1 });
    const { auth } = client();
    auth.invalidate(await auth.getAccessToken());
    expect((await check('access-token')).body.error.didomi).toMatchObject({ status: 'down', phase: 'backing-off' });
    await clock.advance(60_000);
    expect((await check('access-token')).body.details.didomi).toMatchObject({ status: 'up', phase: 'expired' });
  });

  it('is down while no access token helps against the 401s of the API', async () => {
    await start();
    const http = app!.get(DidomiHttpService);
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { status: 401 }, { times: 2 });
    await expect(http.axiosRef.get('/properties')).rejects.toThrow(DidomiApiError);
    expect((await check('access-token')).body.error.didomi).toMatchObject({ status: 'down', phase: 'backing-off' });
    await http.axiosRef.get('/properties');
    expect((await check('access-token')).body.details.didomi).toMatchObject({ status: 'up', phase: 'fresh' });
  });

  it('is down once the client is closed', async () => {
    await start();
    const { auth } = client();
    const indicator = app!.get(DidomiHealthIndicator);
    await auth.getAccessToken();
    await app!.close();
    expect(indicator.check('didomi')).toEqual({ didomi: { status: 'down', phase: 'closed' } });
  });

  it('names a client that is not registered, which is a mistake of the application', async () => {
    await start();
    const indicator = app!.get(DidomiHealthIndicator);
    expect(() => indicator.check('didomi', { client: 'nobody' })).toThrow(/'nobody', which is not registered/);
    expect((await check('unknown')).status).toBe(500);

    const empty = await Test.createTestingModule({ imports: [TerminusModule], providers: [DidomiHealthIndicator] })
      .setLogger(new RecordingLogger())
      .compile();
    expect(() => empty.get(DidomiHealthIndicator).check('didomi')).toThrow(/a default client, which is not registered/);
    await empty.close();
  });

  function client(): { readonly auth: DidomiAuthService } {
    return { auth: app!.get(DidomiAuthService) };
  }

  /** One renewal fails; the access token still lives for 25 minutes or so. */
  async function failRenewal(): Promise<void> {
    const { auth } = client();
    await auth.getAccessToken();
    await clock.advance(HOUR * 0.58);
    didomi.script('token-requests', { status: 503 }, { times: 1 });
    await auth.getAccessToken();
    await until(() => auth.status.phase === 'backing-off');
  }
});
