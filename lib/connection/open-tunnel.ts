import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { ProxyServer } from './proxy-server.js';
import { ProxyTunnelError } from './proxy-tunnel.error.js';

/** For connecting to the proxy and its answer together. An idle timeout would not do: a byte now and then resets it. */
const CONNECT_TIMEOUT_MS = 10_000;

/** An error code as Node.js and OpenSSL write them. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,60}$/;

/** How to reach and trust the server applies to the proxy, too. What names the server (SNI, ALPN), or us to it, does not. */
const SHARED_OPTIONS = [
  'ca',
  'family',
  'localAddress',
  'lookup',
  'rejectUnauthorized',
] as const satisfies (keyof RequestOptions)[];

/**
 * Asks a proxy for a tunnel, with CONNECT. Only 200 opens one. Any other answer is the proxy's own word, sent in clear: it is
 * refused, and its body is not read.
 *
 * @param target host and port of the server.
 * @param done called once: with a ProxyTunnelError, or with the connection that now leads to the server.
 * @returns a function that ends the attempt.
 */
export function openTunnel(
  proxy: ProxyServer,
  target: string,
  options: RequestOptions,
  done: (error: ProxyTunnelError | null, socket?: Socket) => void,
): () => void {
  const { address, authorization, hostname, isSecure, port } = proxy;
  const shared: RequestOptions = Object.fromEntries(SHARED_OPTIONS.map((name) => [name, options[name]]));
  const request = (isSecure ? httpsRequest : httpRequest)({
    ...shared,
    ...(isSecure && !isIP(hostname) ? { servername: hostname } : {}),
    agent: false,
    method: 'CONNECT',
    host: hostname,
    port,
    path: target,
    setHost: false,
    headers: {
      Host: target,
      Connection: 'keep-alive',
      ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }),
    },
  });
  const fail = (message: string, systemCode?: string): void => {
    request.destroy(new ProxyTunnelError(message, { proxy: address, systemCode }));
  };
  const deadline = setTimeout(() => {
    fail(`the proxy ${address} opened no tunnel to ${target} within ${CONNECT_TIMEOUT_MS} ms`, 'ETIMEDOUT');
  }, CONNECT_TIMEOUT_MS);
  request.once('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
    clearTimeout(deadline);
    const refusal = refusalOf(response.statusCode, head, address, target);
    if (refusal === undefined) return done(null, socket);
    socket.destroy();
    done(refusal);
  });
  request.once('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(deadline);
    done(error instanceof ProxyTunnelError ? error : unreachable(error.code, address, target));
  });
  request.end();
  return () => fail(`the tunnel to ${target} by the proxy ${address} was not opened: the client is closed`);
}

function refusalOf(
  status: number | undefined,
  head: Buffer,
  proxy: string,
  target: string,
): ProxyTunnelError | undefined {
  if (status !== 200) {
    const advice = status === 407 ? ': check the user name and the password of the proxy' : '';
    return new ProxyTunnelError(`the proxy ${proxy} refused a tunnel to ${target} with status ${status}${advice}`, {
      proxy,
      status,
    });
  }
  // In TLS the client speaks first, so these bytes cannot be the server's.
  if (head.length === 0) return undefined;
  return new ProxyTunnelError(`the proxy ${proxy} answered itself instead of opening a tunnel to ${target}`, {
    proxy,
    status,
  });
}

/** The original error stays out: for a malformed answer, it holds the bytes that came. */
function unreachable(code: string | undefined, proxy: string, target: string): ProxyTunnelError {
  const systemCode = code !== undefined && ERROR_CODE.test(code) ? code : undefined;
  const reason = systemCode === undefined ? '' : ` (${systemCode})`;
  return new ProxyTunnelError(`the proxy ${proxy} did not answer a request for a tunnel to ${target}${reason}`, {
    proxy,
    systemCode,
  });
}
