import { describe, expect, it } from '@jest/globals';
import { readRateLimit, readWindowMs } from '../../lib/headers/rate-limit.js';

const NOW = 1_800_000_000_000;

type Headers = Record<string, unknown>;

describe('the rate limit that headers tell', () => {
  const quoted = { 'ratelimit-policy': '"default";q=100;w=60' };
  const two = { 'ratelimit-policy': '"burst";q=10;w=2, "hour";q=1000;w=3600' };

  it.each<[string, Headers, number, number, number]>([
    ['one header', { ratelimit: 'limit=100, remaining=60, reset=7' }, 100, 60, 7],
    ['one header in another order', { ratelimit: 'reset=7,remaining=0,limit=100' }, 100, 0, 7],
    ['one header and a policy', { ratelimit: 'remaining=6, reset=7', 'ratelimit-policy': '100;w=15' }, 100, 6, 7],
    ['one header given twice', { ratelimit: ['limit=100, remaining=60, reset=7'] }, 100, 60, 7],
    ['three headers', { 'ratelimit-limit': '100', 'ratelimit-remaining': '60', 'ratelimit-reset': '7' }, 100, 60, 7],
    [
      'two headers and a policy',
      { 'ratelimit-remaining': '60', 'ratelimit-reset': '7', 'ratelimit-policy': '100;w=15' },
      100,
      60,
      7,
    ],
    ['three numbers', { 'ratelimit-limit': 100, 'ratelimit-remaining': 0, 'ratelimit-reset': 7 }, 100, 0, 7],
    [
      'three headers, one with its policy',
      { 'ratelimit-limit': '100, 100;w=15', 'ratelimit-remaining': '60', 'ratelimit-reset': '7' },
      100,
      60,
      7,
    ],
    ['the quoted form', { ratelimit: '"default";r=50;t=30', ...quoted }, 100, 50, 30],
    ['the quoted form with spaces', { ratelimit: '"default"; r=50; t=30; pk=:YQ==:', ...quoted }, 100, 50, 30],
    ['the form without quotes', { ratelimit: 'a;r=5;t=3', 'ratelimit-policy': 'a;q=10;w=60' }, 10, 5, 3],
    ['the tightest of several', { ratelimit: '"hour";r=900;t=99, "burst";r=5;t=2', ...two }, 10, 5, 2],
    ['any case', { 'RateLimit-Policy': '1;w=1', RateLimit: 'Limit=100, Remaining=60, Reset=7' }, 100, 60, 7],
    [
      'any case of three',
      { 'RATELIMIT-LIMIT': '100', 'RateLimit-Remaining': '60', 'RateLimit-Reset': '7' },
      100,
      60,
      7,
    ],
    ['a window that has ended', { ratelimit: 'limit=100, remaining=60, reset=0' }, 100, 60, 0],
  ])('is read from %s', (_title, headers, limit, remaining, resetSeconds) => {
    expect(readRateLimit(headers, NOW)).toEqual({ limit, remaining, resetAt: NOW + resetSeconds * 1_000 });
  });

  it.each<[Headers]>([
    [{}],
    [{ 'content-type': 'text/html', 'x-request': 'a', 'x-frame-options-sort': 'b' }],
    [{ ratelimit: '' }],
    [{ ratelimit: null }],
    [{ ratelimit: 'garbage' }],
    [{ ratelimit: '"unclosed;r=1;t=2' }],
    [{ ratelimit: 'limit=100, remaining=60' }],
    [{ ratelimit: 'remaining=60, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=-1, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=-7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=7.5' }],
    [{ ratelimit: 'limit=1e3, remaining=60, reset=7' }],
    [{ ratelimit: 'limit=0, remaining=0, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=101, reset=7' }],
    [{ ratelimit: 'limit=100, remaining=60, reset=1800000007' }],
    [{ ratelimit: `limit=${'9'.repeat(400)}, remaining=60, reset=7` }],
    [{ ratelimit: '"default";r=50;t=30' }],
    [{ ratelimit: '"other";r=50;t=30', ...quoted }],
    [{ ratelimit: '"default";r=-5;t=30', ...quoted }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '60' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-reset': '7' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': 'many', 'ratelimit-reset': '7' }],
  ])('is nothing with %j', (headers) => {
    expect(readRateLimit(headers, NOW)).toBeUndefined();
  });

  it.each<[Headers, number | undefined]>([
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=15' }, 15_000],
    [{ ratelimit: '"a";r=1', 'ratelimit-policy': '"b";q=5;w=1, "a";q=100;w=60' }, 60_000],
    [{ RateLimit: 'limit=100', 'RateLimit-Policy': '100;w=15' }, 15_000],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '50;w=15' }, undefined],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=0' }, undefined],
    [{ ratelimit: 'limit=100', 'ratelimit-policy': '100;w=99999999' }, undefined],
    [{ ratelimit: 'limit=100' }, undefined],
  ])('includes the length of the window: %j', (headers, ms) => {
    expect(readWindowMs(headers, 100)).toBe(ms);
  });
});
