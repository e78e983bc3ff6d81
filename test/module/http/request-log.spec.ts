import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DidomiModuleOptions } from '../../../lib/index.js';
import { createClient } from '../../support/create-client.js';
import { networkError, type StubAnswer } from '../../support/didomi-stub.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { errorOf } from '../../support/error-of.js';

const USED_UP = { RateLimit: 'limit=100, remaining=0, reset=5' };

afterEach(() => Logger.overrideLogger(false));

async function client(answers: (StubAnswer | Error)[], options: Partial<DidomiModuleOptions> = {}) {
  const made = await createClient(options);
  const logger = new RecordingLogger();
  Logger.overrideLogger(logger);
  made.stub.onApiRequest = () => answers.shift() ?? { status: 200, data: {} };
  return { ...made, lines: () => logger.didomi('debug').filter((line) => line.includes('/v1/')), logger };
}

describe('what a request does beside being sent once', () => {
  it('is nothing for most of them', async () => {
    const { http, logger } = await client([]);
    await http.axiosRef.get('/x');
    expect(logger.didomi('debug')).toEqual([]);
  });

  it.each<[string, StubAnswer | Error, RegExp]>([
    ['a network error', networkError('ECONNRESET'), /^GET \/v1\/x failed \(reset\) in attempt 1, .* in \d+ ms$/],
    [
      'a 503',
      { status: 503, headers: { 'Retry-After': '2' } },
      /^GET \/v1\/x failed \(503\) in attempt 1, .* in 2\d{3} ms$/,
    ],
    ['a 401', { status: 401 }, /^GET \/v1\/x was answered with 401, .* another access token in \d+ ms$/],
  ])('is told for debugging after %s: what, why, how long, which attempt', async (_title, answer, line) => {
    const { http, clock, lines } = await client([answer]);
    const sending = http.axiosRef.get('/x', { params: { email: 'canary@example.org' } });
    await clock.advance(10_000);
    await sending;
    expect(lines()).toEqual([expect.stringMatching(line)]);
  });

  it('is told after a 429, and that others wait, too', async () => {
    const { http, clock, lines } = await client([{ status: 429, headers: { 'Retry-After': '2' } }]);
    const sending = http.axiosRef.get('/x');
    await clock.advance(10_000);
    await sending;
    expect(lines()).toEqual([
      'GET /v1/x failed (429) in attempt 1, and is sent again in 2000 ms',
      expect.stringMatching(/^GET \/v1\/x waits for its turn/),
    ]);
  });

  it('is told once a second, however many requests wait for the rate limit', async () => {
    const { http, clock, lines } = await client([{ status: 200, headers: USED_UP }]);
    await http.axiosRef.get('/x');
    const sending = Array.from({ length: 50 }, () => http.axiosRef.get('/y'));
    await clock.advance(10_000);
    await Promise.all(sending);
    expect(lines()).toEqual([
      'GET /v1/y waits for its turn (rate limit or connections in use); others may wait behind it',
    ]);
  });

  it('is told by the name of its client', async () => {
    const { http, clock, logger } = await client([networkError('ECONNRESET')]);
    const sending = http.axiosRef.get('/x');
    await clock.advance(10_000);
    await sending;
    expect(logger.lines.filter(({ level }) => level === 'debug')).toMatchObject([{ context: 'Didomi' }]);
  });

  it('holds nothing secret and nobody by name', async () => {
    const failures = [
      networkError('ECONNRESET'),
      { status: 401, data: { message: 'token-1 canary' } },
      { status: 503 },
    ];
    const { http, clock, logger, lines } = await client(failures);
    const sending = http.axiosRef.put(
      '/consents/users/canary-user?email=canary%40example.org',
      { email: 'canary' },
      { headers: { 'X-Key': 'canary' }, params: { q: 'canary' }, proxy: false },
    );
    await clock.advance(30_000);
    await sending;
    const told = JSON.stringify(logger.lines);
    expect(lines()).toHaveLength(3);
    expect(told).not.toMatch(/canary|token-\d/);
    expect(told).toContain('PUT /v1/consents/users/{id}');
  });

  it('harms nobody if the logger of the application fails', async () => {
    const { http, stub, clock } = await client([
      networkError('ECONNRESET'),
      { status: 401 },
      { status: 200, headers: USED_UP },
    ]);
    const broken = new RecordingLogger();
    Object.assign(broken, {
      debug: () => {
        throw new Error('the disk is full');
      },
    });
    Logger.overrideLogger(broken);
    const sending = http.axiosRef.get('/x');
    await clock.advance(10_000);
    await sending;
    const waiting = errorOf(http.axiosRef.get('/y'));
    await clock.advance(10_000);
    expect((await waiting).message).toBe('it resolved');
    expect(stub.apiRequests).toHaveLength(4);
  });
});
