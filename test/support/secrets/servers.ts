import { createServer, request as httpRequest, type Server } from 'node:http';
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

/** A forward proxy for plain HTTP, where the request line holds the whole URL. */
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
