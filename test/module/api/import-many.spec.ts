import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DidomiApi } from '../../../lib/api/didomi-api.js';
import { importConsentEvents } from '../../../lib/api/import/import-consent-events.js';
import { DidomiClock, DidomiHttpService, DidomiModule } from '../../../lib/index.js';
import { FakeDidomi } from '../../../lib/testing/index.js';
import { afterTest } from '../../support/after-test.js';
import { collect, eventOf, some } from '../../support/consent-events.js';
import { FakeClock } from '../../support/fake-clock.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInMb(): number {
  collectGarbage();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

describe('an import of very many events', () => {
  it('reads no further than it sends, and keeps nothing', async () => {
    let underWay = 0;
    let most = 0;
    let read = 0;
    let recorded = 0;
    let ahead = 0;
    const api = {
      request: async (_route: string, { body }: { body: unknown[] }) => {
        most = Math.max(most, (underWay += 1));
        await Promise.resolve();
        underWay -= 1;
        return body;
      },
    } as unknown as DidomiApi;
    const source = (function* () {
      for (read = 0; read < 1_000_000; read += 1) yield eventOf(read);
    })();
    const heaps: number[] = [];
    for await (const batch of importConsentEvents(api, source, { maxConcurrent: 8 })) {
      recorded += batch.recorded.length;
      ahead = Math.max(ahead, read - batch.nextIndex);
      if (recorded % 100_000 === 0) heaps.push(heapInMb());
    }
    console.info(`heap in MB after each 100,000 of 1,000,000 events: ${heaps.join(', ')}`);
    expect(Math.max(...heaps) - heaps[0]!).toBeLessThan(20);
    expect(recorded).toBe(1_000_000);
    expect(most).toBeLessThanOrEqual(8);
    expect(ahead).toBeLessThanOrEqual(900);
  }, 120_000);

  it('records each event once at a Didomi of which every twentieth answer is a 503 or a reset', async () => {
    const COUNT = 3_000;
    const didomi = await FakeDidomi.start();
    afterTest(() => didomi.stop());
    const { baseURL, apiKey, apiSecret, organizationId } = didomi;
    const clock = new FakeClock();
    const app = await Test.createTestingModule({
      imports: [
        DidomiModule.forRoot({ baseURL, apiKey, apiSecret, organizationId, warmup: 'lazy', timeoutMs: 86_400_000 }),
      ],
    })
      .overrideProvider(DidomiClock)
      .useValue(clock)
      .compile();
    afterTest(() => app.close());
    await app.init();
    const api = new DidomiApi(app.get(DidomiHttpService), organizationId);
    let requests = 0;
    didomi.script('api-requests', () => {
      requests += 1;
      if (requests % 20 !== 0) return undefined;
      return requests % 40 === 0 ? { reset: true } : { status: 503 };
    });
    const done = collect(importConsentEvents(api, some(COUNT), { batchSize: 10 }));
    let isDone = false;
    void done.finally(() => (isDone = true));
    while (!isDone) await clock.advance(100);
    const batches = await done;
    expect(requests).toBeGreaterThan(COUNT / 10);
    expect(batches.flatMap(({ refused }) => refused)).toEqual([]);
    expect(batches.flatMap(({ recorded }) => recorded)).toHaveLength(COUNT);
    const users = didomi.state.consentEvents.map(
      ({ user }) => (user as { organization_user_id: string }).organization_user_id,
    );
    expect(users).toHaveLength(COUNT);
    expect(new Set(users).size).toBe(COUNT);
  }, 60_000);
});
