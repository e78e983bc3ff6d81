import { CanceledError, type Cancel, type CancelToken, type InternalAxiosRequestConfig } from 'axios';
import type { DidomiClock } from '../../auth/didomi.clock.js';

/**
 * What ended a request early:
 *
 * - `caller`: its `signal` or `cancelToken`, or the end of a subscription.
 * - `deadline`: its `timeoutMs`. Ends one attempt only.
 * - `upload`: its body, a stream that failed.
 * - `closed`: the shutdown of the client.
 */
export type AbortCause = 'caller' | 'deadline' | 'upload' | 'closed';

/** How its caller ends a request. Stands on no configuration, so that Axios does not look at it. */
export type Cancellation = Pick<InternalAxiosRequestConfig, 'signal' | 'cancelToken'>;

type Listener = (reason: Cancel) => void;

/**
 * The one way to end a request early. Adapters get it as an Axios cancel token, because an `AbortController`
 * costs a tenth of a whole request.
 */
export class RequestAbort implements CancelToken {
  cause: AbortCause | undefined;
  reason?: Cancel;
  readonly #listeners: Listener[] = [];
  #signal: InternalAxiosRequestConfig['signal'];
  #token: CancelToken | undefined;
  #abortByCaller: (() => void) | undefined;

  /** Follows the signal and the cancel token of the caller until {@link detach}. */
  follow({ signal, cancelToken }: Cancellation): void {
    if (signal === undefined && cancelToken === undefined) return;
    const abort = (): void => this.abort('caller');
    this.#signal = signal;
    this.#token = cancelToken;
    this.#abortByCaller = abort;
    cancelToken?.subscribe(abort);
    signal?.addEventListener?.('abort', abort);
    if (signal?.aborted || cancelToken?.reason !== undefined) this.abort('caller');
  }

  /** The signal and the token of the caller may outlive the request, and must not keep it in memory. */
  detach(): void {
    const abort = this.#abortByCaller;
    if (abort === undefined) return;
    this.#token?.unsubscribe(abort);
    this.#signal?.removeEventListener?.('abort', abort);
    this.#token = this.#signal = this.#abortByCaller = undefined;
  }

  abort(cause: AbortCause = 'caller'): void {
    // A deadline ends one attempt. What ends the whole request goes first, also where it comes at that very moment.
    if (this.cause !== undefined && this.cause !== 'deadline') return;
    this.cause = cause;
    const reason = (this.reason ??= new CanceledError());
    for (const listener of this.#listeners.splice(0)) {
      try {
        listener(reason);
      } catch {
        // An adapter of the application's. The other listeners, and other requests, are to end all the same.
      }
    }
  }

  /** Ends whatever the adapter of the current attempt still does. The request goes on. */
  endAttempt(): void {
    this.abort('deadline');
    this.resume();
  }

  /** The attempt that the deadline has ended is over. The request goes on. */
  resume(): void {
    if (this.cause === 'deadline') this.cause = this.reason = undefined;
  }

  /**
   * Settles as the promise does, or rejects as soon as the request is aborted.
   *
   * @param late gets what the promise brings after the abort.
   */
  race<T>(promise: Promise<T>, late?: (value: T) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isAborted = false;
      const abort = (reason: Cancel): void => {
        isAborted = true;
        // oxlint-disable-next-line prefer-promise-reject-errors -- that is what Axios calls it
        reject(reason);
      };
      this.subscribe(abort);
      promise.then(
        (value) => {
          this.unsubscribe(abort);
          if (isAborted) late?.(value);
          else resolve(value);
        },
        (error: unknown) => {
          this.unsubscribe(abort);
          // oxlint-disable-next-line prefer-promise-reject-errors -- adapters reject with whatever they like
          reject(error);
        },
      );
    });
  }

  async sleep(ms: number, clock: DidomiClock): Promise<void> {
    let stop: (() => void) | undefined;
    try {
      await this.race(new Promise<void>((resolve) => (stop = clock.schedule(resolve, ms, true))));
    } finally {
      stop?.();
    }
  }

  subscribe(listener: Listener): void {
    if (this.reason === undefined) this.#listeners.push(listener);
    else listener(this.reason);
  }

  unsubscribe(listener: Listener): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  throwIfRequested(): void {
    if (this.reason !== undefined) throw this.reason as Error;
  }

  get promise(): Promise<Cancel> {
    return new Promise((resolve) => this.subscribe(resolve));
  }

  toAbortSignal(): AbortSignal {
    const controller = new AbortController();
    this.subscribe((reason) => controller.abort(reason));
    return controller.signal;
  }
}
