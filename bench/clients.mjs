import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { DIDOMI_RUNTIME, DidomiClients, DidomiClientsModule, DidomiClock } from 'nestjs-didomi';
import { heapInUse } from './support/memory.mjs';
import { noOpAdapter } from './support/no-op-adapter.mjs';
import { median } from './support/statistics.mjs';

const MEASUREMENT = 'Clients made at run time';

/** What a thousand customers cost: memory, timers and connections, and the time of `for()`. */
export async function clientsAtRunTime(report, { isQuick }) {
  const count = isQuick ? 100 : 1_000;
  const adapter = noOpAdapter();
  const clock = new CountingClock();
  const module = await Test.createTestingModule({ imports: [DidomiClientsModule.forRoot({ maxClients: count })] })
    .setLogger(false)
    .overrideProvider(DIDOMI_RUNTIME)
    .useValue({ clock, adapterOf: () => adapter })
    .compile();
  await module.init();
  const clients = module.get(DidomiClients);
  const customers = Array.from({ length: 2 * count }, (_, n) => ({
    apiKey: `api-key-${n}`,
    apiSecret: `api-secret-${n}`,
    organizationId: `organization-${n}`,
  }));
  const first = customers.slice(0, count);
  const add = (subject, result, goal) =>
    report.add(MEASUREMENT, `${count.toLocaleString('en')} clients, ${subject}`, result, goal);
  await clients.for({ apiKey: 'warm-up', apiSecret: 'warm-up' }).api.request('GET /properties');

  const before = await heapInUse();
  const { scheduled } = clock;
  for (const customer of first) clients.for(customer);
  add('heap, none used', perClient((await heapInUse()) - before, count));
  // Not before the first line is printed, which opens the output.
  const handles = process.getActiveResourcesInfo().length;
  add('timers, none used', `${clock.scheduled - scheduled}`, '0');
  for (const customer of first) await clients.for(customer).api.request('GET /properties');
  const used = await heapInUse();
  add('heap, each with an access token', perClient(used - before, count));
  add('timers, right after a request of each', `${clock.scheduled - scheduled}`, 'one each, for 30 s at most');
  add('what keeps the process alive', `${process.getActiveResourcesInfo().length - handles} more than before`, '0');

  for (const customer of customers.slice(count)) await clients.for(customer).api.request('GET /properties');
  // The timers of the deadlines are what lives longest of a client that was let go.
  clock.cancelAll();
  add('as many others after them', `${Math.round(((await heapInUse()) - used) / 1_024)} KiB more`, 'about 0');

  const known = customers.slice(count);
  const creation = median(Array.from({ length: 5 }, () => microseconds(() => newClients(clients, count), count)));
  const look = median(
    Array.from({ length: 21 }, () => microseconds(() => known.forEach((one) => clients.for(one)), count)),
  );
  add('for() of a new one', `${creation.toFixed(0)} µs`);
  add('for() of a known one', `${look.toFixed(1)} µs`);
  await module.close();
}

let made = 0;

function newClients(clients, count) {
  for (let n = 0; n < count; n += 1) clients.for({ apiKey: `new-${(made += 1)}`, apiSecret: 'secret' });
}

function microseconds(action, count) {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

function perClient(bytes, count) {
  return `${(bytes / count / 1_024).toFixed(1)} KiB each`;
}

/** The real time, and how many timers are set. */
class CountingClock extends DidomiClock {
  #cancels = new Set();

  get scheduled() {
    return this.#cancels.size;
  }

  schedule(callback, delayMs, isAwaited) {
    const cancel = () => {
      stop();
      this.#cancels.delete(cancel);
    };
    const stop = super.schedule(() => (this.#cancels.delete(cancel), callback()), delayMs, isAwaited);
    this.#cancels.add(cancel);
    return cancel;
  }

  cancelAll() {
    for (const cancel of this.#cancels) cancel();
  }
}
