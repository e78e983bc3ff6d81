import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isDidomiAuthenticationError } from '../../errors/guards.js';
import type { RequestLog } from './request-log.js';

/** Published by Node.js for each request that an HTTP server of the process begins to handle. */
const SERVER_REQUEST = 'http.server.request.start';

/** API requests that are abandoned together. */
interface Batch {
  isAbandoned: boolean;
}

interface Context {
  /** Whether the application sends it while it answers an HTTP request of its own. */
  readonly isServed: boolean;
  /** The log of the test in which the API request began; undefined outside of an API request. */
  readonly log: RequestLog | undefined;
}

/**
 * Watches over the API requests of all clients, so that one that a failed test has left open does no harm.
 *
 * Nobody may be left to await it: its rejection would then be an unhandled one, which ends the test runner's process or is
 * blamed on another test. So such a request stays pending. One that the application sends while it answers an HTTP request of
 * its own is always awaited, by the application, and has to end, or the shutdown would wait for that answer for ever.
 */
export class RequestSupervisor {
  readonly #context = new AsyncLocalStorage<Context>();
  readonly #currentLog: () => RequestLog;
  #isOpen = false;
  #batch: Batch = { isAbandoned: false };

  /** @param currentLog the log of the test that runs. */
  constructor(currentLog: () => RequestLog) {
    this.#currentLog = currentLog;
  }

  /** An application has started. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    subscribe(SERVER_REQUEST, this.#markServed);
  }

  /** It has shut down. */
  close(): void {
    this.#isOpen = false;
    unsubscribe(SERVER_REQUEST, this.#markServed);
  }

  /** The test is over: what is under way stays pending, whatever becomes of it. */
  abandon(): void {
    this.#batch.isAbandoned = true;
    this.#batch = { isAbandoned: false };
  }

  async run<T>(request: () => Promise<T>): Promise<T> {
    const log = this.#currentLog();
    const batch = this.#batch;
    const { isServed } = this;
    // Rejected with `closed` at once after the shutdown: whoever calls then awaits it.
    const mayStayPending = this.#isOpen && !isServed;
    try {
      const result = await this.#context.run({ isServed, log }, request);
      if (mayStayPending && batch.isAbandoned) await forever();
      return result;
    } catch (error) {
      if (mayStayPending && (batch.isAbandoned || isClosed(error))) await forever();
      throw error;
    }
  }

  /** Whether what runs now belongs to an HTTP request that the application answers. */
  get isServed(): boolean {
    return this.#context.getStore()?.isServed === true;
  }

  /** The log of the test in which the current API request began. */
  get log(): RequestLog {
    return this.#context.getStore()?.log ?? this.#currentLog();
  }

  readonly #markServed = (): void => this.#context.enterWith({ isServed: true, log: undefined });
}

function isClosed(error: unknown): boolean {
  return isDidomiAuthenticationError(error) && error.reason === 'closed';
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
