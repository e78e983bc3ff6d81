import { randomUUID } from 'node:crypto';
import { DidomiApi, importConsentEvents } from 'nestjs-didomi';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { startDidomi } from './support/clients.mjs';

/** Events per second of `importConsentEvents()`, beside a loop that posts them one by one. The server is in this process. */
export async function importEvents(report, { isQuick }) {
  const count = isQuick ? 500 : 5_000;
  const fake = await FakeDidomi.start({ recordRequests: false });
  const { http, stop } = await startDidomi({ baseURL: fake.baseURL, organizationId: fake.organizationId });
  const api = new DidomiApi(http, fake.organizationId);
  const events = Array.from({ length: count }, (_, index) => ({
    user: { organization_user_id: `u${index}` },
    consents: { purposes: [{ id: 'newsletter', enabled: true }] },
  }));
  const oneByOne = await eventsPerSecond(fake, count, async () => {
    for (const event of events) await api.request('POST /consents/events', { body: { ...event, id: randomUUID() } });
  });
  report.add('Events per second', 'a loop of single posts', `${oneByOne.toFixed(0)}`);
  const imported = await eventsPerSecond(fake, count, async () => {
    for await (const { refused } of importConsentEvents(api, events)) if (refused.length > 0) throw refused[0].error;
  });
  report.add(
    'Events per second',
    'importConsentEvents()',
    `${imported.toFixed(0)}, ${(imported / oneByOne).toFixed(1)} times the loop`,
  );
  await stop();
  await fake.stop();
}

async function eventsPerSecond(fake, count, run) {
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1_000;
  const recorded = fake.state.consentEvents.length;
  if (recorded !== count) throw new Error(`${recorded} of ${count} events were recorded`);
  fake.reset();
  return count / seconds;
}
