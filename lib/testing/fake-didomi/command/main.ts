#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { FakeDidomi } from '../fake-didomi.js';
import type { FakeDidomiOptions } from '../fake-didomi.types.js';
import { readCommandLine } from './command-line.js';
import { greeting, HELP, NAME } from './texts.js';
import { FakeDidomiUsageError } from './usage.error.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: choose another one with --port, or 0 for any free one',
  EACCES: 'is not allowed here: choose 1024 or more with --port, or 0 for any free one',
};

async function run(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2), process.env);
  if (commandLine === 'help') return void process.stdout.write(HELP);
  if (commandLine === 'version') return void process.stdout.write(`${await version()}\n`);
  const didomi = await start(commandLine);
  // Once only: a second signal ends a process that does not stop for the first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void didomi.stop());
  process.stdout.write(greeting(didomi, process.env));
}

async function start(options: FakeDidomiOptions): Promise<FakeDidomi> {
  try {
    return await FakeDidomi.start({ ...options, recordRequests: false });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reason = REASONS[code];
    if (reason) throw new FakeDidomiUsageError(`Port ${options.port} ${reason}`);
    if (code) throw new FakeDidomiUsageError(`Cannot listen there: ${code}. Is --host an address of this machine?`);
    throw error;
  }
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

try {
  await run();
} catch (error) {
  if (!(error instanceof FakeDidomiUsageError)) throw error;
  process.stderr.write(`${NAME}: ${error.message}\n`);
  process.exitCode = 1;
}
