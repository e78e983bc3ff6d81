import type { Client, Dispatcher } from 'undici';

/** How often to look whether they have nothing left to do. */
const LOOK_EVERY_MS = 1_000;

/**
 * The clients that a pool has dropped. Where the server has ended an HTTP/2 connection with GOAWAY, such a client opens another one
 * for the requests that it had queued, and undici 7 never closes that. Its own `close()` is none: it still gets requests from the queue of
 * the pool, and would refuse them.
 */
export class RetiredClients {
  readonly #clients = new Set<Client>();
  #timer: NodeJS.Timeout | undefined;

  has(client: Dispatcher): boolean {
    return this.#clients.has(client as Client);
  }

  add(client: Dispatcher): void {
    this.#clients.add(client as Client);
    this.#timer ??= setInterval(() => this.#closeIdle(), LOOK_EVERY_MS).unref();
  }

  destroy(): void {
    for (const client of this.#clients) this.#remove(client);
  }

  #closeIdle(): void {
    for (const client of this.#clients) if (client.stats.size === 0) this.#remove(client);
  }

  #remove(client: Client): void {
    client.destroy().catch(() => undefined);
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
