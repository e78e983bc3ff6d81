import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import { DidomiConfigurationError } from 'nestjs-didomi';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { readPort } from '../src/bootstrap/port.js';
import { reportStartFailure } from '../src/bootstrap/report-start-failure.js';
import { start } from '../src/bootstrap/start.js';
import { SettingError } from '../src/config/setting.error.js';
import { needsFakeDidomi } from '../src/fake/start-fake-didomi.js';
import { LogCollector } from './support/log-collector.js';

let log: LogCollector;

beforeEach(() => {
  log = new LogCollector();
  Logger.overrideLogger(log);
});

describe('readPort', () => {
  it.each<[string | undefined, number]>([
    [undefined, 3000],
    ['0', 0],
    ['8080', 8080],
    ['65535', 65535],
  ])('reads %p as %d', (value, port) => {
    expect(readPort(value)).toBe(port);
  });

  it.each(['', ' ', 'abc', '-1', '3000.5', '1e3', '0x50', '65536', '3000 '])('refuses %p and names PORT', (value) => {
    expect(() => readPort(value)).toThrow(SettingError);
    expect(() => readPort(value)).toThrow(/^PORT /);
  });
});

describe('needsFakeDidomi', () => {
  it.each<[NodeJS.ProcessEnv, boolean]>([
    [{}, true],
    [{ DIDOMI_ORGANIZATION_ID: 'acme' }, true],
    [{ DIDOMI_API_KEY: 'key', DIDOMI_API_SECRET: 'secret' }, false],
    [{ DIDOMI_API_KEY: 'key' }, false],
    [{ DIDOMI_API_SECRET: 'secret' }, false],
    [{ DIDOMI_API_KEY: '' }, false],
  ])('%p: %p', (env, isNeeded) => {
    expect(needsFakeDidomi(env)).toBe(isNeeded);
  });
});

describe('reportStartFailure', () => {
  it.each([new SettingError('PORT is odd'), new DidomiConfigurationError(['apiSecret is missing'])])(
    'says what to change without a stack trace: %p',
    (error) => {
      reportStartFailure(error);
      expect(log.text).toContain(error.message);
      expect(log.text).not.toContain('at ');
    },
  );

  it('names the environment variables behind the options', () => {
    reportStartFailure(new DidomiConfigurationError(['apiSecret is missing']));
    expect(log.text).toContain('apiSecret from DIDOMI_API_SECRET');
  });

  it('shows where an unexpected error comes from', () => {
    reportStartFailure(new RangeError('a bug'));
    expect(log.text).toContain('RangeError: a bug\n    at ');
  });
});

describe('start', () => {
  // ConfigService reads the environment of the process, so there is no other to start with.
  const { env } = process;
  let app: INestApplication | undefined;

  beforeEach(() => {
    for (const name of Object.keys(env).filter((name) => name.startsWith('DIDOMI_'))) delete env[name];
    env['PORT'] = '0';
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function isReachable(url: string | undefined): Promise<boolean> {
    return await fetch(url!).then(
      () => true,
      () => false,
    );
  }

  it('brings a fake Didomi along for each brand where no credentials are set, and takes them away again', async () => {
    app = await start(env);
    const url = await app.getUrl();

    expect((await fetch(`${url}/properties`)).status).toBe(200);
    expect(await (await fetch(`${url}/brands/brand-b/notices`)).json()).toEqual([
      { id: expect.any(String), name: 'Shop' },
    ]);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('<title>Didomi clients</title>');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(log.text).toContain(`Status page on ${url}/,`);
    expect(log.text).toContain(`talking to a fake Didomi on this machine, ${env['DIDOMI_BASE_URL']}`);
    expect(log.text).toContain('set DIDOMI_API_KEY, DIDOMI_API_SECRET and DIDOMI_ORGANIZATION_ID');
    expect(log.text).toContain(`curl ${url}/properties`);
    expect(log.text).toMatch(/curl \S+\/consents\/user-1 -H .*\n.* curl \S+\/consents\/user-1 /);
    expect(log.text).not.toContain(env['DIDOMI_API_SECRET']);

    await app.close();
    expect(await isReachable(`${url}/properties`)).toBe(false);
    expect(await isReachable(env['DIDOMI_BASE_URL'])).toBe(false);
    expect(await isReachable(env['DIDOMI_BRAND_B_BASE_URL'])).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends cleanly on %s, even if it comes twice', async (signal) => {
    app = await start(env);
    const url = await app.getUrl();
    const exited = new Promise((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation(((code) => resolve(code)) as typeof process.exit);
    });

    // A terminal sends Ctrl-C to every process in front of it, and npm passes its own on.
    process.emit(signal, signal);
    process.emit(signal, signal);

    expect(await exited).toBe(0);
    expect(await isReachable(url)).toBe(false);
    expect(await isReachable(env['DIDOMI_BASE_URL'])).toBe(false);
  });

  it('documents every route', async () => {
    app = await start(env);
    const document = (await (await fetch(`${await app.getUrl()}/docs-json`)).json()) as {
      paths: Record<string, object>;
      components: { schemas: Record<string, { properties: object }> };
    };

    const routes = Object.entries(document.paths).map(([path, methods]) => [path, Object.keys(methods)]);
    expect(routes).toEqual([
      ['/properties', ['get']],
      ['/consents/{userId}', ['get', 'post']],
      ['/brands/{brand}/notices', ['get']],
      ['/status', ['get']],
      ['/health', ['get']],
    ]);
    expect(document.components.schemas['PurposeChoiceDto']?.properties).toMatchObject({
      id: { type: 'string' },
      enabled: { type: 'boolean', nullable: true },
    });
  });

  it('gives back what was recorded, and keeps null, false and true apart', async () => {
    app = await start(env);
    const url = `${await app.getUrl()}/consents/user-1`;
    const purposes = [
      { id: 'cookies', enabled: true },
      { id: 'newsletter', enabled: false },
      { id: 'profiling', enabled: null },
    ];
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify({ purposes }) })).status).toBe(201);
    expect(await (await fetch(url)).json()).toEqual([
      { recordId: expect.any(String), updatedAt: expect.any(String), purposes },
    ]);
  });

  it('talks to the configured Didomi where credentials are set', async () => {
    const didomi = await FakeDidomi.start();
    env['DIDOMI_API_KEY'] = didomi.apiKey;
    env['DIDOMI_API_SECRET'] = didomi.apiSecret;
    env['DIDOMI_ORGANIZATION_ID'] = didomi.organizationId;
    env['DIDOMI_BASE_URL'] = didomi.baseURL;
    try {
      app = await start(env);
      expect((await fetch(`${await app.getUrl()}/properties`)).status).toBe(200);
      expect((await fetch(`${await app.getUrl()}/brands/brand-b/notices`)).status).toBe(200);
      expect(didomi.apiRequests).toBe(2);
      expect(log.text).not.toContain('fake');
    } finally {
      await didomi.stop();
    }
  });

  it('makes the fake of a brand fail and recover, and no other', async () => {
    app = await start(env);
    const url = await app.getUrl();
    const notices = async (brand: string) => (await fetch(`${url}/brands/${brand}/notices`)).status;
    const change = async (method: string, path: string) => (await fetch(`${url}/fake/${path}`, { method })).status;

    expect(await change('PUT', 'brand-b/faults/api-down')).toBe(204);
    expect(await Promise.all([notices('brand-a'), notices('brand-b')])).toEqual([200, 503]);
    expect(await change('DELETE', 'brand-b/faults')).toBe(204);
    expect(await notices('brand-b')).toBe(200);
    expect(await change('DELETE', 'brand-b/access-tokens')).toBe(204);
    expect(await notices('brand-b')).toBe(200);
    expect(await change('PUT', 'brand-b/faults/toString')).toBe(404);
    expect(await change('PUT', 'brand-c/faults/api-down')).toBe(404);
  });

  it('has nothing to make fail where it talks to Didomi', async () => {
    Object.assign(env, { DIDOMI_API_KEY: 'key', DIDOMI_API_SECRET: 'secret', DIDOMI_ORGANIZATION_ID: 'acme' });
    env['DIDOMI_BASE_URL'] = 'http://127.0.0.1:1';
    app = await start(env);
    const answer = await fetch(`${await app.getUrl()}/fake/brand-a/access-tokens`, { method: 'DELETE' });
    expect(answer.status).toBe(404);
  });

  it('leaves half of the credentials to the library to refuse', async () => {
    env['DIDOMI_API_KEY'] = 'key-canary';
    await expect(start(env)).rejects.toThrow(DidomiConfigurationError);
    expect(log.text).not.toContain('DidomiConfigurationError');
  });

  it('asks for the organization', async () => {
    Object.assign(env, { DIDOMI_API_KEY: 'key', DIDOMI_API_SECRET: 'secret', DIDOMI_BASE_URL: 'http://127.0.0.1:1' });
    await expect(start(env)).rejects.toThrow(/^DIDOMI_ORGANIZATION_ID is not set/);
  });

  it('names PORT when the port is taken, and leaves nothing running', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      env['PORT'] = String(port);
      const starting = start(env);
      await expect(starting).rejects.toThrow(SettingError);
      await expect(starting).rejects.toThrow(`Port ${port} is taken: set PORT`);
      expect(await isReachable(env['DIDOMI_BASE_URL'])).toBe(false);
    } finally {
      other.close();
    }
  });

  it('names LISTEN_HOST when it is no address of this machine', async () => {
    env['LISTEN_HOST'] = '192.0.2.1';
    const starting = start(env);
    await expect(starting).rejects.toThrow(new SettingError('LISTEN_HOST is no address of this machine'));
    delete env['LISTEN_HOST'];
  });
});
