import type { DidomiTestingOptions } from '../didomi-testing-options.interface.js';
import { checkMilliseconds } from './milliseconds.js';
import { RequestLog } from './request-log.js';
import { RequestSupervisor } from './request-supervisor.js';
import { TestClock } from './test-clock.js';

/** What a client remembers of Didomi's answers. */
export interface ClientState {
  reset(): void;
}

/** What scripts change. */
interface Restorable {
  readonly client: string | undefined;
  restore(): void;
  reset(): void;
}

interface TrackedState {
  readonly client: string | undefined;
  /** Weak: a controller may outlive many applications. */
  readonly state: WeakRef<ClientState>;
}

/** What the controllers of all clients share. */
export class TestEnvironment {
  readonly arrivalTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly clock = new TestClock();
  readonly supervisor = new RequestSupervisor(() => this.#log);
  #log = new RequestLog();
  readonly #tracked: TrackedState[] = [];
  readonly #backends: Restorable[] = [];

  constructor({ arrivalTimeoutMs = 1_000, answerTimeoutMs = 4_000 }: DidomiTestingOptions) {
    checkMilliseconds('arrivalTimeoutMs', arrivalTimeoutMs);
    checkMilliseconds('answerTimeoutMs', answerTimeoutMs);
    this.arrivalTimeoutMs = arrivalTimeoutMs;
    this.answerTimeoutMs = answerTimeoutMs;
  }

  /** The requests since the start or the last `reset()`. */
  get log(): RequestLog {
    return this.#log;
  }

  addBackend(backend: Restorable): void {
    this.#backends.push(backend);
  }

  /** Ends the scripts of one client. */
  restore(client: string | undefined): void {
    for (const backend of this.#backends) if (backend.client === client) backend.restore();
    this.#forget((name) => name === client);
    this.clock.release();
  }

  /** Begins anew for all clients. */
  reset(): void {
    for (const backend of this.#backends) backend.reset();
    const ended = this.#log;
    this.#log = new RequestLog();
    this.supervisor.abandon();
    ended.end();
    this.#forget(() => true);
    this.clock.release();
  }

  /** Ends what held time holds up: its callers may be gone, and a client that closes would reject it. */
  async endHeldTime(): Promise<void> {
    if (!this.clock.isHeld) return;
    this.supervisor.abandon();
    for (const backend of this.#backends) backend.restore();
    this.clock.release();
    await this.clock.advance(0);
  }

  track(client: string | undefined, state: ClientState): void {
    this.#tracked.push({ client, state: new WeakRef(state) });
  }

  close(): void {
    this.#log.stopDeadlines();
    this.supervisor.close();
  }

  /** The clients that an application has registered. */
  get clients(): ReadonlySet<string | undefined> {
    return new Set(this.#tracked.map(({ client }) => client));
  }

  #forget(isMeant: (client: string | undefined) => boolean): void {
    for (const { client, state } of this.#tracked) {
      if (isMeant(client)) state.deref()?.reset();
    }
  }
}
