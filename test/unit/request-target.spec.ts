import { describe, expect, it } from '@jest/globals';
import { Axios, AxiosHeaders, getAdapter, type InternalAxiosRequestConfig } from 'axios';
import { RequestTarget } from '../../lib/http/request/request-target.js';

const BASE_URL = 'https://api.didomi.io/v1';
const ORIGIN = 'https://api.didomi.io';

/** What URL parsers, Axios and people disagree about. */
const PARTS = [
  '',
  ...String.raw`/ // /// \ /\ \/ . .. /../ %2e%2e %2f %5c %00 : @ ? # ; * @evil.example %40 v1 /v1 properties`.split(
    ' ',
  ),
  ...String.raw`https: http: HTTPS: hTTp: https:/ https:// https:\\ https:/// :// data: file: blob: ws: user:pw@`.split(
    ' ',
  ),
  ...'api.didomi.io API.DIDOMI.IO evil.example api.didomi.io.evil.example xn--80ak6aa92e.com https localhost'.split(
    ' ',
  ),
  ...'127.0.0.1 0x7f.1 [::1] :443 :80 :8443 :99999 https://evil.example //evil.example https://api.didomi.io'.split(
    ' ',
  ),
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '\u0001',
  '\u00a0',
  '\ufeff',
  '\u2028',
  '\ud800',
  '\u017f',
  '\uff0f',
  '\uff0e',
  '\uff20',
  '\u3002',
  '\u00ad',
  BASE_URL,
  `${BASE_URL}/`,
];
const BASE_URLS = [undefined, '', BASE_URL, BASE_URL, `${BASE_URL}/`, ...'https: https:// // /'.split(' '), ORIGIN];
/** Only `false` means no to Axios, and a caller may have written anything. */
const ALLOW_ABSOLUTE = [undefined, true, false, null, 0, '', 'false'];

type Target = Pick<InternalAxiosRequestConfig, 'url' | 'baseURL' | 'allowAbsoluteUrls'>;

/** Seeded, so that a failure can be repeated (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function targets(seed: number): () => Target {
  const random = randomNumbers(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const text = (): string => Array.from({ length: 1 + Math.floor(random() * 5) }, () => oneOf(PARTS)).join('');
  return () => ({
    url: text(),
    baseURL: random() < 0.7 ? oneOf(BASE_URLS) : text(),
    allowAbsoluteUrls: oneOf(ALLOW_ABSOLUTE) as boolean,
  });
}

/** Where Axios would send it; undefined if nowhere. */
function sentTo(config: Target): URL | undefined {
  try {
    return new URL(new Axios({}).getUri(config));
  } catch {
    return undefined;
  }
}

/** The configuration as the target lets it through; undefined if it does not. */
function letThrough(target: RequestTarget, given: Target): Target | undefined {
  const config = { ...given };
  try {
    target.apply(config);
    return config;
  } catch {
    return undefined;
  }
}

describe('RequestTarget', () => {
  const target = new RequestTarget(BASE_URL);
  // By hand: COMBINATIONS=1000000
  const combinations = Number(process.env['COMBINATIONS'] ?? 50_000);

  it('lets nothing through that Axios would send to another origin', () => {
    const next = targets(1);
    const counts = { sent: 0, refused: 0 };
    for (let count = 0; count < combinations; count += 1) {
      const given = next();
      const config = letThrough(target, given);
      if (config === undefined) {
        counts.refused += 1;
        continue;
      }
      const url = sentTo(config);
      if (url === undefined) continue;
      counts.sent += 1;
      const facts = { origin: url.origin, credentials: url.username + url.password };
      if (facts.origin !== ORIGIN || facts.credentials !== '') {
        throw new Error(`${JSON.stringify(given)} would be sent to ${url.href}`);
      }
    }
    // Otherwise the test would not see much.
    expect(counts.sent).toBeGreaterThan(combinations / 10);
    expect(counts.refused).toBeGreaterThan(combinations / 10);
  });

  it('lets through what Axios would send to the origin, by the same URL', () => {
    const next = targets(2);
    let refused = 0;
    for (let count = 0; count < combinations / 5; count += 1) {
      const given = next();
      const expected = sentTo(given);
      if (expected?.origin !== ORIGIN || expected.username !== '' || expected.password !== '') continue;
      const config = letThrough(target, given);
      if (config === undefined) refused += 1;
      else if (sentTo(config)?.href !== expected.href) throw new Error(`${JSON.stringify(given)} is sent elsewhere`);
    }
    // Absolute URLs of other hosts that `allowAbsoluteUrls: false` would make paths of.
    expect(refused).toBeLessThan(combinations / 50);
  });

  it('is of one mind with the requests that the adapter of Axios opens', async () => {
    const next = targets(3);
    const opened: string[] = [];
    const transport = {
      request({ protocol, hostname, port }: { protocol: string; hostname: string; port: string }) {
        opened.push(`${protocol}//${hostname}${port === '' ? '' : `:${port}`}`);
        throw new Error('recorded');
      },
    };
    const send = getAdapter('http');
    for (let count = 0; count < 2_000; count += 1) {
      const config = letThrough(target, next());
      if (config === undefined) continue;
      const attempt = {
        ...config,
        method: 'get',
        headers: new AxiosHeaders(),
        maxRedirects: 0,
        proxy: false,
        transport,
      };
      await send(attempt as unknown as InternalAxiosRequestConfig).catch(() => undefined);
    }
    expect(opened.length).toBeGreaterThan(200);
    expect(new Set(opened)).toEqual(new Set([ORIGIN]));
  });

  it.each<[string, Target]>([
    ['an absolute URL', { url: 'https://evil.example/x', baseURL: BASE_URL }],
    [
      'an absolute URL, forbidden by a falsy value',
      { url: '/x', baseURL: 'https://evil.example', allowAbsoluteUrls: 0 as never },
    ],
    ['a URL without a protocol', { url: '//evil.example/x', baseURL: BASE_URL }],
    ['a URL that becomes a host', { url: '//evil.example/x', baseURL: 'https://', allowAbsoluteUrls: false }],
    ['another port', { url: 'https://api.didomi.io:8443/x', baseURL: BASE_URL }],
    ['plain http', { url: 'http://api.didomi.io/x', baseURL: BASE_URL }],
    ['a longer host', { url: '.evil.example', baseURL: ORIGIN }],
    ['a user name in the base URL', { url: '@evil.example/', baseURL: 'https://api.didomi.io' }],
  ])('refuses or keeps at home %s', (_title, given) => {
    const config = letThrough(target, given);
    expect([undefined, ORIGIN]).toContain(config && sentTo(config)?.origin);
  });

  it.each<[string, Target]>([
    ['a url that is null', { url: null as never, baseURL: BASE_URL }],
    ['a url that is an URL', { url: new URL(BASE_URL) as never, baseURL: BASE_URL }],
    ['a url that is a String', { url: new String('//evil.example') as never, baseURL: BASE_URL }],
    ['a base URL that is null', { url: '/x', baseURL: null as never }],
    ['a base URL that is a list', { url: '/x', baseURL: [BASE_URL] as never }],
  ])('refuses %s', (_title, given) => {
    expect(() => target.apply({ ...given })).toThrow('The url and the baseURL of a request have to be strings');
  });
});
