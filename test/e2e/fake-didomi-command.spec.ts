import { afterAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { afterTest } from '../support/after-test.js';
import { builtFile } from '../support/built-file.js';
import { killAfterTest } from '../support/child-processes.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { bin, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  version: string;
};

/** A run of the command from the build, as `npx nestjs-didomi-fake` starts it. */
class CommandRun {
  stdout = '';
  stderr = '';
  readonly process: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const command = builtFile(bin['nestjs-didomi-fake']?.replace('dist/', '') ?? 'no bin');
    const options = { env: { PATH: process.env['PATH'], ...env } };
    this.process = killAfterTest(spawn(process.execPath, [command, ...args], options));
    this.process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#ended = once(this.process, 'close');
  }

  /** The base URL that it prints, once it is there. */
  async baseURL(): Promise<string> {
    for (;;) {
      const url = /http:\/\/\S+\/v1$/m.exec(this.stdout)?.[0];
      if (url !== undefined && this.stdout.includes('curl')) return url;
      await Promise.race([once(this.process.stdout!, 'data'), this.#ended]);
      if (this.process.exitCode !== null) throw new Error(`It ended with ${this.process.exitCode}: ${this.stderr}`);
    }
  }

  /** How it ended: exit code and signal. */
  end(): Promise<unknown[]> {
    return this.#ended;
  }
}

describe('nestjs-didomi-fake', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fake-didomi-'));

  afterAll(() => rmSync(directory, { recursive: true }));

  function start(args: readonly string[], env?: Readonly<Record<string, string>>): CommandRun {
    return new CommandRun(args, env);
  }

  function fileOf(content: string): string {
    const file = join(directory, 'seed.json');
    writeFileSync(file, content);
    return file;
  }

  function logIn(baseURL: string, key: string, secret: string): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'api-key', key, secret });
    return fetch(`${baseURL}/sessions`, { method: 'POST', headers, body });
  }

  it('tells its base URL and how to log in, and ends with code 0 on SIGTERM', async () => {
    const run = start(['--port', '0']);
    const baseURL = await run.baseURL();
    expect(run.stdout).toContain(
      `curl ${baseURL}/sessions -H 'content-type: application/json' ` +
        `-d '{"type":"api-key","key":"fake-api-key","secret":"fake-api-secret"}'`,
    );
    const response = await logIn(baseURL, 'fake-api-key', 'fake-api-secret');
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    const properties = await fetch(`${baseURL}/properties`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(properties.headers.get('ratelimit')).toBe('limit=100, remaining=99, reset=15');
    expect(await properties.json()).toMatchObject({ total: 4 });

    run.process.kill('SIGTERM');
    expect(await run.end()).toEqual([0, null]);
    expect(run.stderr).toBe('');
  });

  it('shares one rate limit among the processes that talk to it', async () => {
    const baseURL = await start(['--port', '0']).baseURL();
    const response = await logIn(baseURL, 'fake-api-key', 'fake-api-secret');
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    const script =
      'const [url, accessToken] = process.argv.slice(1);' +
      'const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });' +
      "console.log(response.headers.get('ratelimit'));";
    const seen: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const args = ['--input-type=module', '-e', script, `${baseURL}/properties`, accessToken];
      seen.push((await promisify(execFile)(process.execPath, args)).stdout);
    }
    expect(seen).toEqual([expect.stringMatching('remaining=99'), expect.stringMatching('remaining=98')]);
  });

  it('takes the credentials from the environment and prints neither, the rest from options', async () => {
    const credentials = { FAKE_DIDOMI_API_KEY: 'key-canary', FAKE_DIDOMI_API_SECRET: 'secret-canary' };
    const options = ['--organization-id', 'acme', '--access-token-lifetime-ms', '60000', '--no-rate-limit'];
    const run = start(['--port=0', '--host=localhost', ...options], credentials);
    const baseURL = await run.baseURL();
    expect(baseURL).toMatch(/^http:\/\/localhost:\d+\/v1$/);
    expect(run.stdout).toContain(`"key":"'"$FAKE_DIDOMI_API_KEY"'","secret":"'"$FAKE_DIDOMI_API_SECRET"'"`);
    expect(run.stdout).toContain('acme');
    expect(run.stdout + run.stderr).not.toContain('canary');

    expect((await logIn(baseURL, 'fake-api-key', 'fake-api-secret')).status).toBe(400);
    const response = await logIn(baseURL, 'key-canary', 'secret-canary');
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    const { iat, exp } = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as {
      iat: number;
      exp: number;
    };
    expect(exp - iat).toBe(60);
    const headers = { authorization: `Bearer ${accessToken}` };
    const properties = await fetch(`${baseURL}/properties?organization_id=acme`, { headers });
    expect(properties.headers.get('ratelimit')).toBeNull();
    expect(await properties.json()).toMatchObject({ total: 3 });

    run.process.kill('SIGINT');
    expect(await run.end()).toEqual([0, null]);
  });

  it.each(['0.0.0.0', '0'])('listens on all addresses with --host %s, and tells how to reach it', async (host) => {
    const run = start(['--port=0', `--host=${host}`]);
    const baseURL = await run.baseURL();
    const { port } = new URL(baseURL);
    expect(baseURL).toBe(`http://127.0.0.1:${port}/v1`);
    expect((await logIn(baseURL, 'fake-api-key', 'fake-api-secret')).status).toBe(200);
    expect((await logIn(`http://127.0.0.2:${port}/v1`, 'fake-api-key', 'fake-api-secret')).status).toBe(200);
    expect(run.stdout).not.toContain('0.0.0.0');
    expect(run.stdout).toContain(`http://HOST:${port}/v1`);
    expect(run.stdout).toContain('allowInsecureHttp: true');
  });

  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('says nothing of other hosts with --host %s', async (host) => {
    const run = start(['--port=0', `--host=${host}`]);
    await run.baseURL();
    expect(run.stdout).not.toMatch(/HOST|allowInsecureHttp/);
  });

  it('starts with what --seed holds', async () => {
    const seed = { properties: [{ name: 'Shop', organization_id: 'acme' }], consentUsers: [{ id: 'jane' }] };
    const baseURL = await start(['--port=0', '--seed', fileOf(`\uFEFF${JSON.stringify(seed)}`)]).baseURL();
    const response = await logIn(baseURL, 'fake-api-key', 'fake-api-secret');
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    const get = async (path: string) => (await fetch(baseURL + path, { headers })).json();
    expect(await get('/properties?organization_id=acme')).toMatchObject({ total: 1, data: [{ name: 'Shop' }] });
    expect(await get('/consents/users/jane?organization_id=fake-organization')).toMatchObject({ id: 'jane' });
    expect(await get('/properties?organization_id=other')).toMatchObject({ code: 403 });
  });

  it.each([
    ['{"canary', '--seed: the file is not valid JSON'],
    ['', '--seed: the file is not valid JSON'],
    ['[]', '--seed: seed must be an object'],
    ['{"notices":[{},{"id":1}]}', '--seed: seed.notices[1].id must be a string that is not empty'],
    ['{"notices":{}}', '--seed: seed.notices must be a list'],
    [
      `{"notices":[${'['.repeat(200)}${']'.repeat(200)}]}`,
      '--seed: seed.notices[0] is nested more than 100 levels deep',
    ],
  ])('says in one line what is wrong with the seed %s', async (content, message) => {
    const run = start(['--port=0', '--seed', fileOf(content)]);
    expect(await run.end()).toEqual([1, null]);
    expect([run.stdout, run.stderr]).toEqual(['', `nestjs-didomi-fake: ${message}\n`]);
  });

  it('accepts any organization and paths without /v1 if told to', async () => {
    const run = start(['--port=0', '--allow-any-organization', '--allow-unversioned-paths']);
    const { origin } = new URL(await run.baseURL());
    const response = await logIn(origin, 'fake-api-key', 'fake-api-secret');
    const { access_token: accessToken } = (await response.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(`${origin}/properties?organization_id=unknown`, { headers })).status).toBe(200);
  });

  it('logs each request in one line with --verbose, and none without', async () => {
    const credentials = { FAKE_DIDOMI_API_KEY: 'key-canary', FAKE_DIDOMI_API_SECRET: 'secret-canary' };
    const quiet = start(['--port=0']);
    const verbose = start(['--port=0', '--verbose'], credentials);
    const greetings: string[] = [];
    for (const run of [quiet, verbose]) {
      const baseURL = await run.baseURL();
      greetings.push(run.stdout);
      await (await logIn(baseURL, 'key-canary', 'secret-canary')).text();
      await (await fetch(`${baseURL}/properties?organization_id=canary`)).text();
      run.process.kill('SIGTERM');
      expect(await run.end()).toEqual([0, null]);
    }
    expect(quiet.stdout).toBe(greetings[0]);
    const log = verbose.stdout.slice(greetings[1]?.length).replaceAll(/\d+ ms/g, 'N ms');
    expect(log).toBe('POST /v1/sessions 200 N ms\nGET /v1/properties 401 N ms\n');
  });

  it('goes on when the reader of its log is gone', async () => {
    const run = start(['--port=0', '--verbose']);
    const baseURL = await run.baseURL();
    run.process.stdout?.destroy();
    for (let i = 0; i < 3; i += 1) {
      expect((await logIn(baseURL, 'fake-api-key', 'fake-api-secret')).status).toBe(200);
    }
    expect(run.process.exitCode).toBeNull();
  });

  it('says in one line that a port is taken', async () => {
    const didomi = await FakeDidomi.start();
    afterTest(() => didomi.stop());
    const { port } = new URL(didomi.origin);
    const run = start(['--port', port]);
    expect(await run.end()).toEqual([1, null]);
    expect([run.stdout, run.stderr]).toEqual([
      '',
      `nestjs-didomi-fake: Port ${port} is taken: choose another one with --port, or 0 for any free one\n`,
    ]);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', '70000'], '--port must be a whole number from 0 to 65535'],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--access-token-lifetime-ms', '0'], '--access-token-lifetime-ms must be a whole number, 1 or more'],
    [['--host='], '--host must not be empty'],
    [['--seed='], '--seed must not be empty'],
    [['--seed=/nowhere/canary.json'], '--seed: the file cannot be read (ENOENT)'],
    [['--seed=/'], '--seed: the file cannot be read (EISDIR)'],
    [['canary'], 'There are options only, no other arguments'],
    [['--api-secret=canary'], "Unknown option '--api-secret'"],
  ])('says in one line what is wrong with %j', async (args, message) => {
    const run = start(args);
    expect(await run.end()).toEqual([1, null]);
    expect([run.stdout, run.stderr]).toEqual(['', `nestjs-didomi-fake: ${message}\n`]);
  });

  it('explains itself on --help and tells its version on --version', async () => {
    const help = start(['--help', '--port', '0'], { FAKE_DIDOMI_API_SECRET: 'canary' });
    const versionRun = start(['--version']);
    expect([await help.end(), await versionRun.end()]).toEqual([
      [0, null],
      [0, null],
    ]);
    const options = [
      '--port',
      '--host',
      '--organization-id',
      '--access-token-lifetime-ms',
      '--seed',
      '--no-rate-limit',
    ];
    const flags = ['--allow-any-organization', '--allow-unversioned-paths', '--verbose'];
    for (const name of [...options, ...flags, 'FAKE_DIDOMI_API_KEY', 'FAKE_DIDOMI_API_SECRET']) {
      expect(help.stdout).toContain(`  ${name}`);
    }
    expect(help.stdout).not.toContain('canary');
    expect(versionRun.stdout).toBe(`${version}\n`);
  });
});
