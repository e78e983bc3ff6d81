import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port on which nothing listens at the moment, for a process that is told its port. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
