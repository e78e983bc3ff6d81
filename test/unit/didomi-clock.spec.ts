import { describe, expect, it, jest } from '@jest/globals';
import { AccessTokenLog } from '../../lib/auth/access-token.log.js';
import { DidomiClock } from '../../lib/auth/didomi.clock.js';
import { TokenRequestFailure } from '../../lib/auth/token-request-failure.js';
import { Logger, type LoggerService } from '@nestjs/common';

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('the clock', () => {
  it('keeps the process alive for a caller who waits, and for nobody else', () => {
    const clock = new DidomiClock();
    const before = timers();
    const cancels = [clock.schedule(() => undefined, 60_000)];
    expect(timers()).toBe(before);
    cancels.push(clock.schedule(() => undefined, 60_000, true));
    expect(timers()).toBe(before + 1);
    for (const cancel of cancels) cancel();
    expect(timers()).toBe(before);
  });

  it('tells the time of the machine', () => {
    expect(Math.abs(new DidomiClock().now() - Date.now())).toBeLessThan(1_000);
  });

  it('measures spans on a clock that nobody sets', () => {
    const clock = new DidomiClock();
    jest.spyOn(Date, 'now').mockReturnValue(0);
    const before = clock.monotonic();
    expect(clock.now()).toBe(0);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before);
    expect(before).toBeGreaterThan(0);
  });
});

it('the log tells clients apart by their names', () => {
  const contexts: unknown[] = [];
  const logger = { warn: (_text: unknown, context: unknown) => contexts.push(context) } as unknown as LoggerService;
  Logger.overrideLogger(logger);
  for (const name of [undefined, 'brand-b']) {
    new AccessTokenLog(name, new DidomiClock()).failed(new TokenRequestFailure('unavailable', 'down'));
  }
  expect(contexts).toEqual(['Didomi', 'Didomi:brand-b']);
});
