import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, freePort, installed, written, type Engine } from './engine.js';

export const REDIS = installed(
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/opt/homebrew/bin/redis-server',
);

/** A Redis that writes nothing to disk, and so forgets everything when it stops. */
export class RedisEngine implements Engine {
  readonly #directory = mkdtempSync(join(tmpdir(), 'redis-'));
  #port = 0;
  #server: ChildProcess | undefined;

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#port ||= await freePort();
    const options = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#server = spawn(REDIS!, options, { cwd: this.#directory, stdio: ['ignore', 'pipe', 'pipe'] });
    await written(this.#server, 'Ready to accept connections');
  }

  async stop(): Promise<void> {
    await end(this.#server, 'SIGKILL');
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }
}
