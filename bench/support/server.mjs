import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The server of `loopback-server.mjs`. */
export async function startServer() {
  const server = fork(new URL('./loopback-server.mjs', import.meta.url));
  const [ports] = await once(server, 'message');
  /** @param protocol `http`, `https` or `http2`. */
  const baseURL = (protocol) => `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${ports[protocol]}/v1`;
  return { baseURL, stop: () => server.kill() };
}
