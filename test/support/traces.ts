import { tracingChannel } from 'node:diagnostics_channel';
import { afterEach } from '@jest/globals';

/** What a tracing channel has published: which part of it, and the context as it was then. */
export interface Published {
  readonly part: 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error';
  /** The very object. */
  readonly context: Readonly<Record<string, unknown>>;
  /** A copy. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const unsubscribe: (() => void)[] = [];

afterEach(() => {
  for (const end of unsubscribe.splice(0)) end();
});

/** Records what is published on a tracing channel until the end of the test. */
export function recordTraces(name: string): Published[] {
  const published: Published[] = [];
  const channel = tracingChannel<unknown, Record<string, unknown>>(name);
  const record = (part: Published['part']) => (context: Record<string, unknown>) => {
    published.push({ part, context, facts: { ...context } });
  };
  const subscribers = {
    start: record('start'),
    end: record('end'),
    asyncStart: record('asyncStart'),
    asyncEnd: record('asyncEnd'),
    error: record('error'),
  };
  channel.subscribe(subscribers);
  unsubscribe.push(() => channel.unsubscribe(subscribers));
  return published;
}
