// A web application in TypeScript, ES modules, Nest 12. It is compiled with skipLibCheck off: our declarations are checked too.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DidomiHttpService, DidomiModule } from 'nestjs-didomi';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { firstValueFrom } from 'rxjs';

const didomi = await FakeDidomi.start();

interface Page {
  readonly data: readonly { readonly id: string }[];
}

@Controller()
class PropertiesController {
  constructor(private readonly http: DidomiHttpService) {}

  @Get('properties')
  async list(): Promise<Page> {
    const response = await firstValueFrom(this.http.get<Page>('/properties'));
    assert.equal(response.status, 200);
    return response.data;
  }
}

@Module({
  imports: [
    DidomiModule.forRootAsync({
      useFactory: () => ({ baseURL: didomi.baseURL, apiKey: didomi.apiKey, apiSecret: didomi.apiSecret }),
    }),
  ],
  controllers: [PropertiesController],
})
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
const response = await fetch(`${await app.getUrl()}/properties`);
assert.equal(response.status, 200);
const page = (await response.json()) as Page;
assert.equal(page.data[0]?.id, 'property-website');
assert.equal(didomi.tokenRequests, 1);
await app.close();
await didomi.stop();

const { version } = createRequire(import.meta.url)('@nestjs/core/package.json') as { version: string };
console.log(`ok esm-nest12 node ${process.version} nest v${version}`);
