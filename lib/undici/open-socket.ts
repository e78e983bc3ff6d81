import { connect as connectPlain, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectSecure, type ConnectionOptions } from 'node:tls';
import { bare } from './bare.js';
import type { DidomiUndiciSocketOptions } from './undici-options.interface.js';

/** As Axios sets it, and the agents of the library. */
const KEEP_ALIVE_MS = 60_000;

export interface SocketTarget {
  readonly hostname: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export interface SocketSettings {
  readonly allowH2: boolean;
  readonly connect: DidomiUndiciSocketOptions;
  readonly connectTimeoutMs: number;
}

/** Called with an error, or with the socket. */
export type Done = (...result: [Error, null] | [null, Socket]) => void;

/** The TLS session of the last connection, with which the next one is opened faster. */
export interface SessionCache {
  session?: Buffer;
}

/**
 * Opens a socket to the server, with TLS unless it is a plain `http:` one.
 *
 * @param tunnel that leads to the server already.
 * @param done called once, unless this throws, with an error or with the socket that is ready for the first request.
 * @returns the socket, whose destruction ends the attempt.
 * @throws what Node.js throws for options that it refuses, such as a malformed certificate.
 */
export function openSocket(
  { hostname, port, isSecure }: SocketTarget,
  { allowH2, connect, connectTimeoutMs }: SocketSettings,
  cache: SessionCache,
  tunnel: Socket | undefined,
  done: Done,
): Socket {
  const socket = isSecure
    ? connectSecure(
        bare<ConnectionOptions>({
          ...(isIP(hostname) ? {} : { servername: hostname }),
          ...connect,
          ...(cache.session === undefined ? {} : { session: cache.session }),
          host: hostname,
          port,
          ALPNProtocols: allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'],
          ...(tunnel === undefined ? {} : { socket: tunnel }),
        }),
      )
    : connectPlain(bare<TcpNetConnectOpts>({ ...connect, host: hostname, port }));
  socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
  const deadline = setTimeout(() => {
    const message = `no connection to ${hostname} within ${connectTimeoutMs} ms`;
    socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
  }, connectTimeoutMs);
  let failure = new Error('the connection was closed while it was opened');
  const fail = (): void => {
    clearTimeout(deadline);
    done(failure, null);
  };
  socket.once('close', fail).on('error', (error) => (failure = error));
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    clearTimeout(deadline);
    socket.off('close', fail);
    done(null, socket);
  });
  socket.on('session', (session: Buffer) => (cache.session = session));
  return socket;
}
