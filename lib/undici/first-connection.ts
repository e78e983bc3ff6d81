import { AsyncResource } from 'node:async_hooks';
import type { Dispatcher, Pool } from 'undici';
import { RetiredClients } from './retired-clients.js';

type Options = Dispatcher.DispatchOptions;
type Handler = Dispatcher.DispatchHandler;

/**
 * Lets one request open the first connection, and the others wait for it: by HTTP/2 it serves all of them, and without this each
 * would open its own.
 */
export class FirstConnection implements Pick<Dispatcher, 'dispatch'> {
  readonly #pool: Pool;
  readonly #retired = new RetiredClients();
  readonly #waiting: { readonly send: () => void; readonly handler: Handler }[] = [];
  #isOpening = false;

  constructor(pool: Pool) {
    this.#pool = pool;
    // Once it has been given its own request: until then the pool takes it for busy.
    pool.on('connect', () => queueMicrotask(() => this.#release()));
    pool.on('connectionError', (_origin, [, client], error) => {
      // By now the pool has dropped it.
      if (client === undefined || this.#retired.has(client)) return;
      this.#retired.add(client);
      this.#fail(error);
    });
  }

  dispatch(options: Options, handler: Handler): boolean {
    const pool = this.#pool;
    if (this.#isOpening) {
      // In the context of its caller, as if it had been sent at once.
      this.#waiting.push({ send: AsyncResource.bind(() => void pool.dispatch(options, handler)), handler });
      return false;
    }
    const isFirst = pool.stats.connected === 0;
    const isFree = pool.dispatch(options, handler);
    // Undici opens none for a request that it refuses, nor for those that still run on a connection that ends.
    this.#isOpening = isFirst && pool.stats.pending > 0;
    return isFree;
  }

  destroy(): void {
    this.#retired.destroy();
  }

  #release(): void {
    // It may be the connection of a client that the pool has dropped.
    if (this.#pool.stats.connected === 0) return;
    this.#isOpening = false;
    for (const { send } of this.#waiting.splice(0)) send();
  }

  #fail(error: Error): void {
    if (!this.#isOpening) return;
    this.#isOpening = false;
    for (const { handler } of this.#waiting.splice(0)) handler.onResponseError?.(null as never, error);
  }
}
