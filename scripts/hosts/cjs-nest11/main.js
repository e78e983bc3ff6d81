// An application without a web server but with ScheduleModule: CommonJS, Nest 11, where Nest itself is CommonJS as well.
require('reflect-metadata');
const assert = require('node:assert/strict');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ScheduleModule, SchedulerRegistry } = require('@nestjs/schedule');
const { DidomiHttpService, DidomiModule } = require('nestjs-didomi');
const { FakeDidomi } = require('nestjs-didomi/testing');
const { firstValueFrom } = require('rxjs');

async function main() {
  const didomi = await FakeDidomi.start();
  class AppModule {}
  Module({
    imports: [
      ScheduleModule.forRoot(),
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
  // Listed only if the library and the application agree on what SchedulerRegistry is.
  assert.deepEqual([...app.get(SchedulerRegistry, { strict: false }).getCronJobs().keys()], ['didomi-access-token']);
  await app.close();
  await didomi.stop();

  const { version } = require('@nestjs/core/package.json');
  console.log(`ok cjs-nest11 node ${process.version} nest v${version}`);
}

void main();
