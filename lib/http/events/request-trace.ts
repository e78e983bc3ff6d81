import { tracingChannel } from 'node:diagnostics_channel';
import type { ClientEvents, Told } from '../../auth/client-events.js';
import type { DidomiClock } from '../../auth/didomi.clock.js';
import type { DidomiTransportReason } from '../../errors/didomi-transport.error.js';
import {
  isDidomiApiError,
  isDidomiAuthenticationError,
  isDidomiError,
  isDidomiTransportError,
} from '../../errors/guards.js';
import type {
  DidomiEndedEvent,
  DidomiHttpCall,
  DidomiHttpEvent,
  DidomiWaitedEvent,
} from './didomi-http-event.interface.js';
import type { DidomiRequestTrace } from './didomi-request-trace.interface.js';

/** `tracing:nestjs-didomi:request:start` and so on. Documented: the name stays. */
export const REQUEST_CHANNEL = tracingChannel<unknown, DidomiRequestTrace>('nestjs-didomi:request');

/** An event without what is the same for all events of a call. */
type ToldOfCall<E> = E extends DidomiHttpEvent ? Omit<Told<E>, keyof DidomiHttpCall> : never;

/** What happens to one API request, told as events and on the channel. There is one only if somebody listens. */
export class RequestTrace implements DidomiRequestTrace {
  readonly client: string | undefined;
  attempts = 0;
  waitedMs = 0;
  readonly #events: ClientEvents<DidomiHttpEvent>;
  readonly #clock: DidomiClock;
  readonly #startedAt: number;

  constructor(
    readonly id: number,
    readonly method: string,
    readonly route: string,
    events: ClientEvents<DidomiHttpEvent>,
    clock: DidomiClock,
  ) {
    this.client = events.client;
    this.#events = events;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** The request itself, from its first step to its last. */
  async run<R extends { readonly status: number }>(send: () => Promise<R>): Promise<R> {
    const answered: { response?: R } = {};
    // Subscribers of the channel see no more of the response than this.
    const statusOf = async (): Promise<{ readonly status: number }> => {
      const { status } = (answered.response = await send());
      return { status };
    };
    try {
      this.#ended(await REQUEST_CHANNEL.tracePromise(statusOf, this));
    } catch (error) {
      this.#ended(factsOf(error));
      throw error;
    }
    return answered.response!;
  }

  /** A wait before it is sent, or sent again. */
  async wait<T>(until: () => Promise<T>, reason: DidomiWaitedEvent['reason'] | undefined): Promise<T> {
    const startedAt = this.#clock.monotonic();
    try {
      return await until();
    } finally {
      const waitedMs = this.#clock.monotonic() - startedAt;
      this.waitedMs += waitedMs;
      if (reason !== undefined) this.#publish({ type: 'waited', reason, waitedMs });
    }
  }

  sent(): void {
    this.attempts += 1;
    this.#publish({ type: 'sent', attempt: this.attempts });
  }

  /** @param why the status of the answer, or why there was none. */
  retried(why: number | DidomiTransportReason, retryInMs: number): void {
    const facts = typeof why === 'number' ? { status: why } : { reason: why };
    this.#publish({ type: 'retried', attempt: this.attempts, retryInMs, ...facts });
  }

  replayed(): void {
    this.#publish({ type: 'replayed', attempt: this.attempts });
  }

  #ended(facts: Pick<DidomiEndedEvent, 'status' | 'error' | 'reason'>): void {
    const { attempts, waitedMs } = this;
    const durationMs = this.#clock.monotonic() - this.#startedAt;
    this.#publish({ type: 'ended', attempts, durationMs, waitedMs, ...facts });
  }

  #publish(event: ToldOfCall<DidomiHttpEvent>): void {
    if (!this.#events.isObserved) return;
    const { id, method, route } = this;
    this.#events.publish({ id, method, route, ...event });
  }
}

/** The client fails with errors of the library only. */
function factsOf(error: unknown): Pick<DidomiEndedEvent, 'status' | 'error' | 'reason'> {
  if (isDidomiApiError(error)) return { status: error.status, error: error.code };
  if (isDidomiTransportError(error) || isDidomiAuthenticationError(error)) {
    return { error: error.code, reason: error.reason };
  }
  return isDidomiError(error) ? { error: error.code } : {};
}
