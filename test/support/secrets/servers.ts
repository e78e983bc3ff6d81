import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { FakeDidomi } from '../../../lib/testing/index.js';
import { API_KEY, API_SECRET } from './credentials.js';

/** The server and the proxy of the current test. */
export let didomi: FakeDidomi;
export let proxy: Server;

export async function startServers(): Promise<void> {
  didomi = await FakeDidomi.start({ apiKey: API_KEY, apiSecret: API_SECRET });
  proxy = await startProxy();
}

/** For a test that goes through failures of which some stop the servers. */
export async function restartServers(): Promise<void> {
  await stopServers();
  await startServers();
}

export async function stopServers(): Promise<void> {
  await didomi.stop();
  proxy.closeAllConnections();
  if (proxy.listening) await new Promise((resolve) => proxy.close(resolve));
}

/** A proxy for plain HTTP: it forwards requests, whose line holds the whole URL, and opens tunnels. */
async function startProxy(): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming;
    const { 'proxy-authorization': _, ...others } = headers;
    const onward = httpRequest(url, { method, headers: others }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const tunnels = new Set<Socket>();
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    const onward = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    tunnels.add(socket);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    socket.on('close', () => tunnels.delete(socket));
  });
  // Node.js does not count them among its connections.
  const closeAll = server.closeAllConnections.bind(server);
  server.closeAllConnections = () => {
    for (const socket of tunnels) socket.destroy();
    closeAll();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
