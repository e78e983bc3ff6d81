import 'reflect-metadata';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Test } from '@nestjs/testing';
import axios from 'axios';
import {
  DidomiApi,
  DidomiAuthService,
  DidomiHttpService,
  DidomiModule,
  getDidomiHttpAdapterToken,
} from 'nestjs-didomi';

/**
 * The library in a Nest application.
 *
 * @param options of `DidomiModule.forRoot()`, without the credentials.
 * @param adapter replaces the transport; absent: Axios' own.
 */
export async function startDidomi(options = {}, adapter) {
  const didomi = DidomiModule.forRoot({
    apiKey: 'fake-api-key',
    apiSecret: 'fake-api-secret',
    warmup: 'required',
    ...options,
  });
  const builder = Test.createTestingModule({ imports: [didomi] }).setLogger(false);
  if (adapter !== undefined) builder.overrideProvider(getDidomiHttpAdapterToken()).useValue(adapter);
  const module = await builder.compile();
  await module.init();
  return {
    api: module.get(DidomiApi),
    http: module.get(DidomiHttpService),
    auth: module.get(DidomiAuthService),
    stop: () => module.close(),
  };
}

/** `HttpService` of `@nestjs/axios`, from its own module. */
export async function startHttpService(config) {
  const module = await Test.createTestingModule({ imports: [HttpModule.register(config)] })
    .setLogger(false)
    .compile();
  return { http: module.get(HttpService), stop: () => module.close() };
}

export function createAxios(config) {
  return axios.create(config);
}
