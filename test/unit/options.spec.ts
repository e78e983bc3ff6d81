import { Agent } from 'node:https';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DidomiConfigurationError, DidomiError, type DidomiModuleOptions } from '../../lib/index.js';
import { isCronExpression } from '../../lib/options/cron-expression.js';
import { resolveDidomiOptions } from '../../lib/options/resolve-didomi-options.js';
import type { ResolvedDidomiOptions } from '../../lib/options/resolved-didomi-options.js';

/** Part of every string in these tests, including the wrong ones, so that a printed value is noticed. */
const CANARY = 'canary-2b7e';
/** The same for numbers. */
const NUMBER_CANARY = 271_828.182_845;

const VALID = { apiKey: `${CANARY}-key`, apiSecret: `${CANARY}-secret` };
const MAX_TIMER_MS = 2_147_483_647;

function resolve(options: object = {}): ResolvedDidomiOptions {
  return resolveDidomiOptions({ ...VALID, ...options }, isCronExpression);
}

function errorOf(options: unknown): DidomiConfigurationError {
  try {
    resolveDidomiOptions(options, isCronExpression);
  } catch (error) {
    if (error instanceof DidomiConfigurationError) return error;
    throw error;
  }
  throw new Error('The options were accepted');
}

/** What is wrong with these options. Checks that the error contains no value. */
function problemsOf(options: unknown): readonly string[] {
  const error = errorOf(options);
  const printed = [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
    ...error.problems,
  ].join('\n');
  expect(printed).not.toContain(CANARY);
  expect(printed).not.toContain('271828');
  return error.problems;
}

function problemsBeside(options: object): readonly string[] {
  return problemsOf({ ...VALID, ...options });
}

describe('resolveDidomiOptions', () => {
  describe('tokenStore and exclusive', () => {
    const tokenStore = { get: () => CANARY, set: () => undefined, password: CANARY };
    const exclusive = <T>(work: () => Promise<T>): Promise<T> => work();

    it('are used as they are, and not printed', () => {
      const resolved = resolve({ tokenStore, exclusive });
      expect(resolved.sharing()?.store).toBe(tokenStore);
      expect(resolved.sharing()?.exclusive).toBe(exclusive);
      expect(inspect(resolved, { depth: 20, showHidden: true })).not.toContain(CANARY);
      expect(resolve({ tokenStore }).sharing()).toMatchObject({ store: tokenStore, exclusive: undefined });
    });

    it.each([null, true, CANARY, () => CANARY, {}, { get: CANARY }, { get: () => CANARY }, { ...tokenStore, get: 1 }])(
      'refuses a store without get() and set() (%#)',
      (value) => {
        expect(problemsBeside({ tokenStore: value, exclusive })).toEqual([
          "tokenStore has to have get(key) and set(key, value, ttlMs), as a Keyv and Nest's CACHE_MANAGER do",
        ]);
      },
    );

    it.each([null, true, CANARY, { acquire: () => CANARY }])('refuses a lock that is no function (%#)', (value) => {
      expect(problemsBeside({ tokenStore, exclusive: value })).toEqual([
        'exclusive has to be a function that calls the one it gets while it holds a lock',
      ]);
    });

    it('refuses a lock without a store, and says why', () => {
      expect(problemsBeside({ exclusive })).toEqual([
        'exclusive is of no use without tokenStore, where the next replica finds the access token: add it',
      ]);
    });
  });

  describe('defaults', () => {
    it('are used for everything but the credentials', () => {
      const resolved = resolveDidomiOptions(VALID, isCronExpression);

      expect(resolved.settings).toEqual({
        baseURL: 'https://api.didomi.io/v1',
        organizationId: undefined,
        refresh: { cron: expect.any(String), windowMs: undefined, leewayMs: undefined },
        warmup: 'background',
        timeoutMs: 30_000,
        tokenRequestTimeoutMs: 10_000,
        shutdownGraceMs: 5_000,
        retry: { maxAttempts: 3, maxWaitMs: 30_000 },
        maxConcurrent: undefined,
        maxTokenRequestsPerMinute: undefined,
      });
      expect(resolved.axiosDefaults()).toEqual({ maxContentLength: 52_428_800 });
      expect(resolved.credentialsCanChange).toBe(false);
      expect(resolved.sharing()).toBeUndefined();
    });

    it('check once a minute, at a random second, whether a renewal is due', () => {
      const expressions = new Set(Array.from({ length: 200 }, () => String(resolve().settings.refresh.cron)));

      expect(expressions.size).toBeGreaterThan(10);
      for (const expression of expressions) expect(expression).toMatch(/^([0-9]|[1-5][0-9]) \* \* \* \* \*$/);
    });

    it('are used for options that are undefined', () => {
      const names = [
        'baseURL',
        'allowInsecureHttp',
        'organizationId',
        'refresh',
        'warmup',
        'timeoutMs',
        'tokenRequestTimeoutMs',
        'shutdownGraceMs',
        'maxTokenRequestsPerMinute',
        'retry',
        'maxConcurrent',
        'tokenStore',
        'exclusive',
        'axios',
        'credentials',
      ];
      const resolved = resolve(Object.fromEntries(names.map((name) => [name, undefined])));

      const { refresh, ...others } = resolved.settings;
      const { refresh: defaultRefresh, ...defaults } = resolve().settings;
      expect(others).toEqual(defaults);
      expect({ ...refresh, cron: '' }).toEqual({ ...defaultRefresh, cron: '' });
      expect(
        resolve({ refresh: { cron: undefined, windowMs: undefined, leewayMs: undefined } }).settings.refresh.cron,
      ).toMatch(/^\d+ /);
      expect(resolve({ axios: { headers: undefined } }).settings.warmup).toBe('background');
    });

    it('give way to what is set', () => {
      const settings = {
        baseURL: 'https://didomi.example/v2',
        organizationId: 'acme',
        refresh: { cron: '*/20 * * * * *', windowMs: 900_000, leewayMs: 30_000 },
        warmup: 'lazy',
        timeoutMs: 1,
        tokenRequestTimeoutMs: MAX_TIMER_MS,
        shutdownGraceMs: 0,
        retry: { maxAttempts: 5, maxWaitMs: 0 },
        maxConcurrent: 8,
        maxTokenRequestsPerMinute: 60,
      };
      const axios = {
        headers: { 'X-Team': 'consent' },
        httpsAgent: new Agent(),
        proxy: false,
        maxContentLength: 1,
        adapter: 'fetch',
      };

      const resolved = resolve({ ...settings, axios });

      expect(resolved.settings).toEqual(settings);
      expect(resolved.axiosDefaults()).toEqual(axios);
      expect(resolved.axiosDefaults().httpsAgent).toBe(axios.httpsAgent);
    });

    it('do not change the options of the application, which may be frozen', () => {
      const options = Object.freeze({
        ...VALID,
        baseURL: 'https://didomi.example/v1/',
        refresh: Object.freeze({ cron: false }),
        axios: Object.freeze({ headers: Object.freeze({ 'X-Team': 'consent' }) }),
      });
      const before = structuredClone(options);

      expect(resolveDidomiOptions(options, isCronExpression).settings.baseURL).toBe('https://didomi.example/v1');
      expect(options).toEqual(before);
    });

    it('are added to options without a prototype and to instances of a class', async () => {
      class Settings {
        readonly apiKey = VALID.apiKey;
        get apiSecret(): string {
          return VALID.apiSecret;
        }
      }

      for (const options of [Object.assign(Object.create(null), VALID), new Settings()]) {
        expect(await resolveDidomiOptions(options, isCronExpression).readCredentials()).toEqual(VALID);
      }
    });
  });

  describe('missing options', () => {
    it.each([
      ['undefined', undefined],
      ['null', null],
      ['a text', CANARY],
      ['a number', NUMBER_CANARY],
      ['a function', () => VALID],
      ['an empty array', []],
      ['an array of the credentials', [VALID.apiKey, VALID.apiSecret]],
    ])('are reported with what to return instead of %s', (_what, options) => {
      expect(problemsOf(options)).toEqual([
        expect.stringMatching(/^the options are missing: return an object such as \{ apiKey, apiSecret \}/),
      ]);
    });

    it('are reported for an empty object', () => {
      expect(problemsOf({})).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^apiKey is missing/),
          expect.stringMatching(/^apiSecret is missing/),
        ]),
      );
    });
  });

  describe('credentials', () => {
    it.each(['apiKey', 'apiSecret'] as const)('have a message for each mistake with %s', (name) => {
      const problemsWith = (value: unknown): readonly string[] => problemsBeside({ [name]: value });
      const hint = /private API key.*\(Didomi's console, Settings > Private API keys\)$/;

      for (const missing of [undefined, null]) {
        expect(problemsWith(missing)).toEqual([expect.stringMatching(new RegExp(`^${name} is missing: `))]);
        expect(problemsWith(missing)).toEqual([expect.stringMatching(hint)]);
      }
      for (const empty of ['', ' ', '\t\n']) {
        expect(problemsWith(empty)).toEqual([expect.stringMatching(new RegExp(`^${name} is empty: `))]);
        expect(problemsWith(empty)).toEqual([expect.stringMatching(hint)]);
      }
      for (const padded of [` ${CANARY}`, `${CANARY} `, `${CANARY}\n`, `\u00a0${CANARY}`]) {
        expect(problemsWith(padded)).toEqual([`${name} begins or ends with white space: remove it`]);
      }
      for (const other of [NUMBER_CANARY, true, { value: CANARY }, [CANARY], () => CANARY, Symbol(CANARY)]) {
        expect(problemsWith(other)).toEqual([expect.stringMatching(new RegExp(`^${name} has to be a string: `))]);
      }
    });

    it('keep the values of the start', async () => {
      const options = { ...VALID };
      const resolved = resolveDidomiOptions(options, isCronExpression);
      options.apiSecret = 'changed later';

      expect(await resolved.readCredentials()).toEqual(VALID);
    });

    it('are read again each time if they are a function', async () => {
      let reads = 0;
      const credentials = () => Promise.resolve({ apiKey: 'key', apiSecret: `secret-${(reads += 1)}` });
      const resolved = resolveDidomiOptions({ credentials }, isCronExpression);

      expect(resolved.credentialsCanChange).toBe(true);
      expect(reads).toBe(0);
      expect(await resolved.readCredentials()).toEqual({ apiKey: 'key', apiSecret: 'secret-1' });
      expect(await resolved.readCredentials()).toEqual({ apiKey: 'key', apiSecret: 'secret-2' });
    });

    it('are refused as values together with a function, one problem for each', () => {
      const credentials = (): typeof VALID => VALID;

      expect(problemsBeside({ credentials })).toEqual([
        'apiKey is set together with credentials: remove one of the two',
        'apiSecret is set together with credentials: remove one of the two',
      ]);
      expect(problemsOf({ credentials, apiSecret: '' })).toEqual([
        'apiSecret is set together with credentials: remove one of the two',
      ]);
      expect(resolveDidomiOptions({ credentials, apiKey: undefined }, isCronExpression).credentialsCanChange).toBe(
        true,
      );
    });

    it.each([null, VALID, CANARY, NUMBER_CANARY, Promise.resolve(VALID)])(
      'are refused if credentials is not a function (%#)',
      (credentials) => {
        expect(problemsOf({ credentials })).toEqual([
          'credentials has to be a function that returns { apiKey, apiSecret }',
        ]);
      },
    );
  });

  describe('several problems', () => {
    it('are all listed in one error', () => {
      const error = errorOf({
        apiKey: '',
        baseURL: 'http://api.didomi.io/v1',
        warmup: 'eager',
        timeoutMs: 0,
        retries: 3,
        axios: { headers: { Authorization: CANARY } },
      });

      expect(error.problems).toHaveLength(7);
      for (const name of ['apiKey', 'apiSecret', 'baseURL', 'warmup', 'timeoutMs', 'retries', 'axios.headers']) {
        expect(error.problems).toContainEqual(expect.stringContaining(name));
        expect(error.message).toContain(`- ${name}`);
      }
      expect(error.message).toMatch(/^DidomiModule cannot start, 7 problems:\n- /);
    });

    it('of refresh are all listed', () => {
      const problems = problemsBeside({ refresh: { windowMs: 0, leewayMs: -1, cron: CANARY, windowMS: 1 } });

      for (const name of ['windowMs', 'leewayMs', 'cron', 'windowMS']) {
        expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^refresh\\.${name} `)));
      }
    });

    it('are not listed if there is one only', () => {
      const error = errorOf({ ...VALID, timeoutMs: 0 });

      expect(error.message).toBe(`DidomiModule cannot start: ${error.problems[0]}`);
      expect(error.problems).toHaveLength(1);
    });

    it('are a DidomiError with a stable code', () => {
      const error = errorOf(undefined);

      expect(error).toBeInstanceOf(DidomiError);
      expect(error).toMatchObject({ name: 'DidomiConfigurationError', code: 'DIDOMI_CONFIGURATION' });
    });
  });

  describe('unknown options', () => {
    it.each([
      ['apikey', 'apiKey'],
      ['api_secret', 'apiSecret'],
      ['baseUrl', 'baseURL'],
      ['organisationId', 'organizationId'],
      ['warmUp', 'warmup'],
      ['timeout', 'timeoutMs'],
      ['axois', 'axios'],
      ['Refresh', 'refresh'],
      ['APISECRET', 'apiSecret'],
      ['secret', 'apiSecret'],
      ['maxConcurency', 'maxConcurrent'],
    ])('%s suggests %s', (name, nearest) => {
      expect(problemsBeside({ [name]: CANARY })).toEqual([`${name} is not an option: did you mean ${nearest}?`]);
    });

    it.each([
      [{ refresh: { window: NUMBER_CANARY } }, 'refresh.window', 'refresh.windowMs'],
      [{ refresh: { crom: CANARY } }, 'refresh.crom', 'refresh.cron'],
      [{ axios: { httpsagent: CANARY } }, 'axios.httpsagent', 'axios.httpsAgent'],
      [{ axios: { header: { x: CANARY } } }, 'axios.header', 'axios.headers'],
    ])('%j is reported as %s and suggests %s', (options, name, nearest) => {
      expect(problemsBeside(options)).toEqual([`${name} is not an option: did you mean ${nearest}?`]);
    });

    it('list the known names if none is similar', () => {
      expect(problemsBeside({ interceptorsOfMine: CANARY })).toEqual([
        expect.stringMatching(/^interceptorsOfMine is not an option: remove it \(known here: apiKey, .*axios.*\)$/),
      ]);
      expect(problemsBeside({ refresh: { expression: CANARY } })).toEqual([
        'refresh.expression is not an option: remove it (known here: cron, windowMs, leewayMs)',
      ]);
      expect(problemsBeside({ axios: { transformRequest: CANARY } })).toEqual([
        'axios.transformRequest is not an option: remove it (known here: httpAgent, httpsAgent, proxy, headers, maxContentLength, adapter)',
      ]);
    });

    it.each([
      ['baseURL', 'baseURL'],
      ['timeout', 'timeoutMs'],
    ])('of Axios say which option takes the place of %s', (name, option) => {
      expect(problemsBeside({ axios: { [name]: CANARY } })).toEqual([
        `axios.${name} is not an option: write ${option} beside axios`,
      ]);
    });

    it.each(['host', 'foo', 'cron', 'proxy', 'x', 'x'.repeat(100_000)])('%.9s suggests nothing', (name) => {
      expect(problemsBeside({ [name]: CANARY })).toEqual([expect.stringMatching(/ is not an option: remove it/)]);
    });

    it.each(['isGlobal', 'name'])('%s says where to write it', (name) => {
      expect(problemsBeside({ [name]: CANARY })).toEqual([
        `${name} is not one of the options: write it next to useFactory, useClass or useExisting`,
      ]);
    });

    it('isGlobal and name are known at the top level only', () => {
      expect(problemsBeside({ refresh: { isGlobal: true } })).toEqual([
        expect.stringMatching(/^refresh\.isGlobal is not an option: /),
      ]);
    });
  });

  describe('baseURL', () => {
    it.each([
      ['https://api.didomi.io/v1', 'https://api.didomi.io/v1'],
      ['https://api.didomi.io/v1/', 'https://api.didomi.io/v1'],
      ['https://api.didomi.io/v1///', 'https://api.didomi.io/v1'],
      ['https://api.didomi.io', 'https://api.didomi.io'],
      ['https://api.didomi.io/', 'https://api.didomi.io'],
      ['HTTPS://API.Didomi.io:443/V1', 'https://api.didomi.io/V1'],
      ['https://proxy.example:8443/didomi/v1', 'https://proxy.example:8443/didomi/v1'],
      ['https://127.0.0.1.example/v1', 'https://127.0.0.1.example/v1'],
      ['http://localhost/v1', 'http://localhost/v1'],
      ['http://LOCALHOST:3000/v1/', 'http://localhost:3000/v1'],
      ['http://127.0.0.1:3000/v1', 'http://127.0.0.1:3000/v1'],
      ['http://127.255.3.4/v1', 'http://127.255.3.4/v1'],
      ['http://127.1/v1', 'http://127.0.0.1/v1'],
      ['http://127.0.0.1./v1', 'http://127.0.0.1/v1'],
      ['http://2130706433/v1', 'http://127.0.0.1/v1'],
      ['http://0x7f.0.0.1/v1', 'http://127.0.0.1/v1'],
      ['http://0177.0.0.1/v1', 'http://127.0.0.1/v1'],
      ['http://[::1]:3000/v1', 'http://[::1]:3000/v1'],
      ['http://[0:0:0:0:0:0:0:1]/v1', 'http://[::1]/v1'],
    ])('accepts %s', (given, expected) => {
      expect(resolve({ baseURL: given }).settings.baseURL).toBe(expected);
    });

    it.each(['http://api.didomi.io/v1', 'HTTP://api.didomi.io/v1'])('refuses plain http to Didomi: %s', (baseURL) => {
      expect(problemsBeside({ baseURL })).toEqual([
        'baseURL is plain http: write https (allowInsecureHttp is for other hosts than those of Didomi)',
      ]);
    });

    it.each([
      'http://didomi.localhost:3000/v1',
      'http://localhost./v1',
      'http://localhost.evil.example/v1',
      'http://localhost.evil.example./v1',
      'http://notlocalhost/v1',
      'http://evil-localhost/v1',
      'http://evil.example/.localhost',
      'http://evil.example\\.localhost/v1',
      'http://127evil/v1',
      'http://127.evil.example/v1',
      'http://127.0.0.1.evil.example/v1',
      'http://127.0.0.evil/v1',
      'http://evil.127.example/v1',
      'http://128.0.0.1/v1',
      'http://0.0.0.0/v1',
      'http://0/v1',
      'http://2147483649/v1',
      'http://[::]/v1',
      'http://[::2]/v1',
      'http://[7f00::1]/v1',
      'http://[::ffff:127.0.0.1]/v1',
    ])('refuses plain http to %s', (baseURL) => {
      expect(problemsBeside({ baseURL })).toEqual([
        'baseURL is plain http: write https, or set allowInsecureHttp if the host is a fake Didomi',
      ]);
    });

    it.each([
      ['http://didomi:4010/v1', 'http://didomi:4010/v1'],
      ['http://host.docker.internal:4010/v1', 'http://host.docker.internal:4010/v1'],
      ['http://notdidomi.io/v1', 'http://notdidomi.io/v1'],
      ['http://api.didomi.io.example/v1', 'http://api.didomi.io.example/v1'],
      ['https://api.didomi.io/v1', 'https://api.didomi.io/v1'],
    ])('accepts %s where allowInsecureHttp is true', (baseURL, expected) => {
      expect(resolve({ baseURL, allowInsecureHttp: true }).settings.baseURL).toBe(expected);
    });

    it.each([
      'http://api.didomi.io/v1',
      'http://didomi.io/v1',
      'http://API.DIDOMI.IO/v1',
      'http://api.didomi.io./v1',
      'http://api.eu.didomi.io:8080/v1',
    ])('refuses plain http to %s although allowInsecureHttp is true', (baseURL) => {
      expect(problemsBeside({ baseURL, allowInsecureHttp: true })).toEqual([
        'baseURL is plain http: write https (allowInsecureHttp is for other hosts than those of Didomi)',
      ]);
    });

    it.each([null, 'true', 1, CANARY, {}])('refuses an allowInsecureHttp that is not a boolean (%#)', (value) => {
      expect(problemsBeside({ allowInsecureHttp: value })).toEqual(['allowInsecureHttp has to be true or false']);
    });

    it.each(['http://localhost@evil.example/v1', 'http://127.0.0.1:80@evil.example/v1'])(
      'refuses a loopback host as the user name of another host: %s',
      (baseURL) => {
        expect(problemsBeside({ baseURL })).toEqual([
          expect.stringMatching(/^baseURL is plain http: /),
          expect.stringMatching(/^baseURL contains a user name or password: remove it/),
        ]);
      },
    );

    it.each([
      `https://${CANARY}@api.didomi.io/v1`,
      `https://:${CANARY}@api.didomi.io/v1`,
      `https://${CANARY}:${CANARY}@api.didomi.io/v1`,
    ])('refuses a user name or password (%#)', (baseURL) => {
      expect(problemsBeside({ baseURL })).toEqual(['baseURL contains a user name or password: remove it']);
    });

    it.each([`https://api.didomi.io/v1?key=${CANARY}`, `https://api.didomi.io/v1#${CANARY}`])(
      'refuses a query and a fragment (%#)',
      (baseURL) => {
        expect(problemsBeside({ baseURL })).toEqual(['baseURL contains a query or a fragment: remove it']);
      },
    );

    it.each([
      `ftp://${CANARY}/v1`,
      `file:///${CANARY}`,
      `ws://${CANARY}/v1`,
      `data:text/plain,${CANARY}`,
      `${CANARY}:3000`,
    ])('refuses another protocol (%#)', (baseURL) => {
      expect(problemsBeside({ baseURL })).toContain('baseURL has to begin with https://');
    });

    it.each(['/v1', `//${CANARY}/v1`, `${CANARY}/v1`, `https://`, `https://${CANARY} /v1`, `https://[${CANARY}]/v1`])(
      'refuses what is not an absolute URL (%#)',
      (baseURL) => {
        expect(problemsBeside({ baseURL })).toEqual([
          'baseURL is not an absolute URL: write one such as https://api.didomi.io/v1',
        ]);
      },
    );

    it('has a message each for null, other types, empty and padded', () => {
      const problemOf = (baseURL: unknown): string | undefined => problemsBeside({ baseURL })[0];

      expect(problemOf(null)).toMatch(/^baseURL is missing: write a URL such as .*, or leave it out$/);
      expect(problemOf(new URL(`https://${CANARY}.example`))).toMatch(
        /^baseURL has to be a string: write a URL such as/,
      );
      expect(problemOf('')).toMatch(/^baseURL is empty: write a URL such as .*, or leave it out$/);
      expect(problemOf(` https://${CANARY}.example`)).toBe('baseURL begins or ends with white space: remove it');
    });
  });

  describe('organizationId', () => {
    it('has a message each for null, other types, empty and padded', () => {
      const problemOf = (organizationId: unknown): string | undefined => problemsBeside({ organizationId })[0];

      expect(problemOf(null)).toMatch(/^organizationId is missing: write the id .*, or leave it out$/);
      expect(problemOf(NUMBER_CANARY)).toMatch(/^organizationId has to be a string: /);
      expect(problemOf('')).toMatch(/^organizationId is empty: /);
      expect(problemOf(`${CANARY} `)).toBe('organizationId begins or ends with white space: remove it');
    });
  });

  describe('numbers', () => {
    const NAMES = ['timeoutMs', 'tokenRequestTimeoutMs', 'maxTokenRequestsPerMinute'];
    const WRONG = [
      0,
      -1,
      -NUMBER_CANARY,
      NaN,
      Infinity,
      -Infinity,
      1.5,
      NUMBER_CANARY,
      '30000',
      CANARY,
      null,
      true,
      10n,
      [1],
      MAX_TIMER_MS + 1,
      Number.MAX_SAFE_INTEGER,
    ];

    it.each(NAMES)('%s has to be a whole number that a timer accepts', (name) => {
      for (const wrong of WRONG) {
        expect(problemsBeside({ [name]: wrong })).toEqual([
          `${name} has to be a whole number from 1 to ${MAX_TIMER_MS}`,
        ]);
      }
    });

    it.each(NAMES)('%s may be the least and the greatest', (name) => {
      for (const right of [1, MAX_TIMER_MS]) expect(resolve({ [name]: right }).settings).toHaveProperty(name, right);
    });

    it.each(['windowMs', 'leewayMs'])('refresh.%s has to be a whole number', (name) => {
      for (const wrong of [-1, NaN, Infinity, 1.5, NUMBER_CANARY, '60000', CANARY, null, 10n]) {
        expect(problemsBeside({ refresh: { [name]: wrong } })).toEqual([
          expect.stringMatching(new RegExp(`^refresh\\.${name} has to be a whole number from [01] to `)),
        ]);
      }
    });

    it('shutdownGraceMs has to be a whole number or 0', () => {
      for (const right of [0, MAX_TIMER_MS]) {
        expect(resolve({ shutdownGraceMs: right }).settings.shutdownGraceMs).toBe(right);
      }
      for (const wrong of WRONG.slice(1)) {
        expect(problemsBeside({ shutdownGraceMs: wrong })).toEqual([
          `shutdownGraceMs has to be a whole number from 0 to ${MAX_TIMER_MS}`,
        ]);
      }
    });

    it('refresh.leewayMs may be 0, refresh.windowMs may not', () => {
      expect(resolve({ refresh: { leewayMs: 0 } }).settings.refresh.leewayMs).toBe(0);
      expect(problemsBeside({ refresh: { windowMs: 0 } })).toEqual([
        expect.stringMatching(/^refresh\.windowMs has to be a whole number from 1 to /),
      ]);
    });

    it('refresh.windowMs may be longer than a timer accepts, since no timer runs for it', () => {
      const windowMs = 40 * 24 * 3_600_000;

      expect(resolve({ refresh: { windowMs } }).settings.refresh.windowMs).toBe(windowMs);
    });
  });

  describe('refresh', () => {
    it.each([null, [], CANARY, NUMBER_CANARY, true, false])('has to be an object (%#)', (refresh) => {
      expect(problemsBeside({ refresh })).toEqual(['refresh has to be an object']);
    });

    it.each([
      [1_000, 1_000],
      [1_000, 1_001],
      [1, 1],
    ])('refuses with a window of %d ms a leeway of %d ms', (windowMs, leewayMs) => {
      expect(problemsBeside({ refresh: { windowMs, leewayMs } })).toEqual([
        'refresh.leewayMs has to be shorter than refresh.windowMs, or calls wait for every renewal',
      ]);
    });

    it('accepts a leeway shorter than the window, and either one alone', () => {
      for (const refresh of [{ windowMs: 1_000, leewayMs: 999 }, { windowMs: 1_000 }, { leewayMs: 120_000 }]) {
        expect(resolve({ refresh }).settings.refresh).toMatchObject(refresh);
      }
    });

    it.each(['* * * * * *', '*/5 * * * *', '0 30 2 1,15 jan-mar mon', '@hourly', '0 0 29 2 *', false])(
      'accepts the cron expression %s',
      (cron) => {
        expect(resolve({ refresh: { cron } }).settings.refresh.cron).toBe(cron);
      },
    );

    it.each([
      '',
      ' ',
      CANARY,
      '* * * *',
      '* * * * * * *',
      '60 * * * * *',
      '* 24 * * *',
      '*/0 * * * * *',
      '2027-01-01T00:00:00Z',
      '@reboot',
      true,
      null,
      0,
      60_000,
      NUMBER_CANARY,
      new Date(),
      [CANARY],
    ])('refuses the cron expression %p', (cron) => {
      expect(problemsBeside({ refresh: { cron } })).toEqual([
        "refresh.cron has to be a cron expression such as '*/30 * * * * *', or false for no cron job",
      ]);
    });

    it.each(['0 0 31 2 *', '0 0 30 feb *', '0 0 31 4,6 *'])('refuses %s, a date that never occurs', (cron) => {
      expect(problemsBeside({ refresh: { cron } })).toEqual([expect.stringMatching(/^refresh\.cron has to be /)]);
    });
  });

  describe('retry', () => {
    it('false means one attempt', () => {
      expect(resolve({ retry: false }).settings.retry.maxAttempts).toBe(1);
    });

    it('has defaults for what is left out', () => {
      expect(resolve({ retry: {} }).settings.retry).toEqual({ maxAttempts: 3, maxWaitMs: 30_000 });
      expect(resolve({ retry: { maxWaitMs: 5 } }).settings.retry).toEqual({ maxAttempts: 3, maxWaitMs: 5 });
    });

    it.each([
      ['retry has to be an object, or false', true],
      ['retry has to be an object, or false', null],
      ['retry has to be an object, or false', []],
      ['retry.maxAttempts has to be a whole number', { maxAttempts: 0 }],
      ['retry.maxAttempts has to be a whole number', { maxAttempts: 1_000 }],
      ['retry.maxWaitMs has to be a whole number', { maxWaitMs: -1 }],
      ['retry.maxWait is not an option: did you mean retry.maxWaitMs?', { maxWait: 5 }],
    ])('is refused: %s', (problem, retry) => {
      expect(problemsOf({ ...VALID, retry })).toEqual([expect.stringContaining(problem)]);
    });
  });

  describe('warmup', () => {
    it.each(['background', 'required', 'lazy'])('accepts %s', (warmup) => {
      expect(resolve({ warmup }).settings.warmup).toBe(warmup);
    });

    it.each([
      '',
      'Background',
      'lazy ',
      CANARY,
      'constructor',
      '__proto__',
      'toString',
      true,
      false,
      null,
      0,
      ['lazy'],
    ])('refuses %p and lists the three values', (warmup) => {
      expect(problemsBeside({ warmup })).toEqual(['warmup has to be one of background, required, lazy']);
    });
  });

  describe('axios', () => {
    it.each([null, [], CANARY, NUMBER_CANARY, true])('has to be an object (%#)', (axios) => {
      expect(problemsBeside({ axios })).toEqual(['axios has to be an object']);
    });

    it.each([null, [CANARY], CANARY, NUMBER_CANARY])('has headers that are an object (%#)', (headers) => {
      expect(problemsBeside({ axios: { headers } })).toEqual(['axios.headers has to be an object']);
    });

    it.each(['Authorization', 'authorization', 'AUTHORIZATION', 'aUTHORIZATION'])('refuses the header %s', (name) => {
      expect(problemsBeside({ axios: { headers: { 'X-Team': CANARY, [name]: `Bearer ${CANARY}` } } })).toEqual([
        `axios.headers.${name} is set by the library: remove it`,
      ]);
    });

    it.each([undefined, null, NUMBER_CANARY, [CANARY], { value: CANARY }])(
      'refuses a header that is not a string (%#)',
      (value) => {
        expect(problemsBeside({ axios: { headers: { 'X-Team': value } } })).toEqual([
          'axios.headers.X-Team has to be a string',
        ]);
      },
    );

    it.each([0, -1, 1.5, Infinity, '1000', CANARY, null, NUMBER_CANARY])(
      'refuses a maxContentLength that is not a whole number of bytes (%#)',
      (maxContentLength) => {
        expect(problemsBeside({ axios: { maxContentLength } })).toEqual([
          `axios.maxContentLength has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
        ]);
      },
    );

    it('has a default for maxContentLength', () => {
      expect(resolve({ axios: { proxy: false } }).axiosDefaults().maxContentLength).toBe(52_428_800);
      expect(resolve({ axios: { maxContentLength: undefined } }).axiosDefaults().maxContentLength).toBe(52_428_800);
    });

    it('accepts an adapter by name or as a function', () => {
      for (const adapter of ['http', 'fetch', () => Promise.reject(new Error('unused'))]) {
        expect(resolve({ axios: { adapter } }).axiosDefaults().adapter).toBe(adapter);
      }
    });

    it.each([null, 'xhr', '', CANARY, ['http'], {}, true])('refuses another adapter (%#)', (adapter) => {
      expect(problemsBeside({ axios: { adapter } })).toEqual([
        "axios.adapter has to be undiciAdapter(), an Axios adapter function, 'http' or 'fetch'",
      ]);
    });

    it.each([
      ['Host', 'is taken from baseURL: remove it'],
      ['hOST', 'is taken from baseURL: remove it'],
      ['Content-Length', 'is set for each request: remove it'],
      ['transfer-encoding', 'is set for each request: remove it'],
      ['Connection', 'belongs to the connection: remove it, and configure axios.httpsAgent instead'],
      ['Upgrade', 'belongs to the connection: remove it, and configure axios.httpsAgent instead'],
      ['Proxy-Authorization', 'would be sent to Didomi: remove it, and set axios.proxy.auth instead'],
    ])('refuses the header %s', (name, problem) => {
      expect(problemsBeside({ axios: { headers: { [name]: CANARY } } })).toEqual([`axios.headers.${name} ${problem}`]);
    });

    it.each(['', 'X Team', 'X-Team:', 'X-Team\r\nHost', 'Équipe', 'Host '])(
      'refuses the invalid header name %j',
      (name) => {
        expect(problemsBeside({ axios: { headers: { [name]: CANARY } } })).toEqual([
          'axios.headers has a name with characters that a header name cannot have',
        ]);
      },
    );

    it.each(['a\r\nHost: evil.example', 'a\nb', 'a\0b', 'snow ☃'])('refuses the invalid header value %j', (value) => {
      expect(problemsBeside({ axios: { headers: { 'X-Team': CANARY + value } } })).toEqual([
        'axios.headers.X-Team has characters that a header cannot have, such as a line break',
      ]);
    });

    it('accepts other headers', () => {
      const headers = { 'X-Authorization': 'abc', 'X-Forwarded-Host': 'example', 'User-Agent': 'café', 'X-Empty': '' };

      expect(resolve({ axios: { headers } }).axiosDefaults().headers).toEqual(headers);
    });

    it.each([null, true, CANARY, `http://${CANARY}:8080`, NUMBER_CANARY])(
      'refuses a proxy that is neither an object nor false (%#)',
      (proxy) => {
        expect(problemsBeside({ axios: { proxy } })).toEqual([
          'axios.proxy has to be an object such as { host, port }, or false for no proxy',
        ]);
      },
    );
  });

  describe('a polluted Object.prototype', () => {
    const POLLUTION = {
      credentials: () => ({ apiKey: 'other', apiSecret: 'other' }),
      baseURL: 'https://evil.example/v1',
      allowInsecureHttp: true,
      organizationId: 'other',
      refresh: { cron: false },
      cron: '0 0 1 1 *',
      windowMs: 2,
      leewayMs: 1,
      warmup: 'required',
      timeoutMs: 1,
      tokenRequestTimeoutMs: 1,
      shutdownGraceMs: 1,
      maxTokenRequestsPerMinute: 1,
      retry: { maxAttempts: 20 },
      maxAttempts: 20,
      maxWaitMs: 1,
      maxConcurrent: 1,
      axios: { adapter: 'fetch' },
      httpAgent: {},
      httpsAgent: {},
      proxy: { host: 'evil.example', port: 80 },
      headers: { Host: 'evil.example' },
      maxContentLength: 1,
      adapter: 'fetch',
      apiKey: 'other',
      apiSecret: 'other',
      isGlobal: true,
      name: 'other',
      evil: true,
    };

    /** What `read` returns while every option has a value on `Object.prototype`. */
    function polluted<T>(read: () => T): T {
      const before = Object.getOwnPropertyDescriptors(Object.prototype);
      Object.assign(Object.prototype, POLLUTION);
      try {
        return read();
      } finally {
        for (const name of Object.keys(POLLUTION)) {
          if (!Object.hasOwn(before, name)) Reflect.deleteProperty(Object.prototype, name);
        }
      }
    }

    it.each([
      ['the credentials alone', {}],
      ['empty groups', { refresh: {}, retry: {}, axios: {} }],
      ['groups with headers', { refresh: { windowMs: 60_000 }, axios: { headers: {}, maxContentLength: 5 } }],
    ])('changes nothing for %s', (_what, options) => {
      const read = (): object => {
        const resolved = resolve(options);
        const { httpAgent, httpsAgent, proxy, headers, maxContentLength, adapter } = resolved.axiosDefaults();
        const { cron: _random, ...refresh } = resolved.settings.refresh;
        const axios = {
          httpAgent,
          httpsAgent,
          proxy,
          headers: headers && Object.keys(headers),
          maxContentLength,
          adapter,
        };
        return { ...resolved.settings, refresh, axios, credentialsCanChange: resolved.credentialsCanChange };
      };

      expect(polluted(read)).toEqual(read());
      expect(polluted(() => resolve(options).settings.refresh.cron)).toMatch(/^\d+ \* \* \* \* \*$/);
    });

    it('does not replace missing credentials', () => {
      const problems = ['apiKey', 'apiSecret'].map((name) => expect.stringMatching(`^${name} is missing: `));

      expect(polluted(() => errorOf({})).problems).toEqual(problems);
      expect(polluted(() => errorOf(Object.create(null))).problems).toEqual(problems);
    });
  });
});

describe('ResolvedDidomiOptions', () => {
  const withSecrets: DidomiModuleOptions[] = [
    VALID,
    { credentials: () => VALID },
    { credentials: () => Promise.resolve(VALID) },
    {
      ...VALID,
      axios: {
        headers: { 'X-Secret': CANARY },
        httpsAgent: new Agent({ key: CANARY, passphrase: CANARY }),
        proxy: { host: 'proxy.example', port: 8080, auth: { username: CANARY, password: CANARY } },
      },
    },
  ];

  it.each(withSecrets)('shows no secret however it is printed (%#)', async (options) => {
    const resolved = resolveDidomiOptions(options, isCronExpression);
    await resolved.readCredentials();

    const clone: unknown = structuredClone(resolved);
    const printed = [
      inspect(resolved, { depth: 20, showHidden: true, getters: true }),
      inspect([resolved], { depth: Infinity, showHidden: true, showProxy: true }),
      JSON.stringify(resolved),
      JSON.stringify(Object.entries(resolved)),
      inspect(clone, { depth: Infinity, showHidden: true }),
      Reflect.ownKeys(resolved).map(String).join(),
    ];

    for (const text of printed) expect(text).not.toContain(CANARY);
  });

  it('shows the settings, which hold no secret', () => {
    const resolved = resolve({ organizationId: 'acme', refresh: { cron: false } });

    expect(JSON.parse(JSON.stringify(resolved))).toMatchObject({
      settings: { baseURL: 'https://api.didomi.io/v1', organizationId: 'acme', refresh: { cron: false } },
    });
  });
});
