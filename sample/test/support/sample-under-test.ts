import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DIDOMI_RUNTIME } from 'nestjs-didomi';
import { DidomiTestingController } from 'nestjs-didomi/testing';
import { AppModule } from '../../src/app.module.js';
import { LogCollector } from './log-collector.js';

/** As it would be in production; the values do not matter, since nothing reaches a network. */
const ENVIRONMENT = {
  DIDOMI_API_KEY: 'api-key-canary',
  DIDOMI_API_SECRET: 'api-secret-canary',
  DIDOMI_ORGANIZATION_ID: 'acme',
};

/** The whole application as it is, but for the network: that is the test's. */
export class SampleUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly didomi: DidomiTestingController,
    readonly log: LogCollector,
  ) {}

  static async start(): Promise<SampleUnderTest> {
    Object.assign(process.env, ENVIRONMENT);
    const didomi = new DidomiTestingController();
    const log = new LogCollector();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .setLogger(log)
      .compile();
    const app = await module.createNestApplication().init();
    return new SampleUnderTest(app, didomi, log);
  }

  /** What nobody but Didomi may see. */
  get secrets(): string[] {
    return [ENVIRONMENT.DIDOMI_API_KEY, ENVIRONMENT.DIDOMI_API_SECRET, 'Bearer ', 'eyJ'];
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}
