// The lowest version of every peer range. Compiled with skipLibCheck off, so the declarations are checked against them too.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import axios from 'axios';
import {
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  InjectDidomiHttp,
  isDidomiApiError,
  type DidomiModuleOptions,
  type DidomiRequestConfig,
} from 'nestjs-didomi';
import { DidomiHealthIndicator } from 'nestjs-didomi/terminus';
import { FakeDidomi } from 'nestjs-didomi/testing';
import { firstValueFrom } from 'rxjs';

const didomi = await FakeDidomi.start();
const options: DidomiModuleOptions = { baseURL: didomi.baseURL, apiKey: didomi.apiKey, apiSecret: didomi.apiSecret };

interface Property {
  readonly id: string;
}

@Injectable()
class Properties {
  constructor(
    @Inject(DidomiHttpService) private readonly http: DidomiHttpService,
    @InjectDidomiHttp('brand-b') private readonly other: DidomiHttpService,
  ) {}

  async list(): Promise<string[]> {
    const config: DidomiRequestConfig = { didomi: { retry: false } };
    const { data } = await firstValueFrom(this.http.get<{ data: Property[] }>('/properties', config));
    return data.data.map(({ id }) => id);
  }

  async statusOfMissing(): Promise<number | undefined> {
    return await this.other.axiosRef.get('/properties/none').then(
      ({ status }) => status,
      (error: unknown) => (isDidomiApiError(error) ? error.status : undefined),
    );
  }
}

@Module({
  imports: [
    ScheduleModule.forRoot(),
    TerminusModule,
    DidomiModule.forRootAsync({ useFactory: () => options }),
    DidomiModule.forRoot({ ...options, name: 'brand-b' }),
  ],
  providers: [Properties, DidomiHealthIndicator],
})
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
assert.equal((await app.get(Properties).list())[0], 'property-website');
assert.equal(await app.get(Properties).statusOfMissing(), 404);
assert.equal(app.get(DidomiAuthService, { strict: false }).status.phase, 'fresh');
assert.deepEqual([...app.get(SchedulerRegistry, { strict: false }).getCronJobs().keys()].sort(), [
  'didomi-access-token',
  'didomi-access-token:brand-b',
]);
const indicator = app.get(DidomiHealthIndicator);
const health = await app
  .get(HealthCheckService, { strict: false })
  .check([() => indicator.check('didomi'), () => indicator.check('other', { client: 'brand-b' })]);
assert.deepEqual(
  [health.status, health.details['didomi']?.status, health.details['other']?.['phase']],
  ['ok', 'up', 'fresh'],
);
await app.close();
await didomi.stop();

console.log(`ok esm-lowest node ${process.version} axios ${axios.VERSION}`);
