/*
 * Starts the sample with `npm start`, waits until it serves GET /properties, looks at the status page that it names, and stops it
 * as Ctrl+C does: it has to end at once and leave nothing behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';

const START_LIMIT_MS = 90_000; // builds the library and the sample first
const STOP_LIMIT_MS = 5_000;

/** The status of GET /properties, or why there is none. */
async function ask(url) {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return status;
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
}

async function waitFor200(url, hasEnded) {
  const deadline = Date.now() + START_LIMIT_MS;
  let answer;
  while (Date.now() < deadline) {
    if (hasEnded()) throw new Error('npm start ended by itself');
    answer = await ask(url);
    if (answer === 200) return;
    await sleep(250);
  }
  throw new Error(`no 200 within ${START_LIMIT_MS} ms, last answer: ${answer}`);
}

/** Everything that the status page loads, and the first of its updates. */
async function checkStatusPage(url) {
  const get = async (path) => {
    const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`GET ${answer.url}: ${answer.status}`);
    return answer;
  };
  const page = await (await get('/')).text();
  const files = [...page.matchAll(/(?:href|src)="([^"]+\.\w+)"/g)].map(([, file]) => file);
  if (files.length < 4) throw new Error(`GET ${url}: this is not the status page`);
  for (const file of [...files, 'charts/uPlot.esm.js']) await (await get(file)).arrayBuffer();
  const { body } = await get('status-page/stream');
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes('}\n\n')) break;
  }
  const { brands } = JSON.parse(/^data: (.*)$/m.exec(text)[1]);
  console.log(`GET ${url}: ${brands.map(({ name, status }) => `${name} is ${status.phase}`).join(', ')}`);
}

const port = await freePort();
const url = `http://127.0.0.1:${port}/properties`;
// A process group of its own: Ctrl+C reaches npm, the shell and the sample alike, and so do the signals below.
const app = spawn('npm', ['start'], {
  cwd: dirname(dirname(fileURLToPath(import.meta.url))),
  env: { ...process.env, PORT: String(port) },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let printed = '';
app.stdout.setEncoding('utf8').on('data', (text) => {
  printed += text;
  process.stdout.write(text);
});
const ended = once(app, 'exit');
const signalGroup = (signal) => process.kill(-Number(app.pid), signal);

try {
  await waitFor200(url, () => app.exitCode !== null || app.signalCode !== null);
  console.log(`GET ${url}: 200`);
  const [, statusPage] = /Status page on (\S+),/.exec(printed) ?? [];
  if (statusPage === undefined) throw new Error('npm start does not name the status page');
  await checkStatusPage(statusPage);

  const started = Date.now();
  signalGroup('SIGINT');
  const result = await Promise.race([ended, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  if (result === undefined) throw new Error(`still running ${STOP_LIMIT_MS} ms after SIGINT`);
  const [code, signal] = result;
  if (code !== 0 && code !== 130 && signal !== 'SIGINT') throw new Error(`ended with code ${code}, signal ${signal}`);
  const answer = await ask(url);
  if (answer !== 'ECONNREFUSED') throw new Error(`npm has ended, but the port still answers: ${answer}`);
  console.log(`ended ${Date.now() - started} ms after SIGINT with ${signal ?? `code ${code}`}`);
} catch (error) {
  process.exitCode = 1;
  console.error(error.message);
} finally {
  try {
    signalGroup('SIGKILL');
  } catch {
    // Nothing is left of the group, as it should be.
  }
}
