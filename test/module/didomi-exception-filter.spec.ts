import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  Get,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  NotFoundException,
  type Provider,
  Res,
  type Type,
} from '@nestjs/common';
import { type AbstractHttpAdapter, APP_FILTER, ExternalContextCreator, HttpAdapterHost } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { ServerResponse } from 'node:http';
import { runInNewContext } from 'node:vm';
import request from 'supertest';
import {
  DidomiApiError,
  DidomiAuthenticationError,
  type DidomiAuthenticationReason,
  DidomiConfigurationError,
  type DidomiError,
  DidomiExceptionFilter,
  type DidomiExceptionFilterOptions,
  DidomiRequestError,
  DidomiTransportError,
  type DidomiTransportReason,
} from '../../lib/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

/** Details that no answer may have. */
const INNER = /inner|organization|didomi|\/v1|properties/i;

/** What a terminal obeys. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}]/u;

let exception: unknown;
let logger: RecordingLogger;
const apps: INestApplication[] = [];

@Controller()
class FailingController {
  @Get('fails')
  fails(this: void): never {
    throw exception;
  }

  @Get('fails-late')
  async failsLate(@Res() response: ServerResponse & { readonly raw?: ServerResponse }): Promise<void> {
    (response.raw ?? response).write('the beginning');
    await new Promise((resolve) => setImmediate(resolve));
    throw exception;
  }

  @Get('fails-as-csv')
  failsAsCsv(@Res({ passthrough: true }) response: { header(name: string, value: string): unknown }): never {
    response.header('Content-Type', 'text/csv');
    throw exception;
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {
  configure(consumer: MiddlewareConsumer): void {
    const fail = (): never => {
      throw exception;
    };
    consumer.apply(fail).forRoutes('fails-early');
  }
}

beforeEach(() => {
  logger = new RecordingLogger();
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function create(providers: Provider[] = [], adapter: AbstractHttpAdapter = new ExpressAdapter()) {
  const builder = Test.createTestingModule({ imports: [FailingModule], providers }).setLogger(logger);
  const app = (await builder.compile()).createNestApplication(adapter);
  apps.push(app);
  return app;
}

/** By `useGlobalFilters()`. */
async function start(options?: DidomiExceptionFilterOptions): Promise<INestApplication> {
  const app = await create();
  app.useGlobalFilters(new DidomiExceptionFilter(app.get(HttpAdapterHost).httpAdapter, options));
  return await app.init();
}

/** By `APP_FILTER`. */
async function startWith(filter: Type): Promise<INestApplication> {
  return await (await create([{ provide: APP_FILTER, useClass: filter }])).init();
}

async function answerTo(error: unknown, options?: DidomiExceptionFilterOptions): Promise<request.Response> {
  exception = error;
  const app = await start(options);
  return await request(app.getHttpServer()).get('/fails');
}

function apiError(status: number, more: Partial<ConstructorParameters<typeof DidomiApiError>[0]> = {}): DidomiApiError {
  const path = '/v1/properties/inner';
  const message = `GET ${path} was answered with ${status}: inner organization-1 at api.didomi.io`;
  return new DidomiApiError({ status, method: 'GET', path, attempts: 1, message, ...more });
}

function authenticationError(reason: DidomiAuthenticationReason, retryAfterMs?: number): DidomiAuthenticationError {
  return new DidomiAuthenticationError({ reason, message: 'inner', retryAfterMs });
}

function transportError(reason: DidomiTransportReason): DidomiTransportError {
  return new DidomiTransportError({ reason, method: 'GET', path: '/v1/inner', attempts: 1, message: 'inner' });
}

describe('DidomiExceptionFilter', () => {
  it.each<[string, DidomiError, number, string, string | undefined]>([
    ['404', apiError(404), 404, 'Not Found', undefined],
    ['400', apiError(400), 422, 'Unprocessable Entity', undefined],
    ['422', apiError(422), 422, 'Unprocessable Entity', undefined],
    ['410', apiError(410), 410, 'Gone', undefined],
    ['413', apiError(413), 413, 'Payload Too Large', undefined],
    ['429', apiError(429), 429, 'Too Many Requests', undefined],
    ['429 with a time', apiError(429, { retryAfterMs: 7_000 }), 429, 'Too Many Requests', '7'],
    ['503', apiError(503), 503, 'Service Unavailable', undefined],
    ['503 with a time', apiError(503, { retryAfterMs: 1_001 }), 503, 'Service Unavailable', '2'],
    ['401', apiError(401, { retryAfterMs: 1_000 }), 502, 'Bad Gateway', undefined],
    ['402', apiError(402), 502, 'Bad Gateway', undefined],
    ['403', apiError(403), 502, 'Bad Gateway', undefined],
    ['405', apiError(405), 500, 'Internal Server Error', undefined],
    ['406', apiError(406), 500, 'Internal Server Error', undefined],
    ['407', apiError(407), 502, 'Bad Gateway', undefined],
    ['408', apiError(408), 504, 'Gateway Timeout', undefined],
    ['411', apiError(411), 500, 'Internal Server Error', undefined],
    ['412', apiError(412), 500, 'Internal Server Error', undefined],
    ['414', apiError(414), 500, 'Internal Server Error', undefined],
    ['415', apiError(415), 500, 'Internal Server Error', undefined],
    ['426', apiError(426), 500, 'Internal Server Error', undefined],
    ['431', apiError(431), 500, 'Internal Server Error', undefined],
    ['499', apiError(499), 500, 'Internal Server Error', undefined],
    ['307', apiError(307), 502, 'Bad Gateway', undefined],
    ['409', apiError(409), 409, 'Conflict', undefined],
    ['500', apiError(500), 502, 'Bad Gateway', undefined],
    ['504', apiError(504), 502, 'Bad Gateway', undefined],
    ['rejected credentials', authenticationError('rejected'), 502, 'Bad Gateway', undefined],
    ['a wrong base URL', authenticationError('misconfigured'), 502, 'Bad Gateway', undefined],
    ['no access token in the answer', authenticationError('malformed', 500), 502, 'Bad Gateway', undefined],
    ['too many token requests', authenticationError('throttled', 100), 503, 'Service Unavailable', '1'],
    ['no login for now', authenticationError('unavailable', 2_500), 503, 'Service Unavailable', '3'],
    ['no login', authenticationError('unavailable'), 503, 'Service Unavailable', undefined],
    ['a shutdown', authenticationError('closed'), 503, 'Service Unavailable', undefined],
    ['an unknown reason', authenticationError('new' as 'closed'), 502, 'Bad Gateway', undefined],
    ['a timeout', transportError('timeout'), 504, 'Gateway Timeout', undefined],
    ['a request aborted by its caller', transportError('aborted'), 503, 'Service Unavailable', undefined],
    ['a reset', transportError('reset'), 502, 'Bad Gateway', undefined],
    ['a refused connection', transportError('refused'), 502, 'Bad Gateway', undefined],
    ['an unknown host', transportError('dns'), 502, 'Bad Gateway', undefined],
    ['TLS', transportError('tls'), 502, 'Bad Gateway', undefined],
    ['something else', transportError('unknown'), 502, 'Bad Gateway', undefined],
    ['the rate limit ahead', new DidomiRequestError('inner', 12_000), 429, 'Too Many Requests', '12'],
    ['a foreign host', new DidomiRequestError('inner'), 500, 'Internal Server Error', undefined],
    ['options', new DidomiConfigurationError(['inner']), 500, 'Internal Server Error', undefined],
  ])('answers %s, without inner details', async (_title, error, status, name, retryAfter) => {
    const response = await answerTo(error);

    expect(response.status).toBe(status);
    expect(response.body).toEqual({ statusCode: status, message: expect.any(String), error: name });
    expect(response.headers['retry-after']).toBe(retryAfter);
    expect(JSON.stringify([response.text, response.headers])).not.toMatch(INNER);
    const lines = logger.lines.filter(({ message }) => message.startsWith(`Answered ${status}: ${error.name}: `));
    expect(lines.map(({ level }) => level)).toEqual([status < 500 ? 'debug' : 'error']);
    expect(logger.didomi('error')).toHaveLength(status < 500 ? 0 : 1);
  });

  it.each([
    [404, 'Not Found'],
    [409, 'Conflict'],
    [422, 'Unprocessable Entity'],
    [429, 'Too Many Requests, try again later'],
    [405, 'Internal server error'],
    [401, 'Bad Gateway'],
    [503, 'Service Unavailable, try again later'],
    [408, 'Gateway Timeout'],
  ])('answers %d with a text as of Nest: %s', async (status, message) => {
    expect((await answerTo(apiError(status))).body.message).toBe(message);
  });

  it.each([
    ['a list', [{ field: 'user.id', message: 'is missing' }]],
    ['an object', { 'user.id': 'is missing' }],
    ['of the user', [{ field: 'organization_user_id', message: 'is missing' }]],
  ])('passes on what Didomi finds invalid: %s', async (_title, errors) => {
    for (const status of [400, 422]) {
      const response = await answerTo(apiError(status, { errors, contentType: 'application/json' }));
      expect(response.status).toBe(422);
      expect(response.body).toEqual({
        statusCode: 422,
        message: 'Unprocessable Entity',
        error: 'Unprocessable Entity',
        errors,
      });
    }
  });

  it('leaves out errors that cannot be written as JSON', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    let deep: unknown = 'end';
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    for (const errors of [circular, deep, { count: 1n }, () => 'a function']) {
      const response = await answerTo(apiError(422, { errors }));
      expect(response.status).toBe(422);
      expect(response.body).not.toHaveProperty('errors');
    }
  });

  it('keeps the errors of another status to itself', async () => {
    expect((await answerTo(apiError(404, { errors: [{ inner: 1 }] }))).body).not.toHaveProperty('errors');
    expect((await answerTo(apiError(500, { errors: [{ inner: 1 }] }))).body).not.toHaveProperty('errors');
  });

  describe('when the caller of the application is not to blame', () => {
    it.each<[string, Parameters<typeof apiError>[1]]>([
      ['in a list of errors', { errors: [{ field: 'organization_id', message: 'is required in the query' }] }],
      ['in an object of errors', { errors: { organization_id: 'is missing' } }],
      ['in nested errors', { errors: [{ path: ['query', 'organization_id'], message: 'is missing' }] }],
      ['as part of a field', { errors: [{ field: 'event.organization_id' }, { field: 'user.id' }] }],
      ['in the message', { message: 'POST /v1/x was answered with 400: organization_id is required', errors: {} }],
      ['in words', { message: 'POST /v1/x was answered with 400: Missing organization ID' }],
      ['in camel case', { message: 'POST /v1/x was answered with 400: organizationId is missing' }],
    ])('answers 500 and logs what to set if the organization is missing: %s', async (_title, more) => {
      for (const status of [400, 422]) {
        logger.lines.length = 0;
        const response = await answerTo(apiError(status, { message: 'inner', ...more }));

        expect(response.body).toEqual({
          statusCode: 500,
          message: 'Internal server error',
          error: 'Internal Server Error',
        });
        expect(logger.didomi('error')).toEqual([expect.stringMatching(/Answered 500: .*set organizationId/)]);
      }
    });

    it('does not look for it in the path, which may be of the choice of the caller', async () => {
      const path = '/v1/consents/users/organization_id';
      const response = await answerTo(apiError(400, { path, message: `GET ${path} was answered with 400: bad date` }));
      expect(response.status).toBe(422);
    });

    it('does not take the query of another status for it', async () => {
      const errors = [{ field: 'organization_id' }];
      expect((await answerTo(apiError(404, { errors }))).status).toBe(404);
      expect((await answerTo(apiError(403, { errors }))).status).toBe(502);
    });

    it.each([404, 409, 410])('answers 502 to a %d that follows an attempt without an answer', async (status) => {
      const response = await answerTo(
        apiError(status, { previousAttemptUnanswered: true, cause: transportError('reset') }),
      );

      expect(response.body).toEqual({ statusCode: 502, message: 'Bad Gateway', error: 'Bad Gateway' });
      expect(logger.didomi('error')).toEqual([expect.stringContaining(`was answered with ${status}`)]);
    });

    it.each([
      ['text/html', 400, 502],
      ['text/html', 404, 502],
      ['text/html', 405, 502],
      ['text/html', 409, 502],
      ['text/plain', 422, 502],
      ['application/xml', 410, 502],
      // Whoever says so is right.
      ['text/html', 413, 413],
      ['text/plain', 429, 429],
      ['text/html', 503, 503],
      ['application/json', 404, 404],
      ['Application/JSON', 404, 404],
      ['application/problem+json', 404, 404],
    ])('takes an answer in %s for one of a gateway: %d becomes %d', async (contentType, status, answer) => {
      expect((await answerTo(apiError(status, { contentType }))).status).toBe(answer);
    });
  });

  it.each<[number, string | undefined]>([
    [0, '0'],
    [1, '1'],
    [3_600_000, '3600'],
    [86_400_000, '3600'],
    [1e30, '3600'],
    [Infinity, '3600'],
    [-1, undefined],
    [-Infinity, undefined],
    [Number.NaN, undefined],
    ['7' as unknown as number, undefined],
  ])('caps Retry-After at an hour: %d ms', async (retryAfterMs, header) => {
    expect((await answerTo(apiError(503, { retryAfterMs }))).headers['retry-after']).toBe(header);
    expect((await answerTo(new DidomiRequestError('inner', retryAfterMs))).headers['retry-after']).toBe(header);
  });

  describe.each<[string, () => AbstractHttpAdapter]>([
    ['Express', () => new ExpressAdapter()],
    ['Fastify', () => new FastifyAdapter()],
  ])('on %s', (platform, adapterOf) => {
    describe.each<[string, (app: INestApplication, options?: DidomiExceptionFilterOptions) => DidomiExceptionFilter]>([
      ['with the HTTP adapter', (app, options) => new DidomiExceptionFilter(app.getHttpAdapter(), options)],
      ['without the HTTP adapter', (_app, options) => new DidomiExceptionFilter(undefined, options)],
    ])('%s', (_title, filterOf) => {
      async function call(method: 'get' | 'head', path: string, options?: DidomiExceptionFilterOptions) {
        const app = await create([], adapterOf());
        app.useGlobalFilters(filterOf(app, options));
        await app.init();
        if (platform === 'Fastify') await (app.getHttpAdapter().getInstance() as { ready(): Promise<unknown> }).ready();
        return await request(app.getHttpServer())[method](path);
      }

      it.each(['/fails', '/fails-as-csv', '/fails-early'])('answers in JSON: %s', async (path) => {
        exception = apiError(429, { retryAfterMs: 1_000 });
        const response = await call('get', path);

        expect(response.status).toBe(429);
        expect(response.headers['content-type']).toMatch(/^application\/json/);
        expect(response.headers['retry-after']).toBe('1');
        expect(response.body).toMatchObject({ statusCode: 429, error: 'Too Many Requests' });
      });

      it('answers HEAD without a body', async () => {
        exception = apiError(429, { retryAfterMs: 1_000 });
        const response = await call('head', '/fails');

        expect(response.status).toBe(429);
        expect(response.headers['retry-after']).toBe('1');
        expect(response.text).toBeFalsy();
      });

      it('ends an answer that has begun already', async () => {
        exception = apiError(503, { retryAfterMs: 1_000 });
        const response = await call('get', '/fails-late');

        expect(response.status).toBe(200);
        expect(response.text).toBe('the beginning');
        expect(logger.didomi('error')).toHaveLength(1);
      });

      it('answers what `respond` returns, at once or later', async () => {
        exception = apiError(404);
        const answer = { status: 418, body: 'no coffee', headers: { 'X-Reason': 'tea' } };
        for (const respond of [() => answer, () => Promise.resolve(answer)]) {
          const response = await call('get', '/fails', { respond });
          expect(response.status).toBe(418);
          expect(response.text).toBe('no coffee');
          expect(response.headers['x-reason']).toBe('tea');
        }
      });

      it('answers a body that cannot be written as JSON with an error', async () => {
        exception = apiError(404);
        const respond = () => Promise.resolve({ status: 200, body: { count: 1n } });
        expect((await call('get', '/fails', { respond })).status).toBeGreaterThanOrEqual(400);
      });

      it('answers as usual where `respond` rejects', async () => {
        exception = apiError(404);
        const response = await call('get', '/fails', { respond: () => Promise.reject(new Error('a bug')) });
        expect(response.body).toEqual({ statusCode: 404, message: 'Not Found', error: 'Not Found' });
      });
    });
  });

  it('works by `new DidomiExceptionFilter()` alone', async () => {
    exception = apiError(404);
    const app = await create();
    app.useGlobalFilters(new DidomiExceptionFilter());
    await app.init();

    expect((await request(app.getHttpServer()).get('/fails')).status).toBe(404);
  });

  it.each<[string, (app: INestApplication) => unknown]>([
    ['the host of the adapter', (app) => app.get(HttpAdapterHost)],
    ['the options', () => ({ respond: () => undefined })],
    ['null', () => null],
  ])('says what to pass in place of %s', async (_title, argumentOf) => {
    const app = await create();
    expect(() => new DidomiExceptionFilter(argumentOf(app) as AbstractHttpAdapter)).toThrow(
      new TypeError(
        'DidomiExceptionFilter: applicationRef must be the HTTP adapter, app.getHttpAdapter(), or undefined; options come second',
      ),
    );
  });

  it('leaves other exceptions to Nest', async () => {
    expect((await answerTo(new NotFoundException('not here'))).body).toMatchObject({ message: 'not here' });
    const response = await answerTo(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(response.status).toBe(500);
    expect(logger.lines.filter(({ context }) => context === 'ExceptionsHandler')).toHaveLength(1);
  });

  it('answers the errors of another copy of the package', async () => {
    jest.resetModules();
    const other = await import('../../lib/index.js');
    expect(other.DidomiApiError).not.toBe(DidomiApiError);
    const facts = { status: 404, method: 'GET', path: '/v1/x', attempts: 1, message: 'inner' };
    expect((await answerTo(new other.DidomiApiError(facts))).status).toBe(404);
  });

  describe('in the log', () => {
    it.each<[string, DidomiError, string]>([
      [
        'an answer of Didomi',
        apiError(500),
        'Answered 502: DidomiApiError: GET /v1/properties/inner was answered with 500: inner organization-1 at api.didomi.io',
      ],
      ['no access token', authenticationError('rejected'), 'Answered 502: DidomiAuthenticationError: inner'],
      ['a timeout', transportError('timeout'), 'Answered 504: DidomiTransportError: inner'],
      [
        'a refused request',
        new DidomiRequestError('no\nsuch\r\n  url'),
        'Answered 500: DidomiRequestError: no such url',
      ],
      [
        'terminal escape sequences',
        apiError(500, {
          message: '\u001b[2J\u001b]0;title\u0007gone\u009b31m\u0008\r\n[Nest] \u2028 LOG all \u202ewell',
        }),
        'Answered 502: DidomiApiError: gone [Nest] LOG all well',
      ],
      [
        'several problems',
        new DidomiConfigurationError(['a', 'b']),
        'Answered 500: DidomiConfigurationError: DidomiModule cannot start, 2 problems: - a - b',
      ],
    ])('is one line for each 5xx: %s', async (_title, error, line) => {
      await answerTo(error);
      const [logged, ...more] = logger.lines.filter(({ level }) => level === 'error' || level === 'warn');
      expect(more).toEqual([]);
      expect(logged).toMatchObject({ level: 'error', context: 'DidomiExceptionFilter' });
      // Nest hands a stack to loggers, and here there is none.
      expect(logged?.message).toBe(`${line} undefined`);
    });

    it('is clean, too, for errors of a copy of the package that leaves control characters in', async () => {
      const error = Object.assign(apiError(500), { message: 'a\u001b[31m\u0007b', name: 'Didomi\u001b[2JApiError' });
      await answerTo(error);
      const [line = ''] = logger.didomi('error');
      expect(line).toContain('DidomiApiError: ab');
      expect(line).not.toMatch(CONTROL);
    });

    it.each([404, 422, 429])('is nothing for a %d', async (status) => {
      await answerTo(apiError(status));
      expect(logger.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    });
  });

  describe('with `respond`', () => {
    it('answers what it returns', async () => {
      const respond = jest.fn(() => ({ status: 418, body: { tea: true }, headers: { 'X-Reason': 'tea' } }));
      const error = apiError(404);
      const response = await answerTo(error, { respond });

      expect(respond.mock.calls).toEqual([[error]]);
      expect(response.status).toBe(418);
      expect(response.body).toEqual({ tea: true });
      expect(response.headers['x-reason']).toBe('tea');
    });

    it('answers as usual where it returns undefined', async () => {
      expect((await answerTo(apiError(404), { respond: () => undefined })).status).toBe(404);
    });

    it('adds the usual body and Retry-After to a status of its own', async () => {
      const respond = (): { status: number } => ({ status: 503 });
      const response = await answerTo(apiError(429, { retryAfterMs: 3_000 }), { respond });

      expect(response.body).toMatchObject({ statusCode: 503, error: 'Service Unavailable' });
      expect(response.headers['retry-after']).toBe('3');
      expect(logger.didomi('error')).toEqual([expect.stringContaining('Answered 503: DidomiApiError')]);
    });

    it('lets it replace Retry-After, send text, and use a status without a name', async () => {
      const replaced = await answerTo(apiError(429, { retryAfterMs: 3_000 }), {
        respond: () => ({ status: 429, body: 'later', headers: { 'Retry-After': '60' } }),
      });
      expect(replaced.text).toBe('later');
      expect(replaced.headers['retry-after']).toBe('60');
      const odd = await answerTo(apiError(429), { respond: () => ({ status: 499 }) });
      expect(odd.body).toEqual({ statusCode: 499, message: 'Error', error: 'Error' });
    });
  });

  describe('with a `respond` that fails', () => {
    const usual = { statusCode: 404, message: 'Not Found', error: 'Not Found' };

    it.each<[string, DidomiExceptionFilterOptions['respond']]>([
      [
        'throws',
        () => {
          throw new Error('a bug');
        },
      ],
      ['rejects', () => Promise.reject(new Error('a bug'))],
      ['rejects with nothing', () => Promise.reject(undefined)],
      ['returns no status', () => ({}) as { status: number }],
      ['returns a text as status', () => ({ status: '404' as unknown as number })],
      ['returns the status NaN', () => ({ status: Number.NaN })],
      ['returns the status 0', () => ({ status: 0 })],
      ['returns the status 101', () => ({ status: 101 })],
      ['returns the status 404.5', () => ({ status: 404.5 })],
      ['returns the status 600', () => ({ status: 600 })],
      ['resolves with the status 1000', () => Promise.resolve({ status: 1_000 })],
      ['returns a number', () => 418 as unknown as { status: number }],
      ['returns a header that cannot be sent', () => ({ status: 404, headers: { 'X-Text': 'a\nb' } })],
      ['returns a header name that cannot be sent', () => ({ status: 404, headers: { 'X Text': 'a' } })],
      ['returns a body that cannot be written as JSON', () => ({ status: 418, body: { count: 1n } })],
    ])('answers as usual and logs it: %s', async (_title, respond) => {
      const response = await answerTo(apiError(404), { respond });

      expect(response.status).toBe(404);
      expect(response.body).toEqual(usual);
      expect(logger.didomi('error')).toEqual([expect.stringMatching(/^respond\(\) failed, answered as usual/)]);
    });

    it('waits for any thenable', async () => {
      // A promise of another realm is no instance of Promise here.
      const thenable = runInNewContext('Promise.resolve({ status: 418 })') as Promise<{ status: number }>;
      const respond = () => thenable;
      expect((await answerTo(apiError(404), { respond })).status).toBe(418);
    });

    it('ends no process if the response cannot be written at all', async () => {
      await create();
      const unhandled = jest.fn();
      process.once('unhandledRejection', unhandled);
      const host = { getType: () => 'http', getArgByIndex: () => ({}) } as unknown as ArgumentsHost;
      new DidomiExceptionFilter(undefined, { respond: () => Promise.resolve(undefined) }).catch(apiError(404), host);
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', unhandled);

      expect(unhandled).not.toHaveBeenCalled();
      expect(logger.didomi('error').at(-1)).toMatch(/^No answer was sent: TypeError/);
    });

    it('has the stack in the log, and no control characters', async () => {
      const respond = (): never => {
        throw new Error('a \u001b[31mbug');
      };
      await answerTo(apiError(404), { respond });
      const [line = ''] = logger.didomi('error');
      expect(line).toContain('Error: a bug\n    at respond');
    });

    it('answers as usual where it resolves with undefined or null', async () => {
      for (const value of [undefined, null as unknown as undefined]) {
        expect((await answerTo(apiError(404), { respond: () => Promise.resolve(value) })).body).toEqual(usual);
        expect((await answerTo(apiError(404), { respond: () => value })).body).toEqual(usual);
      }
      expect(logger.didomi('error')).toEqual([]);
    });

    it('logs a 5xx that it resolves with', async () => {
      await answerTo(apiError(404), { respond: () => Promise.resolve({ status: 503 }) });
      expect(logger.didomi('error')).toEqual([expect.stringContaining('Answered 503: DidomiApiError')]);
    });
  });

  it('answers through the adapter of another framework, whose responses it does not know', () => {
    const sent: unknown[] = [];
    const adapter = {
      isHeadersSent: () => false,
      setHeader: (_response: object, name: string, value: string) => sent.push([name, value]),
      reply: (_response: object, _body: unknown, status: number) => sent.push(status),
    } as unknown as AbstractHttpAdapter;
    const host = { getType: () => 'http', getArgByIndex: () => ({}) } as unknown as ArgumentsHost;
    new DidomiExceptionFilter(adapter).catch(apiError(429, { retryAfterMs: 1_000 }), host);
    expect(sent).toEqual([['Retry-After', '1'], 429]);
  });

  describe('as APP_FILTER', () => {
    it('works by its class alone', async () => {
      exception = apiError(429, { retryAfterMs: 1_000 });
      const app = await startWith(DidomiExceptionFilter);
      const response = await request(app.getHttpServer()).get('/fails');

      expect(response.status).toBe(429);
      expect(response.headers['retry-after']).toBe('1');
    });

    it('takes options in a subclass', async () => {
      @Catch(DidomiApiError)
      class TeapotFilter extends DidomiExceptionFilter {
        constructor() {
          super(undefined, { respond: () => ({ status: 418 }) });
        }
      }
      exception = apiError(404);
      const app = await startWith(TeapotFilter);

      expect((await request(app.getHttpServer()).get('/fails')).status).toBe(418);
    });
  });

  describe('outside of HTTP', () => {
    /** The part of an ArgumentsHost that the filter uses outside of HTTP. */
    function hostOf(type: string, ...args: unknown[]): ArgumentsHost {
      const host = { getType: () => type, switchToWs: () => ({ getClient: () => args[0] }) };
      return host as unknown as ArgumentsHost;
    }

    it('leaves the exception to Nest, which throws it as it is', async () => {
      const app = await startWith(DidomiExceptionFilter);
      const controller = app.get(FailingController);
      const handler = app
        .get(ExternalContextCreator)
        .create(
          controller,
          controller.fails,
          'fails',
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          'graphql',
        );
      exception = apiError(404);

      await expect(handler()).rejects.toBe(exception);
      expect(logger.didomi('error')).toEqual([]);
    });

    it('returns undefined in a microservice, where Nest then acts as without a filter', () => {
      const filter = new DidomiExceptionFilter();
      expect(filter.catch(apiError(404), hostOf('rpc', {}, {}))).toBeUndefined();
    });

    it('answers the socket of a gateway as Nest does', async () => {
      await start();
      const emit = jest.fn();
      const filter = new DidomiExceptionFilter();
      expect(filter.catch(apiError(404), hostOf('ws', { emit }, {}))).toBeUndefined();
      filter.catch(apiError(404), hostOf('ws', {}, {}));

      expect(emit.mock.calls).toEqual([['exception', { status: 'error', message: 'Internal server error' }]]);
      expect(logger.didomi('error')).toHaveLength(2);
    });
  });
});
