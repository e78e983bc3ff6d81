import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import { parse } from 'yaml';
import { start } from '../src/bootstrap/start.js';
import { describeWith } from './support/describe-with.js';
import { LogCollector } from './support/log-collector.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REDIS_SERVER = '/usr/bin/redis-server';

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly image?: string;
  readonly command?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[];
  readonly ports?: readonly string[];
}

let services: Readonly<Record<string, Service>>;

beforeAll(async () => {
  const text = await readFile(join(ROOT, 'sample/compose.yaml'), 'utf8');
  services = (parse(text, { merge: true }) as { services: Record<string, Service> }).services;
});

describe('the Docker Compose file', () => {
  it('has a fake Didomi, a Redis, and two replicas that differ in nothing but their port', () => {
    expect(Object.keys(services)).toEqual(['didomi', 'redis', 'replica-1', 'replica-2']);
    const { ports: one, ...first } = services['replica-1']!;
    const { ports: other, ...second } = services['replica-2']!;
    expect(first).toEqual(second);
    // Published on this machine only: anybody who reaches the sample can read and write consents.
    expect([one, other]).toEqual([['127.0.0.1:3001:3000'], ['127.0.0.1:3002:3000']]);
  });

  it('names services, files and hosts that exist', () => {
    for (const { depends_on: needed = [], build, environment = {} } of Object.values(services)) {
      expect(Object.keys(services)).toEqual(expect.arrayContaining([...needed]));
      for (const value of Object.values(environment).filter((text) => text.includes('://'))) {
        expect(Object.keys(services)).toContain(new URL(value).hostname);
      }
      if (build === undefined) continue;
      const context = join(ROOT, 'sample', build.context);
      expect(existsSync(join(context, 'package-lock.json'))).toBe(true);
      expect(existsSync(join(context, build.dockerfile))).toBe(true);
      expect(existsSync(join(context, `${build.dockerfile}.dockerignore`))).toBe(true);
    }
  });

  it('uses files that the image has', async () => {
    const dockerfile = await readFile(join(ROOT, 'sample/Dockerfile'), 'utf8');
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, script = ''] of dockerfile.matchAll(/npm run --silent ([\w:]+)/g))
      expect(scripts).toHaveProperty(script);
    expect(scripts['start']).toContain(/^CMD \["node", "(.*)"\]$/m.exec(dockerfile)?.[1]);
    for (const [, name = ''] of dockerfile.matchAll(/^COPY ([^.\n]\S*\.json) /gm)) {
      expect(existsSync(join(ROOT, name))).toBe(true);
    }
  });
});

describeWith(REDIS_SERVER)('the commands of the Docker Compose file', () => {
  const { env } = process;
  const children: ChildProcess[] = [];
  const replicas: INestApplication[] = [];
  let folder: string;

  beforeEach(async () => {
    Logger.overrideLogger(new LogCollector());
    folder = await mkdtemp(join(tmpdir(), 'sample-'));
  });

  afterEach(async () => {
    for (const replica of replicas.splice(0)) await replica.close();
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      if (child.kill('SIGKILL')) await ended;
    }
    await rm(folder, { recursive: true });
  });

  /** Runs the command of a service as it is, with other words behind it. Collects the lines that it prints. */
  function run(
    service: string,
    more: string,
    cwd: string,
  ): { readonly lines: string[]; line(pattern: RegExp): Promise<string> } {
    const child = spawn('sh', ['-c', `exec ${services[service]?.command} ${more}`], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: string[] = [];
    const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
    const line = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const found = lines.find((text) => pattern.test(text));
        if (found !== undefined) return found;
        await once(reader, 'line');
      }
    };
    return { lines, line };
  }

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    return port;
  }

  /** A replica with the environment of the service, whose hosts are this machine. */
  async function startReplica(service: string, urls: Readonly<Record<string, string>>): Promise<string> {
    for (const name of Object.keys(env).filter((name) => name.startsWith('DIDOMI_'))) delete env[name];
    Object.assign(env, services[service]?.environment, urls, { PORT: '0' });
    const replica = await start(env);
    replicas.push(replica);
    return await replica.getUrl();
  }

  it('start two replicas that share one access token', async () => {
    const didomi = run('didomi', '--port 0', ROOT);
    const port = await freePort();
    const redis = run('redis', `--port ${port} --bind 127.0.0.1`, folder);
    await redis.line(/Ready to accept connections/);
    const [baseURL = ''] = /http:\S+/.exec(await didomi.line(/ listens on /))!;
    const urls = {
      DIDOMI_BASE_URL: baseURL.replace(/\/\/[^:]+/, '//127.0.0.1'),
      REDIS_URL: `redis://127.0.0.1:${port}`,
      LISTEN_HOST: '127.0.0.1',
    };

    try {
      for (const service of ['replica-1', 'replica-2']) {
        const url = await startReplica(service, urls);
        for (const path of ['/properties', '/brands/brand-b/notices'])
          expect((await fetch(url + path)).status).toBe(200);
        expect((await fetch(`${url}/health`)).status).toBe(200);
      }
    } finally {
      for (const name of [...Object.keys(services['replica-1']?.environment ?? {}), 'PORT']) delete env[name];
    }
    await didomi.line(/GET \/v1\/widgets\/notices 200/);
    // Four clients: two replicas with two each, which have the same API key here.
    expect(didomi.lines.filter((line) => line.includes('POST /v1/sessions'))).toHaveLength(1);
  });
});
