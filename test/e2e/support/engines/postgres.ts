import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { end, freePort, installed, written, type Engine } from './engine.js';

const DEBIAN = '/usr/lib/postgresql';
const folders = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];

/** The folder of its programs. */
export const POSTGRES = [...folders, '/usr/local/bin', '/opt/homebrew/bin'].find(
  (folder) => installed(join(folder, 'initdb')) !== undefined,
);

/** A Postgres with a database of its own. */
export class PostgresEngine implements Engine {
  readonly #directory = mkdtempSync(join(tmpdir(), 'postgres-'));
  readonly #user = unprivilegedUser();
  #port = 0;
  #server: ChildProcess | undefined;

  get url(): string {
    return `postgresql://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  async start(): Promise<void> {
    const isNew = this.#port === 0;
    if (isNew) await this.#create();
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=200'];
    const options = ['-D', this.#directory, '-p', `${this.#port}`, ...settings.flatMap((setting) => ['-c', setting])];
    this.#server = spawn(join(POSTGRES!, 'postgres'), options, { ...this.#user, stdio: ['ignore', 'pipe', 'pipe'] });
    await written(this.#server, 'database system is ready to accept connections');
    if (isNew) await this.#query('CREATE TABLE didomi_access_token (key text PRIMARY KEY, value text)');
  }

  async stop(): Promise<void> {
    // The fast shutdown: SIGKILL would leave its processes behind.
    await end(this.#server, 'SIGINT');
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  async #create(): Promise<void> {
    this.#port = await freePort();
    if (this.#user.uid !== undefined) chownSync(this.#directory, this.#user.uid, this.#user.gid!);
    const options = ['-D', this.#directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(POSTGRES!, 'initdb'), options, { ...this.#user, stdio: 'pipe' });
  }

  async #query(text: string): Promise<void> {
    const client = new Client(this.url);
    await client.connect();
    await client.query(text);
    await client.end();
  }
}

/** Postgres refuses to run as root. */
function unprivilegedUser(): { uid?: number; gid?: number; cwd: string } {
  const cwd = tmpdir();
  if (process.getuid?.() !== 0) return { cwd };
  const id = (option: string): number => Number(execFileSync('id', [option, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g'), cwd };
}
