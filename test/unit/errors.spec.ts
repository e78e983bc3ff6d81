import { describe, expect, it, jest } from '@jest/globals';
import axios from 'axios';
import { inspect } from 'node:util';
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

describe('the errors', () => {
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

  it('print as JSON without a property for a fact that is not there', () => {
    const keysOf = (error: DidomiError): string[] => Object.keys(JSON.parse(JSON.stringify(error)) as object).sort();
    expect(keysOf(new DidomiApiError(API_FACTS))).toEqual(
      ['attempts', 'code', 'message', 'method', 'name', 'path', 'status'].sort(),
    );
    expect(keysOf(new DidomiRequestError('refused'))).toEqual(['code', 'message', 'name']);
  });

  it('have the names that loggers print, not those of a minified class', () => {
    expect(inspect(new DidomiRequestError('refused'))).toMatch(/^DidomiRequestError: refused\n/);
  });

  it('say a single problem in one line and several in a list', () => {
    expect(new DidomiConfigurationError(['apiKey is missing']).message).toBe(
      'DidomiModule cannot start: apiKey is missing',
    );
    expect(new DidomiConfigurationError(['a', 'b']).message).toBe('DidomiModule cannot start, 2 problems:\n- a\n- b');
  });

  it('are cancellations for Axios only when the caller gave up', () => {
    const aborted = new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'aborted' });
    expect(axios.isCancel(aborted)).toBe(true);
    expect(Object.keys(aborted)).not.toContain('__CANCEL__');
    expect(axios.isCancel(new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'timeout' }))).toBe(false);
    expect(axios.isAxiosError(aborted)).toBe(false);
  });
});

describe('toJSON', () => {
  it('has the facts and the message, and no stack', () => {
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

  it('has the facts of the cause', () => {
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

  it('has what is wrong with the options', () => {
    expect(new DidomiConfigurationError(['apiKey is missing']).toJSON()).toMatchObject({
      problems: ['apiKey is missing'],
      message: 'DidomiModule cannot start: apiKey is missing',
    });
  });

  it('does not show the mark of a cancellation', () => {
    expect(new DidomiTransportError({ ...TRANSPORT_FACTS, reason: 'aborted' }).toJSON()).toEqual({
      name: 'DidomiTransportError',
      code: 'DIDOMI_TRANSPORT',
      reason: 'aborted',
      ...TRANSPORT_FACTS,
    });
  });
});

describe('the guards', () => {
  it('know the errors of another copy of the package, which instanceof does not', async () => {
    const other = await anotherCopy();
    expect(other.DidomiError).not.toBe(DidomiError);
    for (const error of oneOfEach(other)) {
      expect(error).not.toBeInstanceOf(DidomiError);
      expect(isDidomiError(error)).toBe(true);
      const accepting = Object.keys(GUARDS).filter((name) => GUARDS[name]?.(error));
      expect(accepting).toEqual([error.name]);
    }
  });

  it('of another copy know the errors of this one', async () => {
    const other = await anotherCopy();
    for (const error of oneOfEach({
      DidomiApiError,
      DidomiAuthenticationError,
      DidomiConfigurationError,
      DidomiRequestError,
      DidomiTransportError,
    } as Library)) {
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
  ])('do not take %s for an error of the library', (_title, value) => {
    expect(isDidomiError(value)).toBe(false);
    for (const guard of Object.values(GUARDS)) expect(guard(value)).toBe(false);
  });
});

it('a fact that is absent is no property, so that nothing prints it', () => {
  const errors = [
    new DidomiApiError({ status: 404, method: 'GET', path: '/x', attempts: 1, message: 'not found' }),
    new DidomiTransportError({ reason: 'reset', method: 'GET', path: '/x', attempts: 1, message: 'reset' }),
    new DidomiAuthenticationError({ reason: 'closed', message: 'closed' }),
    new DidomiRequestError('refused'),
  ];
  for (const error of errors) expect(Object.values(error)).not.toContain(undefined);
});
