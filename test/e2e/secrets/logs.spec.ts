import { describe, expect, it } from '@jest/globals';
import { ConsoleLogger, Controller, Get, Logger, type INestApplication } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { DidomiAuthService, DidomiExceptionFilter, DidomiModule } from '../../../lib/index.js';
import { errorOf } from '../../support/error-of.js';
import { canaries } from '../../support/secrets/canaries.js';
import { closeAfterTest, newAgent, proxyWithPassword, startClient } from '../../support/secrets/clients.js';
import { API_KEY, API_SECRET } from '../../support/secrets/credentials.js';
import { echoing } from '../../support/secrets/echo.js';
import { arrange, FAILURES } from '../../support/secrets/failures.js';
import { captureConsole } from '../../support/secrets/printers.js';
import { didomi, restartServers } from '../../support/secrets/servers.js';

it('no secret is in the log lines of the library', async () => {
  const stop = captureConsole();
  const logger = new ConsoleLogger({ colors: false, logLevels: ['verbose', 'debug', 'log', 'warn', 'error'] });
  Logger.overrideLogger(logger);
  for (const { script } of Object.values(FAILURES)) {
    didomi.enableApiKey();
    didomi.clearScripts();
    script?.();
    const all = { apiKey: API_KEY, apiSecret: API_SECRET, baseURL: didomi.baseURL, tokenRequestTimeoutMs: 300 };
    const module = Test.createTestingModule({ imports: [DidomiModule.forRoot(all)] }).setLogger(logger);
    const app = await module.compile();
    await app.init();
    await errorOf(app.get(DidomiAuthService).getAccessToken());
    await app.close();
  }
  const text = stop();

  expect(text).toContain('No new access token (rejected)');
  expect(text).toContain('Got the first access token');
  expect(canaries().filter((canary) => text.includes(canary))).toEqual([]);
});

describe('no secret is in the log or the answer of a Nest application', () => {
  let outcome: () => unknown;

  @Controller()
  class PassingOnController {
    @Get('throws')
    throws(): never {
      throw outcome();
    }

    @Get('returns')
    returns(): unknown {
      return outcome();
    }
  }

  let logger: ConsoleLogger;

  async function serve(json: boolean): Promise<INestApplication> {
    logger = new ConsoleLogger({ json, colors: false, depth: 20 });
    const module = await Test.createTestingModule({ controllers: [PassingOnController] }).compile();
    const app = await module.createNestApplication().init();
    closeAfterTest(app);
    return app;
  }

  async function expectNoSecretIn(app: INestApplication, path: string): Promise<string> {
    // startClient() has silenced Nest's logger, which all applications of a process share.
    app.useLogger(logger);
    const stop = captureConsole();
    const { text, headers } = await request(app.getHttpServer()).get(path);
    const output = stop() + text + JSON.stringify(headers);
    expect(canaries().filter((canary) => output.includes(canary))).toEqual([]);
    return output;
  }

  it.each([
    ['text', false],
    ['JSON', true],
  ])('that logs in %s', async (_title, asJson) => {
    const app = await serve(asJson);
    for (const [title, failure] of Object.entries(FAILURES)) {
      await restartServers();
      const { client, config } = await arrange(failure, 'agents in the options');
      const error = await errorOf(client.http.axiosRef.post(failure.url ?? '/properties', {}, config()));
      expect({ title, error }).toMatchObject({ title, error: failure.expected });
      outcome = () => error;
      expect(await expectNoSecretIn(app, '/throws')).toContain(error.name);
      await expectNoSecretIn(app, '/returns');
    }
  });

  it('that uses the filter of the library', async () => {
    const app = await serve(false);
    app.useGlobalFilters(new DidomiExceptionFilter(app.get(HttpAdapterHost).httpAdapter));
    didomi.script('api-requests', echoing(400));
    const { http } = await startClient();
    const error = await errorOf(http.axiosRef.get('/properties'));
    outcome = () => error;

    expect(await expectNoSecretIn(app, '/throws')).toContain('[redacted]');
  });

  it('that passes on a response', async () => {
    const app = await serve(false);
    const { http } = await startClient({ axios: { httpAgent: newAgent(), proxy: proxyWithPassword() } });
    const response = await http.axiosRef.get('/properties');
    outcome = () => response;

    expect(await expectNoSecretIn(app, '/returns')).toContain('"headers"');
    await expectNoSecretIn(app, '/throws');
  });
});
