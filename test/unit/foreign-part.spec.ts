import { describe, expect, it } from '@jest/globals';
import { Pauses } from '../../lib/auth/pauses.js';
import { ForeignPart } from '../../lib/auth/store/foreign-part.js';
import { FakeClock } from '../support/fake-clock.js';

describe('a part of the application that is asked', () => {
  it('has answered in time if its answer is there when the event loop was blocked for longer', async () => {
    const clock = new FakeClock();
    let timeIsOver: () => void = () => undefined;
    clock.schedule = (callback) => {
      timeIsOver = callback;
      return () => undefined;
    };
    const lines: string[] = [];
    const log = { sharingFailed: (line: string) => lines.push(line), sharingRestored: () => undefined };
    const part = new ForeignPart('tokenStore', { failing: undefined }, new Pauses(clock), log);
    const answer = part.ask('tokenStore.get()', () => new Promise((resolve) => setImmediate(resolve, 'read')), 1_000);
    timeIsOver();
    expect(await answer).toEqual({ value: 'read' });
    expect(lines).toEqual([]);
  });
});
