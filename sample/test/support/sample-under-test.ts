import type { INestApplication } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { AppModule } from '../../src/app.module.js';
import { LogCollector } from './log-collector.js';

/** The whole application, its only difference the configuration: it talks to a Didomi of its own on loopback. */
export class SampleUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly didomi: FakeDidomi,
    readonly log: LogCollector,
  ) {}

  static async start(): Promise<SampleUnderTest> {
    const didomi = await FakeDidomi.start();
    const log = new LogCollector();
    const config = new ConfigService({
      DIDOMI_API_KEY: didomi.apiKey,
      DIDOMI_API_SECRET: didomi.apiSecret,
      DIDOMI_ORGANIZATION_ID: didomi.organizationId,
      DIDOMI_BASE_URL: didomi.baseURL,
    });
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(ConfigService)
      .useValue(config)
      .setLogger(log)
      .compile();
    const app = await module.createNestApplication().init();
    return new SampleUnderTest(app, didomi, log);
  }

  /** What nobody but Didomi may see: the credentials, and every access token that was sent so far. */
  get secrets(): string[] {
    const bearers = this.didomi.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', ''));
    return [this.didomi.apiKey, this.didomi.apiSecret, ...bearers.filter((bearer) => bearer !== undefined)];
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.didomi.stop();
  }
}
