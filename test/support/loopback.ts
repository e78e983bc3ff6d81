import { afterEach } from '@jest/globals';
import type { InternalAxiosRequestConfig } from 'axios';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { DidomiStub } from './didomi-stub.js';
import { HTTP, type TestTransport } from './transports.js';

export interface LoopbackRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on this machine that keeps what it gets, and answers `{}` unless told otherwise. Closed after the test. */
export class Loopback {
  readonly requests: LoopbackRequest[] = [];
  onRequest: (request: LoopbackRequest, response: ServerResponse) => void = (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  };

  private constructor(private readonly server: Server) {
    server.on('request', (incoming, response) => void this.#answer(incoming, response));
  }

  static async start(): Promise<Loopback> {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Loopback(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    try {
      for await (const chunk of incoming) body += String(chunk);
    } catch {
      return;
    }
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body };
    this.requests.push(request);
    this.onRequest(request, response);
  }
}

/** Answers token requests by itself, and sends API requests as a client does whose options name the transport. */
export function stubWithNetwork({ adapter: send }: TestTransport = HTTP): DidomiStub {
  const stub = new DidomiStub();
  const answer = stub.adapter;
  return Object.assign(stub, {
    adapter: (config: InternalAxiosRequestConfig) => (config.url === '/sessions' ? answer(config) : send(config)),
  });
}
