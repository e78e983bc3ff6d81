import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** The body of a response, read from the connection at the pace of its reader. */
export class ResponseStream extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  /** Undici reports in the context of the connection, which may be that of another request. */
  readonly #context = new AsyncResource('DidomiResponseStream');

  constructor(controller: Dispatcher.DispatchController) {
    super();
    this.#controller = controller;
    // It can fail before anybody has it, and such an event without a listener ends the process.
    this.on('error', () => undefined);
  }

  add(chunk: Buffer): void {
    if (this.destroyed) return;
    if (!this.#context.runInAsyncScope(() => this.push(chunk))) this.#controller.pause();
  }

  complete(): void {
    this.#context.runInAsyncScope(() => this.push(null));
  }

  override _read(): void {
    this.#controller.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // Does nothing once the response is complete.
    if (!this.readableEnded) this.#controller.abort(error ?? new Error('the reader has destroyed the body'));
    callback(error);
  }
}
