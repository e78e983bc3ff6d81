import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A database server of this machine, started for a test and empty. */
export interface Engine {
  readonly url: string;
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  stop(): Promise<void>;
  /** Removes what it has written. */
  remove(): void;
}

/** The first of these programs that is installed. */
export function installed(...paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Resolves once the program has written this. */
export async function written({ stdout, stderr }: ChildProcess, text: string): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [stdout!, stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes(text)) resolve();
      });
      stream.on('close', () => reject(new Error(`It ended without "${text}": ${log}`)));
    }
  });
}

export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
