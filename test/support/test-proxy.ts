import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from './tls-certificate.js';

/** An HTTP proxy on loopback: it forwards http: requests, and opens tunnels or answers CONNECT as a test says. */
export class TestProxy {
  /** URLs of what was forwarded. */
  readonly forwarded: string[] = [];
  /** Targets of CONNECT. */
  readonly tunnels: string[] = [];
  /** The header Proxy-Authorization of each request. */
  readonly logins: (string | undefined)[] = [];
  /** Open connections of clients. */
  readonly sockets = new Set<Socket>();
  /** What happens to a CONNECT. By default a tunnel is opened, whatever its host, to the port on this machine. */
  onConnect: (socket: Socket, target: string) => void = (socket, target) => {
    const port = this.leadsTo ?? Number(target.split(':').at(-1));
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  };
  /** Port of the server that every tunnel leads to. */
  leadsTo: number | undefined;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('request', (incoming, outgoing) => {
      const { method, headers, url = '' } = incoming;
      this.forwarded.push(url);
      this.logins.push(headers['proxy-authorization']);
      const onward = httpRequest(url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
      this.tunnels.push(url);
      this.logins.push(headers['proxy-authorization']);
      // Without a reader, a socket does not see that the client has closed it.
      socket.on('end', () => socket.end()).resume();
      this.onConnect(socket, url);
    });
  }

  /** @param scheme how clients talk to the proxy itself. */
  static async start(scheme: 'http' | 'https' = 'http'): Promise<TestProxy> {
    const server = scheme === 'http' ? createServer() : createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE });
    const proxy = new TestProxy(server, scheme);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `${this.scheme}://${this.address}`;
  }

  /** The paths of what was forwarded. */
  get paths(): string[] {
    return this.forwarded.map((url) => new URL(url).pathname);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
