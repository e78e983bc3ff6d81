// An application without a web server and without ScheduleModule: CommonJS, Nest 12.
require('reflect-metadata');
const assert = require('node:assert/strict');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { DidomiHttpService, DidomiModule } = require('nestjs-didomi');
const { FakeDidomi } = require('nestjs-didomi/testing');
const { firstValueFrom } = require('rxjs');

async function main() {
  const didomi = await FakeDidomi.start();
  class AppModule {}
  Module({
    imports: [
      DidomiModule.forRootAsync({
        useFactory: () => ({ baseURL: didomi.baseURL, apiKey: didomi.apiKey, apiSecret: didomi.apiSecret }),
      }),
    ],
  })(AppModule);

  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const response = await firstValueFrom(app.get(DidomiHttpService, { strict: false }).get('/properties'));
  assert.equal(response.status, 200);
  assert.equal(response.data.data[0].id, 'property-website');
  assert.equal(didomi.tokenRequests, 1);
  await app.close();
  await didomi.stop();

  const { version } = require('@nestjs/core/package.json');
  console.log(`ok cjs-nest12 node ${process.version} nest v${version}`);
}

void main();
