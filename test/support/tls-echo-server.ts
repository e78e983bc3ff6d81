import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from './tls-certificate.js';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** An https: server on loopback for HTTP/1.1 and HTTP/2 that answers token requests, and keeps what it gets. */
export class TlsEchoServer {
  readonly requests: SentRequest[] = [];
  /** Open connections, those of token requests included. */
  readonly sockets = new Set<Socket>();
  /** How many there have been. */
  connections = 0;
  tokenRequests = 0;
  onApiRequest: (request: SentRequest, response: Http2ServerResponse) => void = (_request, response) =>
    response.end('{}');

  private constructor(private readonly server: Http2SecureServer) {
    server.on('secureConnection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    server.on('sessionError', () => undefined);
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<TlsEchoServer> {
    const server = createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE, allowHTTP1: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsEchoServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get baseURL(): string {
    return `https://127.0.0.1:${this.port}/v1`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method, url: path, headers, httpVersion: version } = request;
    response.on('error', () => undefined);
    if (path === '/v1/sessions') {
      this.tokenRequests += 1;
      response.end('{"access_token":"access-token-canary"}');
      return;
    }
    const sent = { method, path, version, headers, body: Buffer.concat(chunks) };
    this.requests.push(sent);
    this.onApiRequest(sent, response);
  }
}
