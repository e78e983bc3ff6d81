import { describe, expect, it } from '@jest/globals';
import { RequestGate } from '../../lib/http/rate-limit/request-gate.js';
import { FakeClock } from '../support/fake-clock.js';
import { LIMIT, NOW, numbers, PATIENT_MS, TestAbort, told, WINDOW_MS, type Headers } from '../support/request-gate.js';

/** Counts in fixed windows that begin with their first request, as Didomi's limit seems to. */
class LimitedServer {
  readonly served: number[] = [];
  readonly refused: number[] = [];
  #endsAt = 0;
  #count = 0;

  constructor(private readonly clock: FakeClock) {}

  answer(): { status: number; headers: Headers } {
    const now = this.clock.now();
    if (now >= this.#endsAt) {
      this.#endsAt = now + WINDOW_MS;
      this.#count = 0;
      this.served.push(0);
      this.refused.push(0);
    }
    this.#count += 1;
    const isServed = this.#count <= LIMIT;
    const counts = isServed ? this.served : this.refused;
    counts[counts.length - 1]! += 1;
    const seconds = Math.ceil((this.#endsAt - now) / 1_000);
    const headers = told(Math.max(0, LIMIT - this.#count), seconds);
    return isServed ? { status: 200, headers } : { status: 429, headers: { ...headers, 'retry-after': `${seconds}` } };
  }
}

interface Client {
  readonly clock: FakeClock;
  readonly gate: RequestGate;
  readonly server: LimitedServer;
  /** The way to the server, or back. */
  readonly delayMs?: () => number;
}

function createClient(clock: FakeClock, server: LimitedServer, delayMs?: () => number): Client {
  const gate = new RequestGate(clock, { maxConcurrent: Infinity, maxWaiting: 10_000 });
  return { clock, gate, server, delayMs };
}

/** Sends one request again and again until it is served. */
async function sendUntilServed({ clock, gate, server, delayMs }: Client): Promise<number> {
  const travel = async (): Promise<void> => {
    if (delayMs) await new Promise<void>((resolve) => clock.schedule(resolve, Math.round(delayMs())));
  };
  for (;;) {
    const permit = await gate.enter(true, PATIENT_MS, new TestAbort());
    await travel();
    const { status, headers } = server.answer();
    await travel();
    permit.answered(status, headers);
    permit.release();
    if (status === 200) return clock.now();
  }
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

/** The same numbers in each run, from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

describe('a process that has the rate limit for itself', () => {
  it('draws no 429 after the first window and loses no time', async () => {
    const clock = new FakeClock(NOW);
    const client = createClient(clock, new LimitedServer(clock));
    const ends = Promise.all(numbers(0, 200).map(() => sendUntilServed(client)));
    await clock.advance(60_000);

    expect(Math.max(...(await ends))).toBe(NOW + 3 * WINDOW_MS);
    expect(client.server.served).toEqual([50, 50, 50, 50]);
    expect(client.server.refused).toEqual([150, 0, 0, 0]);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('draws none either when answers overtake each other (%i)', async (seed) => {
    const random = seeded(seed);
    const clock = new FakeClock(NOW);
    const client = createClient(clock, new LimitedServer(clock), () => (random() < 0.05 ? 900 : 60) * random());
    const ends = Promise.all(numbers(0, 200).map(() => sendUntilServed(client)));
    await clock.advance(60_000);

    expect(Math.max(...(await ends))).toBeLessThan(NOW + 6 * WINDOW_MS);
    expect(sum(client.server.served)).toBe(200);
    expect(sum(client.server.refused.slice(1))).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 2, 3])('draws none when requests come one by one (%i)', async (seed) => {
    const random = seeded(seed);
    const clock = new FakeClock(NOW);
    const client = createClient(clock, new LimitedServer(clock), () => random() * 100);
    const served = numbers(0, 300).map(async () => {
      await new Promise<void>((resolve) => clock.schedule(resolve, Math.round(random() * 12_000)));
      await sendUntilServed(client);
    });
    await clock.advance(60_000);

    await Promise.all(served);
    expect(sum(client.server.served)).toBe(300);
    expect(sum(client.server.refused)).toBe(0);
  });
});

describe('processes that share the rate limit', () => {
  it.each([
    { processes: 5, calls: 40, max429s: 5, seed: 1 },
    { processes: 5, calls: 40, max429s: 5, seed: 2 },
    { processes: 2, calls: 100, max429s: 2, seed: 3 },
    { processes: 20, calls: 20, max429s: LIMIT, seed: 4 },
  ])(
    'all get through, with few 429s in each window after the first: %j',
    async ({ processes, calls, max429s, seed }) => {
      const random = seeded(seed);
      const clock = new FakeClock(NOW);
      const server = new LimitedServer(clock);
      const ends = Promise.all(
        numbers(0, processes).flatMap(() => {
          const client = createClient(clock, server, () => 5 + random() * 10);
          return numbers(0, calls).map(() => sendUntilServed(client));
        }),
      );
      await clock.advance(120_000);

      const windows = (processes * calls) / LIMIT;
      expect(Math.max(...(await ends))).toBeLessThan(NOW + 1.2 * windows * WINDOW_MS);
      expect(sum(server.served)).toBe(processes * calls);
      expect(Math.max(...server.refused.slice(1))).toBeLessThanOrEqual(max429s);
      expect(clock.pending).toBe(0);
    },
  );
});
