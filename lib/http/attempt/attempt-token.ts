import { CanceledError, type Cancel, type CancelToken } from 'axios';

type Listener = (reason: Cancel) => void;

/**
 * Axios' protocol to give a request up, for one attempt: by its caller, or by the shutdown of the client.
 */
export class AttemptToken implements CancelToken {
  reason?: Cancel;
  readonly #caller: CancelToken | undefined;
  readonly #listeners = new Set<Listener>();

  constructor(caller: CancelToken | undefined) {
    this.#caller = caller;
    caller?.subscribe(this.cancel);
  }

  readonly cancel = (reason: Cancel = new CanceledError()): void => {
    if (this.reason !== undefined) return;
    this.reason = reason;
    for (const listener of this.#listeners) listener(reason);
  };

  /** The attempt is over: whoever holds the caller's token need not hold this one any longer. */
  end(): void {
    this.#caller?.unsubscribe(this.cancel);
  }

  get promise(): Promise<Cancel> {
    return new Promise((resolve) => this.subscribe(resolve));
  }

  throwIfRequested(): void {
    if (this.reason !== undefined) throw this.reason as Error;
  }

  subscribe(listener: Listener): void {
    if (this.reason === undefined) this.#listeners.add(listener);
    else listener(this.reason);
  }

  unsubscribe(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  toAbortSignal(): AbortSignal {
    const controller = new AbortController();
    this.subscribe((reason) => controller.abort(reason));
    return controller.signal;
  }
}
