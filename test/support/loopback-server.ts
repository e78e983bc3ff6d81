import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from './until.js';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on loopback that answers every token request, and API requests as the test says, down to single bytes. */
export class LoopbackServer {
  /** Open connections, those of token requests included. */
  readonly sockets = new Set<Socket>();
  /** API requests in order of arrival, such as `GET /v1/properties`. */
  readonly requests: string[] = [];
  /** Gets the request once its body has arrived, and how many came before. */
  onApiRequest: Handler = (_request, response) => sendJson(response, {});
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#answer(request, response));
    });
    this.#server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
  }

  static async start(): Promise<LoopbackServer> {
    const server = new LoopbackServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get baseURL(): string {
    return `http://${this.host}/v1`;
  }

  /** Resolves once that many API requests have arrived. */
  async received(count: number): Promise<void> {
    await until(() => this.requests.length >= count);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/v1/sessions') {
      sendJson(response, { access_token: 'access-token-canary' });
      return;
    }
    this.requests.push(`${request.method} ${request.url}`);
    this.onApiRequest(request, response, this.requests.length - 1);
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
