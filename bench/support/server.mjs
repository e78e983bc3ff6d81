import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The server of `loopback-server.mjs`. */
export async function startServer() {
  const server = fork(new URL('./loopback-server.mjs', import.meta.url));
  const [ports] = await once(server, 'message');
  return { baseURL: (scheme) => `${scheme}://127.0.0.1:${ports[scheme]}/v1`, stop: () => server.kill() };
}
