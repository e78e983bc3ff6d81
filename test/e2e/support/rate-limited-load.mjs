/**
 * Puts load on a server whose rate limit all processes share, and prints as JSON what came of it:
 *
 *     node rate-limited-load.mjs CLIENT PROCESSES CALLS
 *
 * All calls are sent at the same moment. CLIENT is one of `rate-limited-process.mjs`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

const LIMIT = 50;
const WINDOW_MS = 3_000;

const [client, processes, calls] = process.argv.slice(2);
/** How many requests each window has answered and refused. A window begins with its first request. */
const windows = [];
let windowEndsAt = 0;
let firstAt = 0;
let lastAt = 0;

function answer(request, response) {
  request.resume();
  response.setHeader('Content-Type', 'application/json');
  if (request.url === '/v1/sessions') {
    response.end(JSON.stringify({ access_token: accessToken() }));
    return;
  }
  const now = Date.now();
  firstAt ||= now;
  lastAt = now;
  if (now >= windowEndsAt) {
    windowEndsAt = now + WINDOW_MS;
    windows.push({ served: 0, refused: 0 });
  }
  const window = windows.at(-1);
  const isServed = window.served < LIMIT;
  window[isServed ? 'served' : 'refused'] += 1;
  const reset = Math.ceil((windowEndsAt - now) / 1_000);
  response.setHeader('RateLimit', `limit=${LIMIT}, remaining=${LIMIT - window.served}, reset=${reset}`);
  response.setHeader('RateLimit-Policy', `${LIMIT};w=${WINDOW_MS / 1_000}`);
  if (!isServed) response.setHeader('Retry-After', String(reset));
  response.statusCode = isServed ? 200 : 429;
  response.end(isServed ? '{}' : JSON.stringify({ code: 429, name: 'TooManyRequests', message: 'Slow down' }));
}

function accessToken() {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ exp: Math.floor(Date.now() / 1_000) + 3_600 })}.`;
}

async function nextMessage(child) {
  const [message] = await Promise.race([
    once(child, 'message'),
    // Not 'exit', which on a busy machine may come before the last message is read.
    once(child, 'disconnect').then(() => {
      throw new Error('The process ended without a report');
    }),
  ]);
  return message;
}

const server = createServer(answer);
await once(server.listen(0, '127.0.0.1'), 'listening');
const BASE_URL = `http://127.0.0.1:${server.address().port}/v1`;
const env = { ...process.env, NODE_OPTIONS: '', BASE_URL, CLIENT: client, CALLS: calls };
const children = Array.from({ length: Number(processes) }, () =>
  fork(new URL('rate-limited-process.mjs', import.meta.url), { env, execArgv: [] }),
);
try {
  await Promise.all(children.map(nextMessage));
  const reports = Promise.all(children.map(nextMessage));
  for (const child of children) child.send('go');
  const failures = (await reports).flatMap((report) => report.failures);
  const succeeded = (await reports).reduce((total, report) => total + report.succeeded, 0);
  const refused = windows.map((window) => window.refused);
  console.log(JSON.stringify({ succeeded, failures, refused, ms: lastAt - firstAt }));
} finally {
  for (const child of children) child.kill();
  server.closeAllConnections();
  server.close();
}
