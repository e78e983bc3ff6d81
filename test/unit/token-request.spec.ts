import { describe, expect, it } from '@jest/globals';
import { RejectionCoolDown } from '../../lib/auth/rejection-cool-down.js';
import { readRetryAfterMs } from '../../lib/headers/retry-after.js';
import { readAccessToken } from '../../lib/auth/sessions-answer.js';
import { TokenRequestBudget } from '../../lib/auth/token-request.budget.js';
import { TokenRequestFailure } from '../../lib/auth/token-request-failure.js';
import { TokenRequestGate } from '../../lib/auth/token-request.gate.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const utc = (moment: number): string => new Date(moment).toUTCString();
const answer = (status: number, body: unknown = {}, headers = {}) => readAccessToken({ status, body, headers }, NOW);

describe('the answer to a token request', () => {
  it.each([200, 201, 202, 299])('of status %i holds the access token', (status) => {
    expect(answer(status, '{"access_token":"abc.def-_~+/="}')).toBe('abc.def-_~+/=');
  });

  it('may arrive parsed', () => {
    expect(answer(200, { access_token: 'abc' })).toBe('abc');
  });

  it.each([
    ['an empty body', ''],
    ['HTML', '<html><body>Welcome</body></html>'],
    ['a body of null', 'null'],
    ['a list', '[]'],
    ['no access_token', '{}'],
    ['access_token of null', { access_token: null }],
    ['access_token of a number', { access_token: 42 }],
    ['an empty access_token', { access_token: '' }],
    ['an access_token with a line break', { access_token: 'abc\r\nX-Injected: 1' }],
    ['an access_token with its scheme', { access_token: 'Bearer abc' }],
    ['an access_token beyond ASCII', { access_token: 'abcé' }],
  ])('is malformed with %s', (_title, body) => {
    expect(answer(200, body)).toMatchObject({ reason: 'malformed', isFinal: false, status: 200 });
  });

  it.each([
    [400, 'rejected', true],
    [401, 'rejected', true],
    [403, 'rejected', true],
    [422, 'rejected', true],
    [404, 'misconfigured', true],
    [405, 'misconfigured', true],
    [301, 'misconfigured', true],
    [307, 'misconfigured', true],
    [308, 'misconfigured', true],
    [408, 'unavailable', false],
    [425, 'unavailable', false],
    [429, 'throttled', false],
    [500, 'unavailable', false],
    [502, 'unavailable', false],
    [503, 'unavailable', false],
    [504, 'unavailable', false],
  ])('of status %i means %s', (status, reason, isFinal) => {
    const result = answer(status, { message: 'canary', secret: 'canary' });
    expect(result).toMatchObject({ reason, isFinal, status });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  it('of status 429 says how long to wait', () => {
    expect(answer(429, '', { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe('the time an answer asks to wait', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['seconds as a number', { 'retry-after': 7 }, 7_000],
    ['a date', { 'retry-after': new Date(NOW + 9_000).toUTCString() }, 9_000],
    ['a date in the past', { 'retry-after': new Date(NOW - 9_000).toUTCString() }, 0],
    ['the reset of RateLimit', { ratelimit: 'limit=100, remaining=0, reset=11' }, 11_000],
    ['Retry-After before RateLimit', { 'retry-after': '3', ratelimit: 'limit=100, remaining=0, reset=11' }, 3_000],
    [
      'the reset of the three headers',
      { 'ratelimit-limit': '9', 'ratelimit-remaining': '0', 'ratelimit-reset': '2' },
      2_000,
    ],
    ['the quoted form', { ratelimit: '"default";r=0;t=2', 'ratelimit-policy': '"default";q=9;w=15' }, 2_000],
    ['a header in capitals', { 'Retry-After': '7', RateLimit: 'limit=100, remaining=0, reset=11' }, 7_000],
    ['RateLimit in capitals', { 'Content-Type': 'a/b', RateLimit: 'limit=100, remaining=0, reset=11' }, 11_000],
    [
      'a date, by the clock of the server when the local one is 10 minutes slow',
      { 'retry-after': utc(NOW + 602_000), date: utc(NOW + 600_000) },
      2_000,
    ],
    [
      'a date, by the clock of the server when the local one is a day fast',
      { 'Retry-After': utc(NOW - DAY + 9_000), Date: utc(NOW - DAY) },
      9_000,
    ],
    ['a date before the Date of the answer', { 'retry-after': utc(NOW + 1_000), date: utc(NOW + 5_000) }, 0],
    ['a date beside a Date that is none', { 'retry-after': utc(NOW + 9_000), date: 'yesterday, maybe' }, 9_000],
    ['a date of RFC 850', { 'retry-after': 'Friday, 15-Jan-27 08:00:09 GMT', date: utc(NOW) }, 9_000],
    ['a number of 30 digits, as a day', { 'retry-after': '9'.repeat(30) }, DAY],
    ['a number of 400 digits, as a day', { 'retry-after': '9'.repeat(400) }, DAY],
    [
      'Infinity, as the reset of RateLimit',
      { 'retry-after': Infinity, ratelimit: 'limit=9, remaining=0, reset=2' },
      2_000,
    ],
    ['a date of the year 9999, as a day', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, DAY],
    ['RateLimit beside garbage', { 'retry-after': 'soon', ratelimit: 'limit=100, remaining=0, reset=11' }, 11_000],
  ])('is read from %s', (_title, headers, ms) => {
    expect(readRetryAfterMs(429, headers, NOW)).toBe(ms);
  });

  it.each([
    [{}],
    [{ 'retry-after': 'soon' }],
    [{ 'retry-after': '' }],
    [{ 'retry-after': '1.5' }],
    [{ 'retry-after': '-5' }],
    [{ 'retry-after': '1e9' }],
    [{ 'retry-after': 'Infinity' }],
    [{ 'retry-after': Number.NaN }],
    [{ 'retry-after': null }],
    [{ date: new Date(NOW).toUTCString() }],
    [{ ratelimit: 'garbage' }],
  ])('is unknown with %j', (headers) => {
    expect(readRetryAfterMs(429, headers, NOW)).toBeUndefined();
  });
});

describe('an answer that tells of the rate limit', () => {
  it.each([200, 404, 422, 503, undefined])('asks to wait with 429 only, not with %s', (status) => {
    const headers = { ratelimit: 'limit=100, remaining=60, reset=7' };
    expect(readRetryAfterMs(status, headers, NOW)).toBeUndefined();
    expect(readRetryAfterMs(status, { ...headers, 'retry-after': '3' }, NOW)).toBe(3_000);
  });
});

describe('the budget of token requests', () => {
  function spendAll(budget: TokenRequestBudget, now: number): number {
    let sent = 0;
    for (; budget.waitMs(now) === 0 && sent < 1_000; sent += 1) budget.spend(now);
    return sent;
  }

  it('is 6 a minute', () => {
    const budget = new TokenRequestBudget(undefined);
    expect(spendAll(budget, NOW)).toBe(6);
    expect(budget.waitMs(NOW + 10_000)).toBe(50_000);
    expect(spendAll(budget, NOW + 60_000)).toBe(6);
  });

  it('slides: each token request frees its place a minute later', () => {
    const budget = new TokenRequestBudget(2);
    budget.spend(NOW);
    budget.spend(NOW + 40_000);
    expect(budget.waitMs(NOW + 50_000)).toBe(10_000);
    expect(budget.waitMs(NOW + 60_000)).toBe(0);
  });

  it('is three per lifetime where access tokens live less than half a minute', () => {
    const budget = new TokenRequestBudget(undefined);
    budget.adaptTo(2_000);
    expect(spendAll(budget, NOW)).toBe(3);
    expect(budget.waitMs(NOW)).toBe(2_000);
    budget.adaptTo(3_600_000);
    expect(spendAll(budget, NOW)).toBe(3);
  });

  it('is bounded even for lifetimes of nearly nothing', () => {
    const budget = new TokenRequestBudget(undefined);
    budget.adaptTo(1);
    expect(spendAll(budget, NOW)).toBe(3);
    expect(budget.waitMs(NOW)).toBe(1_000);
  });

  it('that is set does not follow the lifetime', () => {
    const budget = new TokenRequestBudget(1);
    budget.adaptTo(2_000);
    expect(spendAll(budget, NOW)).toBe(1);
    expect(budget.waitMs(NOW)).toBe(60_000);
  });

  it('is held for a minute at the most after the clock was set back', () => {
    const budget = new TokenRequestBudget(1);
    budget.spend(NOW);
    const back = NOW - 86_400_000;
    expect(budget.waitMs(back)).toBe(60_000);
    expect(budget.waitMs(back + 60_000)).toBe(0);
  });

  it('is not opened by a clock that goes back in small steps', () => {
    const budget = new TokenRequestBudget(1);
    budget.spend(NOW);
    for (let step = 1; step < 100; step += 1) expect(budget.waitMs(NOW - step * 10)).toBeGreaterThan(0);
  });
});

describe('the gate of token requests', () => {
  const failure = (reason: TokenRequestFailure['reason'], retryAfterMs?: number) =>
    new TokenRequestFailure(reason, 'why', { retryAfterMs });
  const gateOf = ({ random = 1, credentialsCanChange = false } = {}) =>
    new TokenRequestGate(new TokenRequestBudget(1_000), credentialsCanChange, () => random);

  it('backs off longer after each failure in a row, up to a minute', () => {
    const gate = gateOf();
    const waits = Array.from({ length: 40 }, () => {
      gate.failed(failure('unavailable'), NOW, NOW);
      return gate.waitMs(NOW);
    });
    expect(waits.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(waits.at(-1)).toBe(60_000);
  });

  it('spreads the back-off between half and the whole of it', () => {
    const gate = gateOf({ random: 0 });
    gate.failed(failure('malformed'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(500);
  });

  it('opens again, and forgets the failures, after a success', () => {
    const gate = gateOf();
    gate.failed(failure('unavailable'), NOW, NOW);
    gate.failed(failure('unavailable'), NOW, NOW);
    gate.succeeded(NOW, 3_600_000);
    expect(gate.waitMs(NOW)).toBe(0);
    expect(gate.lastFailure).toBeUndefined();
    gate.failed(failure('unavailable'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(1_000);
  });

  it('obeys the time that a throttled token request is told', () => {
    const gate = gateOf();
    gate.failed(failure('throttled', 7_000), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(7_000);
    expect(gate.refusal(NOW)).toMatchObject({ reason: 'throttled', retryAfterMs: 7_000 });
  });

  it("waits one of Didomi's windows when a throttled token request is told nothing", () => {
    const gate = gateOf();
    gate.failed(failure('throttled'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(15_000);
  });

  it('is not stopped for days by an absurd Retry-After', () => {
    const gate = gateOf();
    gate.failed(failure('throttled', 1e12), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(3_600_000);
  });

  it.each(['rejected', 'misconfigured'] as const)('probes after minutes when the token request was %s', (reason) => {
    const gate = gateOf();
    gate.failed(failure(reason), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(300_000);
    expect(gate.refusal(NOW)).toMatchObject({ reason });
    expect(gate.refusal(NOW).retryAfterMs).toBeUndefined();
  });

  it('looks for changed credentials every few seconds where a function provides them', () => {
    const gate = gateOf({ credentialsCanChange: true });
    gate.failed(failure('rejected'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(10_000);
    expect(gate.wantsChangedCredentials(NOW + 10_000)).toBe(true);
    gate.failed(failure('rejected'), undefined, NOW + 10_000);
    expect(gate.waitMs(NOW + 10_000)).toBe(10_000);
    expect(gate.wantsChangedCredentials(NOW + 300_000)).toBe(false);
  });

  it('does not send to a wrong address every few seconds, even if credentials can change', () => {
    const gate = gateOf({ credentialsCanChange: true });
    gate.failed(failure('misconfigured'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(300_000);
  });

  it('is not held shut for years after the clock was set back, and not opened by it either', () => {
    const gate = gateOf({ credentialsCanChange: true });
    const back = NOW - 365 * 86_400_000;
    gate.failed(failure('rejected'), NOW, NOW);
    expect(gate.waitMs(back)).toBe(10_000);
    expect(gate.waitMs(back + 10_000)).toBe(0);
    expect(gate.wantsChangedCredentials(back)).toBe(true);
    expect(gate.wantsChangedCredentials(back + 300_000)).toBe(false);
  });

  it('remembers rejected credentials while reading them fails', () => {
    const gate = gateOf({ credentialsCanChange: true });
    gate.failed(failure('rejected'), NOW, NOW);
    gate.failed(failure('unavailable'), undefined, NOW + 10_000);
    expect(gate.wantsChangedCredentials(NOW + 20_000)).toBe(true);
    gate.succeeded(NOW + 20_000, 3_600_000);
    expect(gate.wantsChangedCredentials(NOW + 20_000)).toBe(false);
  });

  it('draws the back-off at random unless told otherwise', () => {
    const waits = Array.from({ length: 50 }, () => {
      const gate = new TokenRequestGate(new TokenRequestBudget(1_000), false);
      gate.failed(failure('unavailable'), NOW, NOW);
      return gate.waitMs(NOW);
    });
    expect(new Set(waits).size).toBeGreaterThan(10);
    for (const wait of waits) expect(wait >= 500 && wait <= 1_000).toBe(true);
  });

  it('names the budget, and the last failure, when it is the budget that is used up', () => {
    const gate = new TokenRequestGate(new TokenRequestBudget(1), false, () => 1);
    gate.failed(new TokenRequestFailure('unavailable', 'Didomi is down'), NOW, NOW);
    expect(gate.refusal(NOW)).toMatchObject({ reason: 'throttled', retryAfterMs: 60_000 });
    expect(gate.refusal(NOW).message).toMatch(/maxTokenRequestsPerMinute.*Didomi is down/);
  });
});

describe('the cool-down after rejected replays', () => {
  it('grows each time, up to a minute, and is forgotten after a success', () => {
    const coolDown = new RejectionCoolDown();
    expect(coolDown.isOpen(NOW)).toBe(false);
    let now = NOW;
    const lengths = Array.from({ length: 9 }, () => {
      coolDown.open(now);
      const start = now;
      while (coolDown.isOpen(now)) now += 1_000;
      return (now - start) / 1_000;
    });
    expect(lengths).toEqual([5, 10, 20, 40, 60, 60, 60, 60, 60]);
    coolDown.reset();
    expect(coolDown.isOpen(now)).toBe(false);
    coolDown.open(now);
    expect(coolDown.isOpen(now + 4_999)).toBe(true);
    expect(coolDown.isOpen(now + 5_000)).toBe(false);
  });

  it('does not grow by the many rejections of one moment', () => {
    const coolDown = new RejectionCoolDown();
    for (let n = 0; n < 1_000; n += 1) coolDown.open(NOW);
    expect(coolDown.isOpen(NOW + 5_000)).toBe(false);
  });
});
