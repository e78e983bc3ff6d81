import { describe, expect, it } from '@jest/globals';
import { RejectionCoolDown } from '../../lib/auth/rejection-cool-down.js';
import { readRetryAfterMs } from '../../lib/headers/retry-after.js';
import { readSessionsAnswer } from '../../lib/auth/sessions-answer.js';
import { readSessionsError } from '../../lib/auth/sessions-error.js';
import { sessionsEndpoint } from '../../lib/auth/sessions.endpoint.js';
import { TokenRequestBudget } from '../../lib/auth/token-request.budget.js';
import { TokenRequestFailure } from '../../lib/auth/token-request-failure.js';
import { TokenRequestGate } from '../../lib/auth/token-request.gate.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const utc = (moment: number): string => new Date(moment).toUTCString();
const DIDOMI = 'https://api.didomi.io/v1';
const answer = (status: number, body: unknown = {}, headers = {}, baseURL = DIDOMI) =>
  readSessionsAnswer({ status, body, headers }, sessionsEndpoint(baseURL), NOW);
const messageOf = (...of: Parameters<typeof answer>): string => (answer(...of) as TokenRequestFailure).message;

/** What Didomi answers to wrong credentials. */
const didomiError = (code: number) => ({ code, name: 'BadRequest', message: 'canary', errors: {} });

const PAGE = '<html><body>Access denied, canary</body></html>';
const HTML = { 'content-type': 'text/html; charset=utf-8' };

describe('the answer to a token request', () => {
  it.each([200, 201, 202, 299])('of status %i holds the access token', (status) => {
    expect(answer(status, '{"access_token":"abc.def-_~+/="}')).toMatchObject({ accessToken: 'abc.def-_~+/=' });
  });

  it('may arrive parsed', () => {
    expect(answer(200, { access_token: 'abc' })).toMatchObject({ accessToken: 'abc' });
  });

  it.each([
    ['date', NOW],
    ['Date', NOW],
  ])('tells the time of the server: %s', (name, serverTime) => {
    expect(answer(200, { access_token: 'abc' }, { [name]: utc(NOW) })).toMatchObject({ serverTime });
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
    expect(answer(200, body)).toMatchObject({ reason: 'malformed', isFinal: false, isTransient: false, status: 200 });
  });

  it.each([
    [400, 'rejected', true],
    [401, 'rejected', true],
    [403, 'rejected', true],
    [422, 'rejected', true],
    [402, 'misconfigured', false],
    [404, 'misconfigured', false],
    [405, 'misconfigured', false],
    [409, 'misconfigured', false],
    [301, 'misconfigured', false],
    [304, 'misconfigured', false],
    [307, 'misconfigured', false],
    [308, 'misconfigured', false],
    [101, 'misconfigured', false],
    [Number.NaN, 'misconfigured', false],
    [408, 'unavailable', false],
    [425, 'unavailable', false],
    [429, 'throttled', false],
    [500, 'unavailable', false],
    [502, 'unavailable', false],
    [503, 'unavailable', false],
    [504, 'unavailable', false],
  ])("of status %d in Didomi's error format means %s", (status, reason, isFinal) => {
    const result = answer(status, didomiError(status));
    expect(result).toMatchObject({ reason, isFinal, isTransient: reason === 'unavailable', status });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  it.each([400, 401])('of status %i with any JSON object means rejected', (status) => {
    expect(answer(status, '{"message":"Unauthorized"}')).toMatchObject({ reason: 'rejected', isFinal: true });
  });

  const foreignBodies: [string, unknown][] = [
    ['a page', PAGE],
    ['nothing', ''],
    ['undefined', undefined],
    ['plain text', 'error code: 1020'],
    ['a JSON string', '"Forbidden"'],
    ['a JSON list', '[{"code":403}]'],
    ['cut off JSON', '{"code":400,"name":"BadRequest","mess'],
  ];
  const foreignObjects: [string, unknown][] = [
    ['the JSON of a gateway', { message: 'Forbidden' }],
    ['the JSON of Nest or Spring', { statusCode: 403, status: 403, message: 'Forbidden', error: 'Forbidden' }],
    ['a code that is not the status', { ...didomiError(400), code: 1020 }],
    ['a code in text', { ...didomiError(403), code: '403' }],
    ['no name', { code: 403, message: 'Forbidden' }],
  ];

  it.each([
    ...[400, 401, 403, 407, 422].flatMap((status) => foreignBodies.map((body) => [status, ...body] as const)),
    ...[403, 407, 422].flatMap((status) => foreignObjects.map((body) => [status, ...body] as const)),
  ])('of status %i with %s is from somebody in front and not final', (status, _title, body) => {
    const result = answer(status, body === undefined ? null : body);
    expect(result).toMatchObject({ reason: 'misconfigured', isFinal: false, isTransient: false, status });
  });

  it("that is not Didomi's says what came, from where, and what to check", () => {
    expect(messageOf(403, PAGE, HTML)).toBe(
      "api.didomi.io:443 answered the token request with 403 (text/html), which is not Didomi's error format. " +
        'Check baseURL, and what stands in front of it: a proxy, a gateway or a firewall',
    );
    expect(messageOf(400, '', {}, 'http://127.0.0.1:8080')).toMatch(/^127\.0\.0\.1:8080 .* 400 \(no media type\)/);
    expect(messageOf(403, PAGE, { 'Content-Type': 'TEXT/HTML' }, 'https://[2001:db8::1]/v1')).toMatch(
      /^\[2001:db8::1\]:443 .* 403 \(text\/html\)/,
    );
    expect(messageOf(200, PAGE, HTML)).toMatch(/^api\.didomi\.io:443 .* 200 \(text\/html\) .* Check baseURL/);
  });

  it('repeats no media type that could be an echo of the credentials', () => {
    const message = messageOf(403, PAGE, { 'content-type': 'text/canary' });
    expect(message).toContain('(another media type)');
    expect(message).not.toContain('canary');
  });

  it('of a proxy that asks for credentials says so', () => {
    expect(messageOf(407, PAGE, HTML)).toMatch(/proxy asks for a user name and password.*axios\.proxy/);
  });

  it.each([
    ['https://elsewhere.example/path?secret=canary', ' to https://elsewhere.example (status 307)'],
    ['https://canary:canary@elsewhere.example:8443/', ' to https://elsewhere.example:8443 (status 307)'],
    ['//elsewhere.example/canary', ' to https://elsewhere.example (status 307)'],
    ['/canary', ' to https://api.didomi.io (status 307)'],
    ['https://', ' request (status 307)'],
    ['data:text/html,canary', ' request (status 307)'],
    [`https://${'canary.'.repeat(60)}example/`, ' request (status 307)'],
    [undefined, ' request (status 307)'],
  ])('that redirects to %s says that it is not followed, and names the origin', (location, text) => {
    const message = messageOf(307, '', { location });
    expect(message).toContain(text);
    expect(message).toMatch(/Redirects are not followed, because the request holds the API secret/);
    expect(message).not.toContain('canary');
  });

  it('that knows no such path blames the path of baseURL, not the credentials', () => {
    const message = messageOf(404, didomiError(404), {}, 'https://api.didomi.io/v2');
    expect(message).toBe(
      'api.didomi.io:443 has no /v2/sessions (status 404). Check the path of baseURL, which is /v1 at Didomi',
    );
  });

  it.each([
    ['https://api.didomi.io/v2', true],
    ['https://gateway.example/didomi/v1', true],
    ['https://api.didomi.io/v1', false],
    ['https://api.didomi.io', false],
  ])('that rejects the credentials at %s mentions the path of baseURL: %s', (baseURL, isMentioned) => {
    const message = messageOf(401, didomiError(401), {}, baseURL);
    expect(message).toMatch(/Check apiKey and apiSecret/);
    expect(message.includes('the path of baseURL')).toBe(isMentioned);
  });

  it.each([429, 503])('of status %i says how long to wait', (status) => {
    expect(answer(status, '', { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe('a token request without an answer', () => {
  const failureFor = (error: unknown) => readSessionsError(error, sessionsEndpoint(DIDOMI));

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EWHATEVER'])(
    'with %s names the code and the host, and is worth a retry',
    (code) => {
      const failure = failureFor(Object.assign(new Error('canary'), { code }));
      expect(failure).toMatchObject({ reason: 'unavailable', isTransient: true });
      expect(failure.message).toContain(`No answer from api.didomi.io:443 to the token request (${code})`);
      expect(failure.message).not.toContain('canary');
    },
  );

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('with %s says how a certificate becomes accepted, and is not worth a retry', (code) => {
    const failure = failureFor({ code });
    expect(failure).toMatchObject({ reason: 'unavailable', isTransient: false });
    expect(failure.message).toMatch(/certificate is not accepted.*NODE_EXTRA_CA_CERTS/);
  });

  it.each([
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'HPE_INVALID_CONSTANT',
    'ERR_INVALID_URL',
    'ERR_BAD_OPTION_VALUE',
  ])('with %s is not worth a retry', (code) => {
    expect(failureFor({ code })).toMatchObject({ reason: 'unavailable', isTransient: false });
  });

  it.each([[undefined], [null], ['text'], [{}], [{ code: 5 }], [{ code: 'Bearer canary' }], [new Error('canary')]])(
    'with %p names the host alone',
    (error) => {
      expect(failureFor(error).message).toBe('No answer from api.didomi.io:443 to the token request');
    },
  );

  it('that is too long for an access token is malformed', () => {
    const error = Object.assign(new Error('maxContentLength size of 1048576 exceeded'), { code: 'ERR_BAD_RESPONSE' });
    expect(failureFor(error)).toMatchObject({ reason: 'malformed', isTransient: false });
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

  it('that is set does not follow the lifetime', () => {
    const budget = new TokenRequestBudget(1);
    budget.adaptTo(2_000);
    expect(spendAll(budget, NOW)).toBe(1);
    expect(budget.waitMs(NOW)).toBe(60_000);
  });

  it.each([
    [undefined, 4],
    [1, 0],
    [2, 2],
    [3, 2],
    [100, 67],
  ])('of %s allows retries until two thirds are spent', (limit, most) => {
    const budget = new TokenRequestBudget(limit);
    if (limit === 1) budget.spend(NOW);
    let sent = 0;
    for (; budget.hasRoomForRetry(NOW); sent += 1) budget.spend(NOW);
    expect(sent).toBe(most);
    expect(budget.hasRoomForRetry(NOW + 60_000)).toBe(true);
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

  it('is not stopped for more than a minute by an absurd Retry-After', () => {
    const gate = gateOf();
    gate.failed(failure('throttled', 1e12), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(60_000);
    expect(gate.refusal(NOW)).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('obeys the time that an unavailable server asks for, if it is longer than the back-off', () => {
    const gate = gateOf();
    gate.failed(failure('unavailable', 7_000), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(7_000);
    gate.failed(failure('unavailable', 0), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(2_000);
    gate.failed(failure('unavailable', 1e12), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(60_000);
  });

  it('probes after minutes when the credentials were rejected', () => {
    const gate = gateOf();
    gate.failed(failure('rejected'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(300_000);
    expect(gate.refusal(NOW)).toMatchObject({ reason: 'rejected' });
    expect(gate.refusal(NOW).retryAfterMs).toBeUndefined();
  });

  it('backs off from somebody in front as from an unavailable Didomi', () => {
    const gate = gateOf();
    gate.failed(failure('misconfigured'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(1_000);
    expect(gate.refusal(NOW)).toMatchObject({ reason: 'misconfigured', retryAfterMs: 1_000 });
  });

  it('looks for changed credentials every few seconds where a function provides them', () => {
    const gate = gateOf({ credentialsCanChange: true });
    gate.failed(failure('rejected'), NOW, NOW);
    expect(gate.waitMs(NOW)).toBe(10_000);
    expect(gate.needsOtherCredentials(NOW + 10_000)).toBe(true);
    gate.failed(failure('rejected'), undefined, NOW + 10_000);
    expect(gate.waitMs(NOW + 10_000)).toBe(10_000);
    expect(gate.needsOtherCredentials(NOW + 300_000)).toBe(false);
  });

  it('remembers rejected credentials while reading them fails', () => {
    const gate = gateOf({ credentialsCanChange: true });
    gate.failed(failure('rejected'), NOW, NOW);
    gate.failed(failure('unavailable'), undefined, NOW + 10_000);
    expect(gate.needsOtherCredentials(NOW + 20_000)).toBe(true);
    gate.succeeded(NOW + 20_000, 3_600_000);
    expect(gate.needsOtherCredentials(NOW + 20_000)).toBe(false);
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
