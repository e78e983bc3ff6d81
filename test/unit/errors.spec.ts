import { describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger, type ConsoleLoggerOptions } from '@nestjs/common';
import axios from 'axios';
import { format, inspect } from 'node:util';
import { pino } from 'pino';
import {
  DidomiApiError,
  DidomiAuthenticationError,
  DidomiConfigurationError,
  DidomiError,
  DidomiRequestError,
  DidomiTransportError,
  isDidomiApiError,
  isDidomiAuthenticationError,
  isDidomiConfigurationError,
  isDidomiError,
  isDidomiRequestError,
  isDidomiTransportError,
} from '../../lib/index.js';
import { findReachable } from '../support/find-reachable.js';

type Library = typeof import('../../lib/index.js');

const API_FACTS = { status: 404, method: 'GET', path: '/v1/properties/x', attempts: 1, message: 'GET … 404' };
const TRANSPORT_FACTS = { method: 'GET', path: '/v1/properties', attempts: 2, message: 'no answer' };

const GUARDS: Readonly<Record<string, (error: unknown) => boolean>> = {
  DidomiApiError: isDidomiApiError,
  DidomiAuthenticationError: isDidomiAuthenticationError,
  DidomiConfigurationError: isDidomiConfigurationError,
  DidomiRequestError: isDidomiRequestError,
  DidomiTransportError: isDidomiTransportError,
};

const CLASSES = {
  DidomiApiError,
  DidomiAuthenticationError,
  DidomiConfigurationError,
  DidomiRequestError,
  DidomiTransportError,
};

/** What a terminal obeys. */
const CONTROL = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/u;

/** One of each class. */
function oneOfEach(library: Library): DidomiError[] {
  return [
    new library.DidomiApiError(API_FACTS),
    new library.DidomiAuthenticationError({ reason: 'rejected', message: 'rejected' }),
    new library.DidomiConfigurationError(['apiKey is missing']),
    new library.DidomiRequestError('refused'),
    new library.DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'reset', systemCode: 'ECONNRESET' }),
  ];
}

async function anotherCopy(): Promise<Library> {
  jest.resetModules();
  return await import('../../lib/index.js');
}

describe('errors', () => {
  it.each([
    [new DidomiApiError(API_FACTS), 'DIDOMI_API'],
    [new DidomiAuthenticationError({ reason: 'closed', message: 'closed' }), 'DIDOMI_AUTHENTICATION'],
    [new DidomiConfigurationError(['a']), 'DIDOMI_CONFIGURATION'],
    [new DidomiRequestError('refused'), 'DIDOMI_REQUEST'],
    [new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'dns' }), 'DIDOMI_TRANSPORT'],
  ] as const)('have a stable code, a name and one base class: %s', (error, code) => {
    expect(error.code).toBe(code);
    expect(error).toBeInstanceOf(DidomiError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(error.constructor.name);
    expect(String(error)).toBe(`${error.name}: ${error.message}`);
    expect(error.stack).toContain('errors.spec');
  });

  it('print as JSON without properties for what is absent', () => {
    const keysOf = (error: DidomiError): string[] => Object.keys(JSON.parse(JSON.stringify(error)) as object).sort();
    expect(keysOf(new DidomiApiError(API_FACTS))).toEqual(
      ['attempts', 'code', 'message', 'method', 'name', 'path', 'status'].sort(),
    );
    expect(keysOf(new DidomiRequestError('refused'))).toEqual(['code', 'message', 'name']);
  });

  it('print their names also if the classes are minified', () => {
    expect(inspect(new DidomiRequestError('refused'))).toMatch(/^DidomiRequestError: refused\n/);
  });

  it('put a single problem on one line and several in a list', () => {
    expect(new DidomiConfigurationError(['apiKey is missing']).message).toBe(
      'DidomiModule cannot start: apiKey is missing',
    );
    expect(new DidomiConfigurationError(['a', 'b']).message).toBe('DidomiModule cannot start, 2 problems:\n- a\n- b');
  });

  it('are cancellations for Axios only when aborted by the caller', () => {
    const aborted = new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'aborted' });
    expect(axios.isCancel(aborted)).toBe(true);
    expect(Object.keys(aborted)).not.toContain('__CANCEL__');
    expect(axios.isCancel(new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'timeout' }))).toBe(false);
  });

  it('are Axios errors for axios.isAxiosError(), except for mistakes of the application', () => {
    const marked = (error: DidomiError): boolean => axios.isAxiosError(error);
    expect(oneOfEach({ ...CLASSES } as Library).map((error) => [error.name, marked(error)])).toEqual([
      ['DidomiApiError', true],
      ['DidomiAuthenticationError', true],
      ['DidomiConfigurationError', false],
      ['DidomiRequestError', false],
      ['DidomiTransportError', true],
    ]);
    expect(marked(new DidomiRequestError('the rate limit is used up', 1_000))).toBe(true);
    expect(JSON.stringify(new DidomiApiError(API_FACTS))).not.toContain('isAxiosError');
    expect(inspect(new DidomiApiError(API_FACTS))).not.toContain('isAxiosError');
  });

  it.each<[string, string, string]>([
    ['colours', 'not \u001b[31mfound\u001b[0m', 'not found'],
    ['8-bit colours', 'not \u009b31mfound', 'not found'],
    ['a hyperlink', '\u001b]8;;https://x\u0007here\u001b]8;;\u0007', 'here'],
    ['a cleared screen', '\u001b[2J\u001b[Hgone', 'gone'],
    ['a device control string', '\u001bPq#0\u001b\\', 'q#0\\'],
    ['a bell, a backspace, a NUL, a DEL', '\u0007a\u0008b\u0000c\u007f', 'abc'],
    ['C1 controls', 'a\u0085b\u0090c', 'abc'],
    ['an overwritten line', 'an error\rall well', 'an error\nall well'],
    ['reversed text', '\u202egnp\u2066.exe', 'gnp.exe'],
    ['line breaks and tabs', 'a\r\nb\n\tc', 'a\nb\n\tc'],
    ['other scripts', 'Größe 日本語 می‌خواهم 👩‍👩‍👧', 'Größe 日本語 می‌خواهم 👩‍👩‍👧'],
  ])('have no control characters in message and stack: %s', (_title, message, expected) => {
    const cause = new DidomiApiError({ ...API_FACTS, message });
    for (const error of [
      cause,
      new DidomiAuthenticationError({ reason: 'rejected', message }, cause),
      new DidomiRequestError(message),
      new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'reset', message }),
    ]) {
      expect(error.message).toBe(expected);
      expect(error.stack).toContain(expected);
      expect(inspect(error)).not.toMatch(CONTROL);
    }
  });

  it('tell host and port where they are known', () => {
    const error = new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'dns', host: 'api.didomi.io:443' });
    expect(error.host).toBe('api.didomi.io:443');
    expect(error.toJSON()).toMatchObject({ host: 'api.didomi.io:443' });
  });

  it('say that an attempt without an answer came before, and which', () => {
    const cause = new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'reset' });
    const error = new DidomiApiError({ ...API_FACTS, status: 409, previousAttemptUnanswered: true, cause });
    expect(error.previousAttemptUnanswered).toBe(true);
    expect(error.cause).toBe(cause);
    expect(error.toJSON()).toMatchObject({ previousAttemptUnanswered: true, cause: { reason: 'reset' } });
    const ordinary = new DidomiApiError({ ...API_FACTS, previousAttemptUnanswered: false });
    expect(ordinary).not.toHaveProperty('previousAttemptUnanswered');
  });
});

describe('the response of an API error', () => {
  const response = { status: 404, headers: { 'x-request': 'header-canary' }, data: { user: { id: 'body-canary' } } };
  const error = new DidomiApiError({ ...API_FACTS, response });
  const caused = new DidomiAuthenticationError({ reason: 'rejected', message: 'rejected' }, error);

  it('is there for code that reads it as of an Axios error', () => {
    const caught: unknown = error;
    expect(axios.isAxiosError(caught) && caught.response?.status).toBe(404);
    expect(axios.isAxiosError(caught) && caught.response?.data).toEqual({ user: { id: 'body-canary' } });
    expect(error.response).toBe(response);
    expect(new DidomiApiError(API_FACTS).response).toBeUndefined();
    expect(isDidomiApiError(caught) && caught.response?.headers['x-request']).toBe('header-canary');
  });

  it.each<[string, DidomiError]>([
    ['the error', error],
    ['an error that it is the cause of', caused],
  ])('is not printed with %s', (_title, printed) => {
    const texts = [
      inspect(printed, { depth: Infinity, showHidden: true }),
      inspect({ list: [printed] }, { depth: Infinity, showHidden: true, showProxy: true }),
      format('%o %O %j %s', printed, printed, printed, printed),
      JSON.stringify(printed),
      JSON.stringify(printed.toJSON()),
      JSON.stringify(Object.assign({}, printed)),
      JSON.stringify(pino.stdSerializers.errWithCause(printed)),
      JSON.stringify(pino.stdSerializers.err(printed)),
      String(printed),
      printed.stack ?? '',
      ...linesOf(printed, { json: true }),
      ...linesOf(printed, { json: false, colors: false }),
    ];
    expect(texts.join('\n')).not.toMatch(/header-canary|body-canary/);
    expect(findReachable(printed, 'canary')).toBeUndefined();
    const enumerated: string[] = [];
    for (const name in printed) enumerated.push(name);
    expect(enumerated).not.toContain('response');
  });

  /** What Nest's logger writes of an error. */
  function linesOf(logged: Error, options: ConsoleLoggerOptions): string[] {
    const lines: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    }
    const logger = new ConsoleLogger('test', options);
    logger.error(logged);
    logger.warn({ logged });
    jest.restoreAllMocks();
    expect(lines.join('')).toContain(logged.message);
    return lines;
  }
});

describe('toJSON', () => {
  it('has the properties and the message, and no stack', () => {
    const facts = {
      ...API_FACTS,
      didomiName: 'NotFound',
      errors: [{ field: 'id' }],
      contentType: 'application/json',
      retryAfterMs: 1_500,
      rateLimit: { limit: 100, remaining: 0, resetAt: 1 },
    };
    expect(JSON.parse(JSON.stringify(new DidomiApiError(facts)))).toEqual({
      name: 'DidomiApiError',
      code: 'DIDOMI_API',
      ...facts,
    });
  });

  it('has the cause', () => {
    const cause = new DidomiApiError({ ...API_FACTS, status: 401 });
    const error = new DidomiAuthenticationError({ reason: 'rejected', message: 'rejected', status: 403 }, cause);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'DidomiAuthenticationError',
      code: 'DIDOMI_AUTHENTICATION',
      reason: 'rejected',
      message: 'rejected',
      status: 403,
      cause: { name: 'DidomiApiError', code: 'DIDOMI_API', ...API_FACTS, status: 401 },
    });
  });

  it('has the problems of the options', () => {
    expect(new DidomiConfigurationError(['apiKey is missing']).toJSON()).toMatchObject({
      problems: ['apiKey is missing'],
      message: 'DidomiModule cannot start: apiKey is missing',
    });
  });

  it('does not have the mark of a cancellation', () => {
    expect(new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'aborted' }).toJSON()).toEqual({
      name: 'DidomiTransportError',
      code: 'DIDOMI_TRANSPORT',
      reason: 'aborted',
      ...TRANSPORT_FACTS,
    });
  });
});

describe('guards', () => {
  it('accept errors of another copy of the package, which instanceof does not', async () => {
    const other = await anotherCopy();
    expect(other.DidomiError).not.toBe(DidomiError);
    for (const error of oneOfEach(other)) {
      expect(error).not.toBeInstanceOf(DidomiError);
      expect(isDidomiError(error)).toBe(true);
      const accepting = Object.keys(GUARDS).filter((name) => GUARDS[name]?.(error));
      expect(accepting).toEqual([error.name]);
    }
  });

  it('of another copy accept the errors of this one', async () => {
    const other = await anotherCopy();
    for (const error of oneOfEach({ ...CLASSES } as Library)) {
      expect(other.isDidomiError(error)).toBe(true);
    }
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'DIDOMI_API'],
    ['an Error', new Error('DIDOMI_API')],
    ['a Node.js error', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['an error with a numeric code', Object.assign(new Error('404'), { code: 404 })],
    ['an Axios error', new axios.AxiosError('failed', 'ERR_BAD_REQUEST')],
    ['an error with a code of the same beginning', Object.assign(new Error('x'), { code: 'DIDOMI_OTHER' })],
    ['an error with the code of an inherited property', Object.assign(new Error('x'), { code: 'constructor' })],
    ['a plain object with a code', { code: 'DIDOMI_API', message: 'x' }],
    ['what toJSON() gave', new DidomiRequestError('refused').toJSON()],
  ])('do not accept %s', (_title, value) => {
    expect(isDidomiError(value)).toBe(false);
    for (const guard of Object.values(GUARDS)) expect(guard(value)).toBe(false);
  });
});

it('errors have no property for what is absent, so that nothing prints it', () => {
  const errors = [
    new DidomiApiError({ status: 404, method: 'GET', path: '/x', attempts: 1, message: 'not found' }),
    new DidomiTransportError({ reason: 'reset', method: 'GET', path: '/x', attempts: 1, message: 'reset' }),
    new DidomiAuthenticationError({ reason: 'closed', message: 'closed' }),
    new DidomiRequestError('refused'),
  ];
  for (const error of errors) expect(Object.values(error)).not.toContain(undefined);
});
