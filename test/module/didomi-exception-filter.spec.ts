import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  Get,
  type INestApplication,
  NotFoundException,
  Res,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, ExternalContextCreator, HttpAdapterHost } from '@nestjs/core';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { ServerResponse } from 'node:http';
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

/** Must not be in any answer. */
const INNER = /inner|organization|didomi\.io|\/v1|properties/;

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
  async failsLate(@Res() response: ServerResponse): Promise<void> {
    response.write('the beginning');
    await new Promise((resolve) => setImmediate(resolve));
    throw exception;
  }
}

beforeEach(() => {
  logger = new RecordingLogger();
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function create(builder: TestingModuleBuilder): Promise<INestApplication> {
  const module = await builder.setLogger(logger).compile();
  const app = module.createNestApplication();
  apps.push(app);
  return app;
}

/** By `useGlobalFilters()`. */
async function start(options?: DidomiExceptionFilterOptions): Promise<INestApplication> {
  const app = await create(Test.createTestingModule({ controllers: [FailingController] }));
  app.useGlobalFilters(new DidomiExceptionFilter(app.get(HttpAdapterHost).httpAdapter, options));
  return await app.init();
}

/** By `APP_FILTER`. */
async function startWith(filter: Type): Promise<INestApplication> {
  const providers = [{ provide: APP_FILTER, useClass: filter }];
  const app = await create(Test.createTestingModule({ controllers: [FailingController], providers }));
  return await app.init();
}

async function answerTo(error: unknown, options?: DidomiExceptionFilterOptions): Promise<request.Response> {
  exception = error;
  const app = await start(options);
  return await request(app.getHttpServer()).get('/fails');
}

function apiError(status: number, more: { errors?: unknown; retryAfterMs?: number } = {}): DidomiApiError {
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
    ['429', apiError(429), 429, 'Too Many Requests', undefined],
    ['429 with a time', apiError(429, { retryAfterMs: 7_000 }), 429, 'Too Many Requests', '7'],
    ['503', apiError(503), 503, 'Service Unavailable', undefined],
    ['503 with a time', apiError(503, { retryAfterMs: 1_001 }), 503, 'Service Unavailable', '2'],
    ['401', apiError(401, { retryAfterMs: 1_000 }), 502, 'Bad Gateway', undefined],
    ['403', apiError(403), 502, 'Bad Gateway', undefined],
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
    ['a request that was given up', transportError('aborted'), 503, 'Service Unavailable', undefined],
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
  });

  it.each([
    ['a list', [{ field: 'user.id', message: 'is missing' }]],
    ['an object', { 'user.id': 'is missing' }],
  ])('hands on what Didomi finds invalid: %s', async (_title, errors) => {
    for (const status of [400, 422]) {
      const response = await answerTo(apiError(status, { errors }));
      expect(response.status).toBe(422);
      expect(response.body).toEqual({
        statusCode: 422,
        message: 'Didomi does not accept it',
        error: 'Unprocessable Entity',
        errors,
      });
    }
  });

  it('keeps the errors of another status to itself', async () => {
    expect((await answerTo(apiError(404, { errors: [{ inner: 1 }] }))).body).not.toHaveProperty('errors');
    expect((await answerTo(apiError(500, { errors: [{ inner: 1 }] }))).body).not.toHaveProperty('errors');
  });

  it('answers in JSON, and HEAD without a body', async () => {
    exception = apiError(429, { retryAfterMs: 1_000 });
    const app = await start();
    const get = await request(app.getHttpServer()).get('/fails');
    const head = await request(app.getHttpServer()).head('/fails');

    expect(get.headers['content-type']).toMatch(/^application\/json/);
    expect(head.status).toBe(429);
    expect(head.headers['retry-after']).toBe('1');
    expect(head.text).toBeFalsy();
  });

  it('ends an answer that has begun already', async () => {
    exception = apiError(503, { retryAfterMs: 1_000 });
    const app = await start();
    const response = await request(app.getHttpServer()).get('/fails-late');

    expect(response.status).toBe(200);
    expect(response.text).toBe('the beginning');
    expect(logger.didomi('error')).toHaveLength(1);
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
    /** As much of a host as a filter asks for outside of HTTP. */
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

    it('returns nothing to a microservice, for which Nest takes it as no filter', () => {
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
