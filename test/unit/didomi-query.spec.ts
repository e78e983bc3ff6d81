import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import axios from 'axios';
import fc from 'fast-check';
import qs from 'qs';
import { DidomiRequestError } from '../../lib/errors/didomi-request.error.js';
import { didomiPath } from '../../lib/query/didomi-path.js';
import { serializeQuery } from '../../lib/query/query-serializer.js';

/** Part of every text value that has to be refused: whatever prints a value prints this. */
const CANARY = 'canary-2b7e';
const LONE_SURROGATE = '\ud83d';

/** The message of the refusal, after a check that the error gives no value away. */
function refusalOf(send: () => unknown): string {
  try {
    send();
  } catch (error) {
    if (!(error instanceof DidomiRequestError)) throw error;
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(CANARY);
    expect(error.cause).toBeUndefined();
    return error.message;
  }
  throw new Error('It was accepted');
}

function refusedQuery(params: unknown): string {
  return refusalOf(() => serializeQuery(params));
}

/** The query with brackets and dollar signs as people read them. */
function readable(params: unknown): string {
  return decodeURIComponent(serializeQuery(params));
}

describe('serializeQuery', () => {
  it('repeats the key of a list', () => {
    expect(readable({ status: { $in: ['a', 'b'] } })).toBe('status[$in]=a&status[$in]=b');
    expect(readable({ 'status[$in]': ['a', 'b'] })).toBe('status[$in]=a&status[$in]=b');
    expect(readable({ url: ['x'] })).toBe('url=x');
    expect(readable({ '$with[]': ['outputs'] })).toBe('$with[]=outputs');
  });

  it('writes nested objects with brackets', () => {
    expect(readable({ $sort: { created_at: -1 } })).toBe('$sort[created_at]=-1');
    expect(readable({ 'metadata.booking_id': 'b1', a: { b: { c: 1 } } })).toBe('metadata.booking_id=b1&a[b][c]=1');
  });

  it('gives positions to a list that holds objects or lists', () => {
    expect(readable({ $or: [{ id: 'a' }, { id: 'b', status: { $in: ['x', 'y'] } }] })).toBe(
      '$or[0][id]=a&$or[1][id]=b&$or[1][status][$in]=x&$or[1][status][$in]=y',
    );
    expect(readable({ a: [undefined, 1, { b: undefined }, ['x'], null] })).toBe('a[0]=1&a[1][0]=x&a[2]=null');
    expect(
      readable({
        a: [
          { toJSON: 1 },
          new (class {
            toJSON = () => ['x'];
          })(),
        ],
      }),
    ).toBe('a[0][toJSON]=1&a[1][0]=x');
  });

  it('sends null as the text null, in lists as well', () => {
    expect(readable({ deployed_at: null, version: [null, 1] })).toBe('deployed_at=null&version=null&version=1');
  });

  it('leaves out undefined and nothing else', () => {
    expect(readable({ a: undefined, b: '', c: [undefined, 0], d: { e: undefined, f: false } })).toBe(
      'b=&c=0&d[f]=false',
    );
    expect(readable({ created_at: { $gte: undefined, $lte: undefined } })).toBe('');
    // oxlint-disable-next-line no-sparse-arrays -- the hole is what is tested
    expect(readable({ a: [, 1] })).toBe('a=1');
  });

  it('has no query for no parameters', () => {
    for (const params of [undefined, null, {}, Object.create(null), new URLSearchParams()]) {
      expect(serializeQuery(params)).toBe('');
    }
  });

  it('writes numbers, booleans, bigints and dates as text', () => {
    const params = { a: 1.5, b: true, c: 12_345_678_901_234_567_890n, d: new Date(0), e: 1e21 };
    expect(readable(params)).toBe('a=1.5&b=true&c=12345678901234567890&d=1970-01-01T00:00:00.000Z&e=1e+21');
    expect(readable({ d: [new Date(0), new Date(1)] })).toBe('d=1970-01-01T00:00:00.000Z&d=1970-01-01T00:00:00.001Z');
  });

  it('asks an object for its toJSON', () => {
    class Version {
      readonly #number = 3;
      toJSON(): number {
        return this.#number;
      }
    }
    expect(readable({ version: new Version(), url: new URL('https://x.io/a') })).toBe('version=3&url=https://x.io/a');
  });

  it('takes instances of classes, such as the data transfer objects of an application', () => {
    class Filter {
      notice_id = 'n';
      status = { $in: ['a'] };
    }
    expect(readable(new Filter())).toBe('notice_id=n&status[$in]=a');
    expect(readable({ filter: new Filter() })).toBe('filter[notice_id]=n&filter[status][$in]=a');
  });

  it('reads no inherited members', () => {
    expect(readable(Object.create({ organization_id: 'other' }, { a: { value: 1, enumerable: true } }))).toBe('a=1');
  });

  it('takes the same object twice', () => {
    const range = { $gte: 1 };
    expect(readable({ a: range, b: range, c: [range, range] })).toBe('a[$gte]=1&b[$gte]=1&c[0][$gte]=1&c[1][$gte]=1');
  });

  it('percent-encodes what has a meaning in a query', () => {
    expect(serializeQuery({ 'a&b': 'a+b@x.io =&?#%' })).toBe('a%26b=a%2Bb%40x.io%20%3D%26%3F%23%25');
  });

  it('is what Axios sends', () => {
    const params = { deployed_at: null, status: { $in: ['a', 'b'] }, since: new Date(0) };
    const url = axios.getUri({ url: '/x?y=1', params, paramsSerializer: { serialize: serializeQuery } });

    expect(decodeURIComponent(url)).toBe(
      '/x?y=1&deployed_at=null&status[$in]=a&status[$in]=b&since=1970-01-01T00:00:00.000Z',
    );
  });

  describe('refuses', () => {
    const circular: Record<string, unknown> = { secret: CANARY };
    circular.self = [circular];

    it.each([
      ['an empty list', { status: { $in: [] } }, 'status[$in]'],
      ['a list of nothing but undefined', { id: [undefined] }, 'id'],
      ['an empty list in a list', { a: [CANARY, []] }, 'a[1]'],
      ['an empty object', { status: {} }, 'status'],
      ['an empty object in a list', { $or: [{ b: CANARY }, {}] }, '$or[1]'],
      ['a function', { a: { b: () => CANARY } }, 'a[b]'],
      ['a symbol', { a: Symbol(CANARY) }, 'a'],
      ['NaN', { a: [1, Number.NaN] }, 'a'],
      ['infinity', { a: -Infinity }, 'a'],
      ['an invalid date', { since: new Date(Number.NaN) }, 'since'],
      ['a circular object', circular, 'self[0]'],
      [
        'a toJSON that returns an object around it',
        {
          a: new (class {
            toJSON = (): object => ({ self: this });
          })(),
        },
        'a[self]',
      ],
      ['half of a surrogate pair', { a: { b: CANARY + LONE_SURROGATE } }, 'a[b]'],
      ['half of a surrogate pair in a name', { a: { [LONE_SURROGATE]: CANARY } }, 'a'],
      ['a Map', { a: new Map([['b', CANARY]]) }, 'a'],
      ['a nested URLSearchParams', { a: new URLSearchParams({ b: CANARY }) }, 'a'],
      ['brackets in a nested name', { filter: { 'a[$in]': [CANARY] } }, 'filter'],
      ['an empty nested name', { a: { '': CANARY } }, 'a'],
    ])('%s, naming its parameter', (_what, params, path) => {
      expect(refusedQuery(params)).toMatch(`The parameter ${path} `);
    });

    it.each([
      ['an empty name', { '': CANARY }],
      ['half of a surrogate pair in a name', { [LONE_SURROGATE]: CANARY }],
      ['text', `a=${CANARY}`],
      ['a list', [CANARY]],
      ['a Map', new Map([['a', CANARY]])],
      ['a date', new Date(0)],
    ])('%s as params', (_what, params) => {
      expect(refusedQuery(params)).toMatch(/^params /);
    });
  });

  describe('for any parameters', () => {
    const special = fc.constantFrom('&', '=', '+', '%', '?', '#', '[', ']', '$', '.', ',', ' ', '\n');
    const text = fc
      .array(fc.oneof(special, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const scalar = fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.bigInt(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    // Digits would be positions and brackets structure; qs drops __proto__.
    const name = text.filter((key) => !/^$|^\d+$|[[\]]/.test(key) && key !== '__proto__');
    const { record } = fc.letrec<{ value: unknown; list: unknown[]; record: Record<string, unknown> }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, scalar, tie('list'), tie('record')),
      list: fc.array(tie('value'), { minLength: 1, maxLength: 25 }),
      record: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 }),
    }));

    /** Values as the text they are sent as. A list of one plain value cannot be told from the value. */
    function asParsed(value: unknown, isInList = false): unknown {
      if (Array.isArray(value)) {
        const items = value.map((item) => asParsed(item, true));
        return !isInList && items.length === 1 && typeof items[0] === 'string' ? items[0] : items;
      }
      if (typeof value !== 'object' || value === null) return String(value);
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asParsed(member)]));
    }

    it('parses back to what was given', () => {
      // By default qs makes an object of a list with more than 20 values and reads five levels and 1000 parameters.
      const options = { depth: 100, arrayLimit: 1000, parameterLimit: Infinity, allowPrototypes: true };
      fc.assert(
        fc.property(record, (params) => {
          expect(qs.parse(serializeQuery(params), options)).toEqual(asParsed(params));
        }),
        { numRuns: 300 },
      );
    });

    it('keeps the order and the duplicates of a URLSearchParams', () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
          expect([...new URLSearchParams(serializeQuery(new URLSearchParams(pairs)))]).toEqual(pairs);
        }),
      );
    });

    it('uses no characters that end a query or stand for a space', () => {
      fc.assert(
        fc.property(record, (params) => {
          expect(serializeQuery(params)).toMatch(/^[\w\-.!~*'()%=&]*$/);
        }),
      );
    });
  });
});

describe('didomiPath', () => {
  function refusedPath(template: unknown, parameters: unknown): string {
    return refusalOf(() => didomiPath(template as string, parameters as Record<string, string>));
  }

  it('encodes each parameter into one segment', () => {
    expect(didomiPath('/consents/users/{id}', { id: 'a+b@x.io' })).toBe('/consents/users/a%2Bb%40x.io');
    expect(didomiPath('/a/{id}/b', { id: '../../keys?x=1#y' })).toBe('/a/..%2F..%2Fkeys%3Fx%3D1%23y/b');
    expect(didomiPath('/a/{id}', { id: String.raw`..\keys` })).toBe('/a/..%5Ckeys');
  });

  it('fills several parameters, parts of a segment, and one name twice', () => {
    expect(didomiPath('/a/{x}/v{n}.{x}', { x: 'p', n: 2 })).toBe('/a/p/v2.p');
    expect(didomiPath('/a/{notice-id}/{b.c}', { 'notice-id': 'x', 'b.c': '...' })).toBe('/a/x/...');
  });

  it('does not read braces in a value as a parameter', () => {
    expect(didomiPath('/a/{x}/{y}', { x: '{y}', y: '$&' })).toBe('/a/%7By%7D/%24%26');
  });

  it('leaves a path without parameters, and the rest of a URL, as they are', () => {
    expect(didomiPath('/widgets/notices', {})).toBe('/widgets/notices');
    expect(didomiPath('https://api.didomi.io/dsar/requests/{id}', { id: 1 })).toBe(
      'https://api.didomi.io/dsar/requests/1',
    );
  });

  it('accepts an id that is a percent-encoded dot segment, as it leads nowhere once encoded itself', () => {
    expect(didomiPath('/a/{id}', { id: '%2e%2E' })).toBe('/a/%252e%252E');
  });

  it.each([
    ['a missing', '/a/{id}', {}],
    ['an undefined', '/a/{id}', { id: undefined }],
    ['an inherited', '/a/{toString}', {}],
    ['an empty', '/a/{id}', { id: '' }],
    ['an unused', '/a', { id: CANARY }],
    ['an unknown', '/a/{x}', { x: 'a', id: CANARY }],
    ['a null', '/a/{id}', { id: null }],
    ['an object', '/a/{id}', { id: { toString: () => CANARY } }],
    ['a list', '/a/{id}', { id: [CANARY] }],
    ['a NaN', '/a/{id}', { id: Number.NaN }],
    ['a rounded', '/a/{id}', { id: 2 ** 53 }],
    ['a half-character', '/a/{id}', { id: CANARY + LONE_SURROGATE }],
    ['an unclosed', '/a/{id', { id: CANARY }],
    ['an unclosed and misnamed', '/a/{id{x}', { x: CANARY }],
  ])('refuses %s parameter and names it', (_what, template, parameters) => {
    expect(refusedPath(template, parameters)).toMatch(/\bid\b|toString/);
  });

  it.each([
    ['/a/{id}', '.'],
    ['/a/{id}/b', '..'],
    ['/a/.{id}', '.'],
    ['/a/%2e{id}', '.'],
    ['/a/{id}%2E', '.'],
    ['/a/{id}{id}', '.'],
    ['{id}', '..'],
  ])('refuses to make a dot segment of %s', (template, id) => {
    expect(refusedPath(template, { id })).toMatch(/\{id\}.* segment/);
  });

  it.each([
    ['a query', '/a/{id}?b=1'],
    ['a parameter in a query', '/a?b={id}'],
    ['a fragment', '/a/{id}#b'],
    ['a brace that nothing opened', '/a/{id}}'],
    ['a nameless parameter', '/a/{id}/{}'],
    ['a dot segment', '/a/../{id}'],
    ['an encoded dot segment', '/a/%2E./{id}'],
    ['a backslash', String.raw`/a\..\{id}`],
    ['a tab, which URL parsers drop', '/a/.\t./{id}'],
    ['a part of a percent-encoding', '/a/%{id}'],
    ['a character outside ASCII', '/é/{id}'],
    ['no text', undefined],
  ])('refuses a template with %s', (_what, template) => {
    expect(refusedPath(template, { id: '2e' })).toMatch(/template/);
  });

  it.each([null, undefined, 'id'])('refuses %p as parameters', (parameters) => {
    expect(refusedPath('/a/{id}', parameters)).toMatch(/parameters/);
  });

  describe('for any id', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', '%2e', '%2F', '?', '#', '\t', '{id}'),
      fc.string({ unit: 'binary' }),
    );
    const id = fc.array(piece, { minLength: 1 }).map((pieces) => pieces.join(''));

    it.each(['/consents/users/{id}', '/consents/{id}/events', '/consents/{id}/x-{id}'])(
      'makes one segment of %s that decodes to the id',
      (template) => {
        fc.assert(
          fc.property(
            id.filter((value) => !['', '.', '..'].includes(value)),
            (value) => {
              const path = new URL(`https://api.didomi.io/v1${didomiPath(template, { id: value })}`).pathname;

              expect(path.split('/').map(decodeURIComponent)).toEqual(
                ['', 'v1', ...template.split('/').slice(1)].map((segment) => segment.split('{id}').join(value)),
              );
            },
          ),
          { examples: [['%2e%2e'], ['../..'], ['//evil.example']], numRuns: 300 },
        );
      },
    );
  });
});
