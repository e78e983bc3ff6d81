import { Subject, type Observable } from 'rxjs';
import type { DidomiClientEvent } from './didomi-auth-event.interface.js';
import type { DidomiClock } from './didomi.clock.js';

/** An event without what is the same for all events of a client. */
export type Told<E extends DidomiClientEvent> = E extends DidomiClientEvent ? Omit<E, keyof DidomiClientEvent> : never;

/** The events of one client, for whoever subscribes to them. */
export class ClientEvents<E extends DidomiClientEvent> {
  readonly #events = new Subject<E>();
  readonly events$: Observable<E> = this.#events.asObservable();

  constructor(
    readonly client: string | undefined,
    private readonly clock: DidomiClock,
  ) {}

  /** Whether anybody listens. */
  get isObserved(): boolean {
    return this.#events.observed;
  }

  publish(told: Told<E>): void {
    if (!this.isObserved) return;
    try {
      // A spread at the end: one at the beginning takes V8 thirty times as long.
      this.#events.next({ client: this.client, at: this.clock.now(), ...told } as unknown as E);
    } catch {
      // RxJS reports what a subscriber throws by itself, unless it is set to throw it here. It is none of the client's failures.
    }
  }

  complete(): void {
    this.#events.complete();
  }
}
