import { describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterTest } from '../support/after-test.js';
import { builtFile } from '../support/built-file.js';
import { killAfterTest } from '../support/child-processes.js';
import { jwt } from '../support/didomi-stub.js';

/** `axios-retry` is compared with where it happens to be installed. */
type Client = 'nestjs-didomi' | 'axios' | 'axios-retry';

interface Report {
  readonly succeeded: number;
  readonly failures: string[];
}

interface Load {
  readonly client: Client;
  readonly processes: number;
  readonly calls: number;
}

const LIMIT = 50;
const WINDOW_MS = 3_000;
const SHORT_WINDOW_MS = 2_000;
const PROCESS = fileURLToPath(new URL('support/rate-limited-process.mjs', import.meta.url));

/** Answers as many requests as the limit allows in windows that begin with their first request, whoever sends them. */
class RateLimitedServer {
  /** How many requests each window has answered and refused. */
  readonly windows: { served: number; refused: number }[] = [];
  #endsAt = 0;
  #firstAt = 0;
  #lastAt = 0;
  readonly #windowMs: number;
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  get baseURL(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** From the first request to the last, token requests aside. */
  get busyMs(): number {
    return this.#lastAt - this.#firstAt;
  }

  /** The 429s of all windows but so many. */
  refusedAfter(windows: number): number {
    return this.windows.slice(windows).reduce((total, { refused }) => total + refused, 0);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    response.setHeader('Content-Type', 'application/json');
    if (request.url === '/v1/sessions') {
      response.end(JSON.stringify({ access_token: jwt({ exp: Math.floor(Date.now() / 1_000) + 3_600 }) }));
      return;
    }
    const now = Date.now();
    if (now >= this.#endsAt) {
      this.#endsAt = now + this.#windowMs;
      this.windows.push({ served: 0, refused: 0 });
    }
    if (this.windows.length === 1 && this.windows[0]?.served === 0) this.#firstAt = now;
    this.#lastAt = now;
    const window = this.windows.at(-1)!;
    const isServed = window.served < LIMIT;
    window[isServed ? 'served' : 'refused'] += 1;
    const reset = Math.ceil((this.#endsAt - now) / 1_000);
    response.setHeader('RateLimit', `limit=${LIMIT}, remaining=${LIMIT - window.served}, reset=${reset}`);
    response.setHeader('RateLimit-Policy', `${LIMIT};w=${this.#windowMs / 1_000}`);
    if (!isServed) response.setHeader('Retry-After', String(reset));
    response.statusCode = isServed ? 200 : 429;
    response.end(isServed ? '{}' : JSON.stringify({ code: 429, name: 'TooManyRequests', message: 'Slow down' }));
  }
}

async function startServer(windowMs: number): Promise<RateLimitedServer> {
  const server = new RateLimitedServer(windowMs);
  await server.start();
  afterTest(() => server.stop());
  return server;
}

/** Starts all processes, lets them send at the same moment, and adds up what they report. */
async function put(server: RateLimitedServer, { client, processes, calls }: Load): Promise<Report> {
  builtFile('index.js');
  const env = { ...process.env, NODE_OPTIONS: '', BASE_URL: server.baseURL, CLIENT: client, CALLS: String(calls) };
  const started = Array.from({ length: processes }, () => killAfterTest(fork(PROCESS, { env, execArgv: [] })));
  await Promise.all(started.map(nextMessage));
  const reports = Promise.all(started.map(nextMessage)) as Promise<Report[]>;
  for (const child of started) child.send('go');
  return {
    succeeded: (await reports).reduce((total, { succeeded }) => total + succeeded, 0),
    failures: (await reports).flatMap(({ failures }) => failures),
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, 'message'),
    // Not 'exit', which on a busy machine may come before the last message is read.
    once(child, 'disconnect').then(() => {
      throw new Error('The process ended without a report');
    }),
  ]);
  return message;
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

describe('the rate limit of an organization', () => {
  it('that five processes share lets each of their calls through in at most three attempts', async () => {
    const clients: Client[] = ['nestjs-didomi', 'axios'];
    if (isInstalled('axios-retry')) clients.push('axios-retry');
    const reports = new Map<Client, Report>();
    const lines: string[] = [`5 processes with 40 calls each, ${LIMIT} requests per ${WINDOW_MS} ms for all of them`];
    // Side by side, each with a limit of its own: nearly all of the time is spent waiting for windows to end.
    const servers = await Promise.all(clients.map(() => startServer(WINDOW_MS)));
    const runs = clients.map((client, index) => put(servers[index]!, { client, processes: 5, calls: 40 }));
    for (const [index, report] of (await Promise.all(runs)).entries()) {
      const client = clients[index]!;
      const server = servers[index]!;
      reports.set(client, report);
      const seconds = (server.busyMs / 1_000).toFixed(1);
      const refused = server.windows.map((window) => window.refused);
      lines.push(
        `${client}: ${report.succeeded} of 200 calls succeeded in ${seconds} s; 429s: ${server.refusedAfter(0)}, by window ${refused.join(', ')}`,
      );
    }
    if (!reports.has('axios-retry')) lines.push('axios-retry: not installed, so not compared');
    console.log(lines.join('\n'));
    expect(reports.get('nestjs-didomi')).toEqual({ succeeded: 200, failures: [] });
  }, 90_000);

  it('draws no 429 from a process alone after the first window', async () => {
    const server = await startServer(SHORT_WINDOW_MS);
    const report = await put(server, { client: 'nestjs-didomi', processes: 1, calls: 200 });
    expect(report).toEqual({ succeeded: 200, failures: [] });
    expect(server.refusedAfter(1)).toBe(0);
  }, 60_000);
});
