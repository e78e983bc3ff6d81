import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import {
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  DidomiRequestError,
  type DidomiModuleOptions,
} from '../../lib/index.js';
import { FakeDidomi } from '../../lib/testing/index.js';
import { afterTest } from '../support/after-test.js';
import { builtFile } from '../support/built-file.js';
import { killAfterTest } from '../support/child-processes.js';
import { errorOf } from '../support/error-of.js';
import { HTTP, TRANSPORTS } from '../support/transports.js';

let didomi: FakeDidomi;
const apps: TestingModule[] = [];

beforeEach(async () => {
  didomi = await FakeDidomi.start({ apiKey: 'key-canary', apiSecret: 'secret-canary', rateLimit: false });
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await didomi.stop();
});

async function start(
  options: Partial<DidomiModuleOptions> = {},
  transport = HTTP,
): Promise<{
  app: TestingModule;
  auth: DidomiAuthService;
  http: DidomiHttpService;
}> {
  const { baseURL, apiKey, apiSecret } = didomi;
  const all = {
    apiKey,
    apiSecret,
    baseURL,
    warmup: 'lazy',
    axios: transport.axios(),
    ...options,
  } as DidomiModuleOptions;
  const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] }).compile();
  await app.init();
  apps.push(app);
  return { app, auth: app.get(DidomiAuthService), http: app.get(DidomiHttpService) };
}

describe.each(TRANSPORTS)('against a real server, over $name', (transport) => {
  it('calls the API with an access token that was never seen', async () => {
    const { http, auth } = await start({}, transport);
    const { data } = await http.axiosRef.get<{ total: number }>('/properties');
    expect(data.total).toBeGreaterThan(0);
    expect(didomi.tokenRequests).toBe(1);
    expect(auth.status).toMatchObject({ phase: 'fresh', tokenRequests: { sent: 1, failed: 0 } });
  });

  it('shares one token request among 1,000 cold calls, over a bounded number of connections', async () => {
    const { http } = await start({}, transport);
    await Promise.all(Array.from({ length: 1_000 }, () => http.axiosRef.get('/properties')));
    expect(didomi.tokenRequests).toBe(1);
    expect(didomi.connections).toBeLessThanOrEqual(129);
  });

  it('gets over a revocation of every access token with one token request, and no caller sees it', async () => {
    const { http } = await start({}, transport);
    await http.axiosRef.get('/properties');
    didomi.revokeAccessTokens();
    const responses = await Promise.all(Array.from({ length: 200 }, () => http.axiosRef.get('/properties')));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(didomi.tokenRequests).toBe(2);
  });

  it('sees at most two requests and one token request when the API answers 401 to a call', async () => {
    const { http } = await start({}, transport);
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { status: 401 });
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ status: 401 });
    expect(didomi.apiRequests).toBe(3);
    expect(didomi.tokenRequests).toBe(2);
  });

  it('tells a wrong secret at once, without hammering', async () => {
    const { http, auth } = await start({ apiSecret: 'wrong' }, transport);
    for (let call = 0; call < 20; call += 1) {
      expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'rejected', status: 400 });
    }
    expect(didomi.tokenRequests).toBe(1);
    expect(didomi.apiRequests).toBe(0);
    expect(auth.status.phase).toBe('rejected');
  });

  it.each([
    ['HTML', { html: true, status: 200 }, 'malformed'],
    ['an empty body', { status: 200, body: '' }, 'malformed'],
    ['an access token of undefined', { accessToken: undefined }, 'malformed'],
    ['502 in HTML', { html: true }, 'unavailable'],
    ['a reset', { reset: true }, 'unavailable'],
    ['no answer', { hang: true }, 'unavailable'],
    ['429', { status: 429, headers: { 'Retry-After': '7' } }, 'throttled'],
  ] as const)('survives %s to a token request, and leaks nothing', async (_title, fault, reason) => {
    didomi.script('token-requests', fault);
    const { http } = await start({ tokenRequestTimeoutMs: 200 }, transport);
    const error = await errorOf(http.axiosRef.get('/properties'));
    expect(error).toMatchObject({ name: 'DidomiAuthenticationError', reason });
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toMatch(/canary/);
    expect(didomi.apiRequests).toBe(0);
  });

  it('does not follow a redirect of the token request: the API secret stays here', async () => {
    const bodies: string[] = [];
    const elsewhere = await listen((body) => bodies.push(body));
    didomi.script('token-requests', {
      redirectTo: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/sessions`,
    });
    const { http } = await start({}, transport);
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'misconfigured', status: 307 });
    expect(bodies).toEqual([]);
  });

  it('does not follow a redirect of an API request', async () => {
    const bodies: string[] = [];
    const elsewhere = await listen((body) => bodies.push(body));
    const { http } = await start({}, transport);
    didomi.script('api-requests', { redirectTo: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/` });
    expect(await errorOf(http.axiosRef.post('/consents/events', { a: 1 }))).toMatchObject({
      status: 307,
    });
    expect(bodies).toEqual([]);
  });

  it('ends an API request that is not answered in time', async () => {
    didomi.script('api-requests', { hang: true });
    const { http } = await start({ timeoutMs: 50, retry: false }, transport);
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'timeout' });
    expect(didomi.tokenRequests).toBe(1);
  });

  it.each([
    ['an empty list', { status: { $in: [] } }],
    ['a function', { status: () => 1 }],
  ])('says what is wrong with a query of %s, and sends nothing', async (_title, params) => {
    const { http } = await start({}, transport);
    await http.axiosRef.get('/properties');
    for (const ask of [http.axiosRef.get('/x', { params }), firstValueFrom(http.get('/x', { params }))]) {
      const error = await errorOf(ask);
      expect(error).toBeInstanceOf(DidomiRequestError);
      expect(error.message).toContain('status');
    }
    expect(didomi.apiRequests).toBe(1);
  });

  it('repeats the body of a POST after a revocation', async () => {
    const { http } = await start({}, transport);
    await http.axiosRef.get('/properties');
    didomi.revokeAccessTokens();
    const event = {
      user: { organization_user_id: 'u@example.org' },
      consents: { purposes: [{ id: 'p', enabled: null }] },
    };
    const params = { organization_id: didomi.organizationId };
    expect((await http.axiosRef.post('/consents/events', event, { params })).status).toBe(200);
    const [first, second] = didomi.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/events'));
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['content-length']).toBe(first?.headers['content-length']);
  });

  it('sends every part of a form again after a revocation', async () => {
    const { http } = await start({}, transport);
    await http.axiosRef.get('/properties');
    for (const form of [{ a: '1', file: Buffer.from('bytes') }, specForm()]) {
      didomi.revokeAccessTokens();
      await errorOf(http.axiosRef.postForm('/anything', form));
      const [first, second] = didomi.requests.slice(-3).filter(({ path }) => path.endsWith('/anything'));
      for (const sent of [first, second]) expect(String(sent?.body)).toMatch(/name="a"[\s\S]*1[\s\S]*bytes/);
      // The boundary of the header has to be the one of the body, also the second time.
      const boundary = /boundary=(.+)$/.exec(String(second?.headers['content-type']))?.[1];
      expect(boundary).toBeDefined();
      expect(String(second?.body)).toContain(boundary);
    }
  });

  it('does all the same over fetch: revocation, retry, streams, redirects and failures', async () => {
    const { http } = await start({}, transport);
    http.axiosRef.defaults.adapter = 'fetch';
    await http.axiosRef.get('/properties');
    didomi.revokeAccessTokens();
    didomi.script('api-requests', { status: 429, headers: { 'Retry-After': '0' } }, { times: 1 });
    expect((await http.axiosRef.get('/properties')).status).toBe(200);
    expect(didomi.tokenRequests).toBe(2);
    didomi.clearScripts();

    didomi.revokeAccessTokens();
    const stream = await http.axiosRef.get<ReadableStream>('/properties', { responseType: 'stream' });
    expect(await new Response(stream.data).json()).toMatchObject({ total: expect.any(Number) });
    expect(didomi.tokenRequests).toBe(3);

    didomi.script('api-requests', { status: 404, body: { message: 'gone' } });
    const notFound = http.axiosRef.get('/x', { responseType: 'stream' });
    await expect(notFound).rejects.toMatchObject({
      code: 'DIDOMI_API',
      message: 'GET /v1/x was answered with 404: gone',
    });
    didomi.clearScripts();
    didomi.script('api-requests', { redirectTo: `${didomi.baseURL}/properties` });
    const sent = didomi.apiRequests;
    await expect(http.axiosRef.get('/x')).rejects.toMatchObject({ code: expect.stringMatching(/^DIDOMI_/) });
    expect(didomi.apiRequests).toBe(sent + 1);
    didomi.clearScripts();
    didomi.script('api-requests', { reset: true });
    const reset = http.axiosRef.get('/x', { didomi: { retry: false } } as object);
    await expect(reset).rejects.toMatchObject({ code: 'DIDOMI_TRANSPORT', reason: 'reset' });
  });

  it('keeps two clients apart', async () => {
    const other = await FakeDidomi.start({ apiKey: 'other', apiSecret: 'other' });
    afterTest(() => other.stop());
    const registrations = [didomi, other].map(({ baseURL, apiKey, apiSecret }, index) =>
      DidomiModule.forRoot({
        baseURL,
        apiKey,
        apiSecret,
        warmup: 'lazy',
        axios: transport.axios(),
        ...(index === 0 ? {} : { name: 'brand-b' }),
      }),
    );
    const app = await Test.createTestingModule({ imports: registrations }).compile();
    apps.push(app);
    await app.init();
    await app.get(DidomiHttpService).axiosRef.get('/properties');
    await app.get<DidomiHttpService>(Symbol.for('nestjs-didomi:http:brand-b')).axiosRef.get('/properties');
    expect([didomi.apiRequests, other.apiRequests, didomi.tokenRequests, other.tokenRequests]).toEqual([1, 1, 1, 1]);
  });

  it('leaves no connection after the application has closed, with requests in the middle', async () => {
    const { http, auth, app } = await start({}, transport);
    await http.axiosRef.get('/properties');
    didomi.script('api-requests', { hang: true });
    didomi.script('token-requests', { hang: true });
    const open = [errorOf(http.axiosRef.get('/properties')), errorOf(auth.refresh())];
    await waitFor(() => didomi.apiRequests === 2 && didomi.tokenRequests === 2);
    await app.close();
    const [api, token] = await Promise.all(open);
    expect(api).toMatchObject({ reason: 'closed' });
    expect(token).toMatchObject({ reason: 'closed' });
    expect(await errorOf(http.axiosRef.get('/properties'))).toMatchObject({ reason: 'closed' });
    expect(didomi.apiRequests).toBe(2);
  });
});

describe('in a process of its own', () => {
  /** Runs an ES module against the built library, with the options of `didomi` in the environment. */
  async function run(source: string): Promise<{ code: number | null; output: string }> {
    const build = pathToFileURL(builtFile('esm/index.js')).href;
    const args = ['--unhandled-rejections=strict', '--input-type=module', '--eval', source];
    const child = killAfterTest(
      spawn(process.execPath, args, {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        env: { PATH: process.env['PATH'], BASE_URL: didomi.baseURL, NO_COLOR: '1', BUILD: build },
      }),
    );
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, output };
  }

  const prelude = `
    import 'reflect-metadata';
    import { NestFactory } from '@nestjs/core';
    import { Module } from '@nestjs/common';
    const { DidomiModule, DidomiAuthService, DidomiHttpService } = await import(process.env.BUILD);
    const { undiciAdapter } = await import(process.env.BUILD.replace('index.js', 'undici/index.js'));
    const options = { apiKey: 'key-canary', apiSecret: 'secret-canary', baseURL: process.env.BASE_URL };
    async function boot(more) {
      class App {}
      Module({ imports: [DidomiModule.forRoot({ ...options, ...more })] })(App);
      return await NestFactory.createApplicationContext(App, { abortOnError: false });
    }
  `;

  it('a failing background token request is never an unhandled rejection', async () => {
    didomi.script('token-requests', { status: 503 });
    const { code, output } = await run(`${prelude}
      const app = await boot({ refresh: { cron: '* * * * * *' } });
      await new Promise((resolve) => setTimeout(resolve, 1200));
      console.log(app.get(DidomiAuthService).status.lastFailureReason);
      await app.close();
    `);
    expect(output).toContain('unavailable');
    expect(output).not.toMatch(/canary|unhandled/i);
    expect(code).toBe(0);
  });

  it('a failing background renewal with an access token in use is never an unhandled rejection', async () => {
    didomi.accessTokenLifetimeMs = 1_000;
    didomi.script('token-requests', () => (didomi.tokenRequests > 1 ? { reset: true } : undefined));
    const { code, output } = await run(`${prelude}
      const app = await boot({ warmup: 'required', refresh: { cron: '* * * * * *' } });
      const http = app.get(DidomiHttpService);
      for (const end = Date.now() + 1500; Date.now() < end; ) await http.axiosRef.get('/properties').catch(() => {});
      await app.close();
      console.log('done');
    `);
    expect(output).toContain('done');
    expect(output).not.toMatch(/canary|unhandled/i);
    expect(code).toBe(0);
    expect(didomi.tokenRequests).toBeGreaterThan(1);
  });

  it.each([
    ['http', '{}'],
    ['undici', '{ adapter: undiciAdapter() }'],
  ])('neither the cron job nor an idle connection keeps the process alive, over %s', async (_name, axios) => {
    const { code, output } = await run(`${prelude}
      const app = await boot({ warmup: 'required', axios: ${axios} });
      await app.get(DidomiHttpService).axiosRef.get('/properties');
      console.log('end of main, without close()');
    `);
    expect(output).toContain('end of main');
    expect(code).toBe(0);
  });

  it('required warm-up ends the boot with an error that says what to do, without the secret', async () => {
    didomi.disableApiKey();
    const { code, output } = await run(`${prelude}
      await boot({ warmup: 'required' }).catch((error) => { console.log(error.name, error.reason, error.message); process.exitCode = 3; });
    `);
    expect(output).toMatch(/DidomiAuthenticationError rejected .*Private API keys/);
    expect(output).not.toContain('canary');
    expect(code).toBe(3);
  });

  it('required warm-up waits for credentials() that never resolve, and then ends the boot with an error', async () => {
    const { code, output } = await run(`${prelude}
      const more = { apiKey: undefined, apiSecret: undefined, credentials: () => new Promise(() => {}), tokenRequestTimeoutMs: 1000 };
      await boot({ ...more, warmup: 'required' }).catch((error) => { console.log(error.name, error.reason); process.exitCode = 3; });
    `);
    expect(output).toContain('DidomiAuthenticationError unavailable');
    expect(code).toBe(3);
  });

  it('an import of consent events causes no warning of Node about its abort signal', async () => {
    const { code, output } = await run(`
      const { importConsentEvents } = await import(process.env.BUILD);
      const request = (_route, { body, signal }) => {
        signal.addEventListener('abort', () => undefined);
        return Promise.resolve(body);
      };
      const events = Array.from({ length: 20 }, () => ({ user: {}, consents: {} }));
      let count = 0;
      for await (const { recorded } of importConsentEvents({ request }, events, { batchSize: 1 })) count += recorded.length;
      console.log(count);
    `);
    expect(output).toBe('20\n');
    expect(code).toBe(0);
  });
});

function specForm(): FormData {
  const form = new FormData();
  form.append('a', '1');
  form.append('file', new Blob(['bytes']), 'file.txt');
  return form;
}

async function listen(onBody: (body: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      onBody(body);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(() => server.close());
  return server;
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
