#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { FakeDidomi } from '../fake-didomi.js';
import type { FakeDidomiSeed } from '../fake-didomi.types.js';
import {
  API_KEY_VARIABLE,
  API_SECRET_VARIABLE,
  HELP,
  NAME,
  readCommandLine,
  UsageError,
  type StartCommand,
} from './command-line.js';

const PORT_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: choose another one with --port, or 0 for any free one',
  EACCES: 'is not allowed here: choose 1024 or more with --port, or 0 for any free one',
};

async function run(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2), process.env);
  if (command === 'help') return void process.stdout.write(HELP);
  if (command === 'version') return void process.stdout.write(`${await version()}\n`);
  // A reader of the log that goes away must not end the fake.
  process.stdout.on('error', () => undefined);
  const didomi = await start(command);
  // Once only: a second signal ends a process that does not stop for the first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void didomi.stop());
  process.stdout.write(greeting(didomi, command.options.host, process.env));
}

async function start({ options, seedFile, isVerbose }: StartCommand): Promise<FakeDidomi> {
  const seed = seedFile === undefined ? undefined : await readSeed(seedFile);
  const log = isVerbose ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  try {
    return await FakeDidomi.start({ ...options, seed, log, recordRequests: false });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const problem = PORT_PROBLEMS[code];
    if (problem) throw new UsageError(`Port ${options.port} ${problem}`);
    if (code) throw new UsageError(`Cannot listen there: ${code}. Is --host an address of this machine?`);
    if (message.startsWith('seed')) throw new UsageError(`--seed: ${message}`);
    throw error;
  }
}

/** The content of a file is never repeated: it may be the wrong file. */
async function readSeed(file: string): Promise<FakeDidomiSeed> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`--seed: the file cannot be read (${code})`);
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as FakeDidomiSeed;
  } catch {
    throw new UsageError('--seed: the file is not valid JSON');
  }
}

/**
 * How to reach the fake and how to log in there. Credentials from the environment are not printed, only the names of
 * their variables.
 *
 * @param host as given; `undefined` for the default.
 */
function greeting(didomi: FakeDidomi, host: string | undefined, env: NodeJS.ProcessEnv): string {
  const show = (variable: string, value: string) => (env[variable] ? `the value of ${variable}` : value);
  const quote = (variable: string, value: string) => (env[variable] ? `'"$${variable}"'` : value);
  const body = JSON.stringify({
    type: 'api-key',
    key: quote(API_KEY_VARIABLE, didomi.apiKey),
    secret: quote(API_SECRET_VARIABLE, didomi.apiSecret),
  }).replaceAll('\\"', '"');
  return `A fake Didomi listens on ${didomi.baseURL}
${host === undefined || isLoopback(host) ? '' : noteOnOtherHosts(didomi)}
Organization  ${didomi.organizationId}
API key       ${show(API_KEY_VARIABLE, didomi.apiKey)}
API secret    ${show(API_SECRET_VARIABLE, didomi.apiSecret)}

To log in:
curl ${didomi.baseURL}/sessions -H 'content-type: application/json' -d '${body}'
`;
}

function noteOnOtherHosts({ origin }: FakeDidomi): string {
  return `From other hosts and containers: http://HOST:${new URL(origin).port || 80}/v1, where HOST is the name of this machine or of its
Docker Compose service. Clients of nestjs-didomi need the option allowInsecureHttp: true there.
`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

try {
  await run();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${NAME}: ${error.message}\n`);
  process.exitCode = 1;
}
