import { type INestApplication, Logger, type NestApplicationOptions, ShutdownSignal } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../app.module.js';
import type { FakeBrands } from '../fake/fake-brands.js';
import { FakeDidomiModule } from '../fake/fake-didomi.module.js';
import { needsFakeDidomi, startFakeDidomi } from '../fake/start-fake-didomi.js';
import { serveStatusPage } from '../status-page/serve-status-page.js';
import { setUpDocs } from './docs.js';
import { greeting } from './greeting.js';
import { listen, readPort } from './port.js';

const OPTIONS: NestApplicationOptions = {
  abortOnError: false,
  // Nest logs an error of the start with its whole stack. Held back, it is dropped, and reported in plain words instead.
  bufferLogs: true,
  autoFlushLogs: false,
  // A browser opens connections ahead of need, and they would hold up the shutdown for a minute.
  forceCloseConnections: true,
};

/** Starts the sample; after a failure nothing is left running. */
export async function start(env: NodeJS.ProcessEnv): Promise<INestApplication> {
  // A file `.env` counts, too.
  await ConfigModule.envVariablesLoaded;
  const port = readPort(env['PORT']);
  const app = await create(needsFakeDidomi(env) ? await startFakeDidomi(env) : undefined);
  try {
    app.flushLogs();
    // Without `useProcessExit` Nest sends itself the signal again, and the process ends as killed instead of with code 0.
    app.enableShutdownHooks([ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM], { useProcessExit: true });
    serveStatusPage(app);
    setUpDocs(app);
    await listen(app, port, env['LISTEN_HOST']);
  } catch (error) {
    await app.close();
    throw error;
  }
  for (const line of greeting(await app.getUrl())) new Logger('Sample').log(line);
  return app;
}

async function create(fakes: FakeBrands | undefined): Promise<NestExpressApplication> {
  try {
    return await NestFactory.create(fakes ? FakeDidomiModule.around(AppModule, fakes) : AppModule, OPTIONS);
  } catch (error) {
    Logger.detachBuffer();
    await fakes?.stop();
    throw error;
  }
}
