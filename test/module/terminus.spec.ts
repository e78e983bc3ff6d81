import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { HealthCheck, HealthCheckService, HttpHealthIndicator, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { throwError } from 'rxjs';
import request from 'supertest';
import {
  DidomiApiError,
  DidomiAuthenticationError,
  type DidomiError,
  DidomiHttpService,
  DidomiModule,
  type DidomiModuleOptions,
  DidomiRequestError,
  DidomiTransportError,
} from '../../lib/index.js';
import { FakeDidomi } from '../../lib/testing/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

const FACTS = { method: 'GET', path: '/v1/quotas', attempts: 1, message: 'it failed' };
const RESPONSE = { status: 418, headers: { 'x-tea': 'green' }, data: { code: 418 } };

let didomi: FakeDidomi;
const responses: object[] = [];
let app: INestApplication | undefined;

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly http: HttpHealthIndicator,
    private readonly client: DidomiHttpService,
  ) {}

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
    imports: [TerminusModule, DidomiModule.forRoot(all as DidomiModuleOptions)],
    controllers: [HealthController],
  }).setLogger(new RecordingLogger());
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
