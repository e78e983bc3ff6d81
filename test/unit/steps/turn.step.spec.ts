import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RequestGate } from '../../../lib/http/rate-limit/request-gate.js';
import { RequestLog } from '../../../lib/http/request/request-log.js';
import type { Next } from '../../../lib/http/steps/step.js';
import { TurnStep } from '../../../lib/http/steps/turn.step.js';
import { answerOf, apiRequest } from '../../support/api-request.js';
import { FakeClock, settled } from '../../support/fake-clock.js';

const OK = answerOf(200);

let clock: FakeClock;
let gate: RequestGate;
let shutdown: { isStarted: boolean };
let step: TurnStep;

beforeEach(() => {
  clock = new FakeClock();
  shutdown = { isStarted: false };
  gate = new RequestGate(clock, { maxConcurrent: 1, maxWaiting: 10 });
  const log = new RequestLog(undefined);
  jest.spyOn(log, 'waiting').mockReturnValue();
  step = new TurnStep({ clock, gate, log, shutdown });
});

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((given) => (resolve = given));
  return { promise, resolve };
}

describe('TurnStep', () => {
  it('lets a request wait until the one before has ended, well or not', async () => {
    for (const end of [(): Promise<typeof OK> => Promise.resolve(OK), () => Promise.reject(new Error('lost'))]) {
      const first = deferred<void>();
      const firstAnswer = step.handle(apiRequest(), () => first.promise.then(end));
      const next = jest.fn<Next>().mockResolvedValue(OK);
      const second = step.handle(apiRequest(), next);
      await settled();
      expect(next).not.toHaveBeenCalled();

      first.resolve();

      expect(await second).toBe(OK);
      await firstAnswer.catch(() => undefined);
    }
  });

  it('counts the wait against what the request may wait', async () => {
    const first = deferred<typeof OK>();
    const done = step.handle(apiRequest(), () => first.promise);
    const request = apiRequest();
    const second = step.handle(request, async () => OK);
    await clock.advance(10_000);
    first.resolve(OK);
    await Promise.all([done, second]);
    expect(request.waitLeftMs).toBe(20_000);
  });

  it('keeps the place of a streamed answer until its connection is free', async () => {
    const free = deferred<void>();
    await step.handle(apiRequest(), async () => ({ ...OK, whenFree: free.promise }));
    const next = jest.fn<Next>().mockResolvedValue(OK);
    const second = step.handle(apiRequest(), next);
    await settled();
    expect(next).not.toHaveBeenCalled();

    free.resolve();

    expect(await second).toBe(OK);
  });

  it('reads the rate limit of the answer', async () => {
    await step.handle(apiRequest(), async () => answerOf(200, { ratelimit: 'limit=100, remaining=60, reset=7' }));
    expect(gate.rateLimit).toMatchObject({ limit: 100, remaining: 60 });
  });

  it.each([
    ['is aborted', 'aborted'],
    ['meets the shutdown', 'shutdown'],
  ])('ends the wait of a request that %s', async (_how, cause) => {
    void step.handle(apiRequest(), () => new Promise(() => undefined));
    const request = apiRequest();
    if (cause === 'shutdown') shutdown.isStarted = true;
    const next = jest.fn<Next>();
    const waiting = step.handle(request, next);
    if (cause === 'aborted') request.abort.abort('caller');
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    expect(request.isWaiting).toBe(false);
    expect(next).not.toHaveBeenCalled();
  });
});
