import type { AxiosResponse } from 'axios';
import { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** An answer for an `https:` URL that did not come over TLS. Whoever sent it, it was not the server of the URL. */
export class InsecureAnswerError extends Error {
  override readonly name = 'InsecureAnswerError';
  readonly code = 'ERR_INSECURE_ANSWER';

  constructor() {
    super(
      'an answer for an https: URL did not come over TLS: check the agent and the proxy that the request was sent with',
    );
  }
}

/**
 * Refuses an answer that anybody on the way could have written. Some agents make one: `https-proxy-agent`, for example, passes
 * on what a proxy said instead of opening a tunnel, as if it were the server's.
 *
 * What another adapter than Axios' own for Node.js got (`fetch`, a mock) shows no connection, and is let through.
 *
 * @param response before its `request` is taken off, whatever its status.
 * @param isHttps whether the URL of the request is an `https:` one.
 * @throws InsecureAnswerError after closing the connection.
 */
export function assertSecureAnswer(response: Pick<AxiosResponse, 'request'> | undefined, isHttps: boolean): void {
  const request: unknown = response?.request;
  if (!isHttps || !(request instanceof ClientRequest)) return;
  const socket = request.socket as (Socket & Partial<TLSSocket>) | null;
  if (socket?.encrypted === true) return;
  // The agent may have kept it for the next request.
  socket?.destroy();
  throw new InsecureAnswerError();
}
