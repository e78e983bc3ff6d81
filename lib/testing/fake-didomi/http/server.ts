import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { types } from 'node:util';
import { failure, type Answer } from '../api/route.js';

/** Longer than any client keeps an idle connection, so that none is closed under a request that reuses it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Addresses that mean all addresses of the machine, which no client can connect to everywhere. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** A timer of Node that is set for longer fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The listening socket and the connections it accepted. */
export class HttpServer {
  connections = 0;
  readonly #server: Server;
  #stopped: Promise<void> | undefined;

  constructor(onRequest: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>) {
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, (incoming, response) => {
      // A rejection that nobody handles would end the process of the test.
      onRequest(incoming, response).catch(() => response.destroy());
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Starts to listen and resolves with an origin that clients on this machine can use. */
  listen(port: number, host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const { address, port: boundPort } = this.#server.address() as AddressInfo;
        const reachable = LOOPBACK_OF[address] ?? host;
        resolve(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${boundPort}`);
      });
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#stopped;
  }
}

/** Sends an answer, after the latency if there is one; `onAnswer` is called just before. */
export function deliver(
  response: ServerResponse,
  answer: Answer | 'hang' | 'reset',
  latencyMs: number | undefined,
  onAnswer: (status: number) => void,
): void {
  if (answer === 'hang') return;
  const send = () => {
    if (answer === 'reset') return void response.socket?.resetAndDestroy();
    try {
      onAnswer(answer.status);
      write(response, answer);
    } catch (error) {
      // Thrown in a timer it would end the process of the test.
      if (latencyMs === undefined) throw error;
      write(response, internalError(error));
    }
  };
  if (latencyMs === undefined) return send();
  const timer = setTimeout(send, Math.min(latencyMs, MAX_TIMEOUT_MS));
  // A client that leaves, or a server that stops, must not leave the timer behind.
  response.once('close', () => clearTimeout(timer));
}

/** The answer to a request over which the fake, or a function that a test gave it, has thrown. */
export function internalError(error: unknown): Answer {
  return failure(
    500,
    `The fake failed: ${types.isNativeError(error) ? error.message : 'what was thrown is not an error'}`,
  );
}

function write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  if (payload !== '') response.setHeader('content-type', typeof body === 'string' ? 'text/plain' : 'application/json');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  response.end(payload);
}
