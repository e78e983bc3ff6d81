import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from './tls-certificate.js';

/** An https: server on loopback that accepts every token request and answers every other one with the request's path. */
export class TlsServer {
  /** TLS handshakes. */
  connections = 0;
  readonly paths: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('secureConnection', () => (this.connections += 1));
    server.on('request', ({ url = '' }, response) => {
      this.paths.push(url);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(url === '/v1/sessions' ? { access_token: 'access-token' } : { path: url }));
    });
  }

  static async start(): Promise<TlsServer> {
    const server = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE });
    const started = new TlsServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get baseURL(): string {
    return `https://127.0.0.1:${this.port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
