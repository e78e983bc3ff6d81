import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than any client keeps an idle connection, so that none is closed under a request that reuses it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** The listening socket and the connections it accepted. */
export class FakeDidomiServer {
  connections = 0;
  readonly #server: Server;
  #stopped: Promise<void> | undefined;

  constructor(onRequest: (incoming: IncomingMessage, response: ServerResponse) => void) {
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, onRequest);
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Starts to listen and resolves with the origin. */
  listen(port: number, host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address() as AddressInfo;
        resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
      });
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#stopped;
  }
}
