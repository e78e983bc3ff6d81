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

  it('is told to fail once, and to work once, where it works for some clients only, each of which has its own patience', async () => {
    const pauses = new Pauses(new FakeClock());
    const lines: string[] = [];
    const log = {
      sharingFailed: (line: string) => lines.push(line),
      sharingRestored: (line: string) => lines.push(line),
    };
    const outage = { failing: undefined };
    const [down, up] = [1, 2].map(() => new ForeignPart('tokenStore', outage, pauses, log)) as [
      ForeignPart,
      ForeignPart,
    ];
    for (let turn = 0; turn < 3; turn += 1) {
      await down.ask('tokenStore.get()', () => Promise.reject(new Error('down')), 1_000);
      expect(up.patienceMs).toBe(1_000);
      expect(await up.ask('tokenStore.get()', () => 'read', 1_000)).toEqual({ value: 'read' });
      expect(down.patienceMs).toBe(100);
    }
    expect(lines).toEqual([expect.stringMatching(/^tokenStore\.get\(\) failed\./), 'tokenStore works again']);
  });
});
