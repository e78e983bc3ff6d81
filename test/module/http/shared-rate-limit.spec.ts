import { describe, expect, it } from '@jest/globals';
import { createClient, createWarmClient } from '../../support/create-client.js';
import type { DidomiStub } from '../../support/didomi-stub.js';
import type { FakeClock } from '../../support/fake-clock.js';

describe('clients of several processes that share a rate limit', () => {
  const LIMIT = 50;
  const WINDOW_MS = 3_000;

  /** Answers as Didomi does: at most so many in each window, which begins with its first request, and some time later. */
  function limited(stub: DidomiStub, clock: FakeClock): { served: number; refused: number }[] {
    const windows: { served: number; refused: number }[] = [];
    let endsAt = 0;
    stub.onApiRequest = async (_config, count) => {
      const travel = (ms: number): Promise<void> => new Promise((resolve) => clock.schedule(resolve, ms));
      await travel(5 + ((count * 7) % 20));
      if (clock.now() >= endsAt) {
        endsAt = clock.now() + WINDOW_MS;
        windows.push({ served: 0, refused: 0 });
      }
      const window = windows.at(-1)!;
      const isServed = window.served < LIMIT;
      window[isServed ? 'served' : 'refused'] += 1;
      const reset = Math.ceil((endsAt - clock.now()) / 1_000);
      const headers = {
        ratelimit: `limit=${LIMIT}, remaining=${LIMIT - window.served}, reset=${reset}`,
        'ratelimit-policy': `${LIMIT};w=${WINDOW_MS / 1_000}`,
      };
      await travel(5 + ((count * 13) % 20));
      return isServed
        ? { status: 200, headers }
        : { status: 429, headers: { ...headers, 'retry-after': String(reset) } };
    };
    return windows;
  }

  async function put(clients: number, calls: number, delaysMs: readonly number[]) {
    const first = await createWarmClient();
    const { stub, clock } = first;
    const all = [first];
    while (all.length < clients) all.push(await createClient({}, { stub, clock }));
    for (const { auth } of all) await auth.getAccessToken();
    const windows = limited(stub, clock);
    const made = all.map(async ({ http }, index) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, delaysMs[index % delaysMs.length]!));
      return await Promise.allSettled(Array.from({ length: calls }, (_, call) => http.axiosRef.get(`/${call}`)));
    });
    await clock.advance(100_000);
    const outcomes = (await Promise.all(made)).flat();
    return { windows, failures: outcomes.filter(({ status }) => status === 'rejected'), pending: clock.pending };
  }

  it.each<[string, number, number, readonly number[]]>([
    ['five that begin together', 5, 40, [0]],
    ['five that begin one after the other', 5, 40, [0, 60, 120, 180, 240]],
    ['five of which one begins late', 5, 40, [0, 0, 0, 0, 4_000]],
    ['two', 2, 100, [0, 30]],
    ['three of which one uses up whole windows', 3, 150, [0, 100, 120]],
    ['ten', 10, 20, [0, 25, 50]],
  ])('all succeed within three attempts: %s', async (_title, clients, calls, delaysMs) => {
    const { windows, failures, pending } = await put(clients, calls, delaysMs);
    expect(failures).toEqual([]);
    expect(windows.length).toBeLessThanOrEqual(Math.ceil((clients * calls) / LIMIT) + 1);
    expect(pending).toBe(0);
  });

  it('get few 429s after the first window', async () => {
    const { windows } = await put(5, 40, [0, 10]);
    const [first, ...later] = windows.map(({ refused }) => refused);
    expect(first).toBe(150);
    expect(later.reduce((total, refused) => total + refused, 0)).toBeLessThanOrEqual(25);
  });

  it('get no 429 after the first window if there is only one', async () => {
    const { windows, failures } = await put(1, 200, [0]);
    expect(failures).toEqual([]);
    // As many as there are connections are under way when the first answer tells the limit.
    expect(windows).toEqual([128 - LIMIT, 0, 0, 0].map((refused) => ({ served: LIMIT, refused })));
  });
});
