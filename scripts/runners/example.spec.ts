// One spec for every test runner: it uses nothing of theirs but the globals that all of them can provide.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { DIDOMI_RUNTIME, DidomiHttpService, DidomiModule, InjectDidomiHttp, isDidomiError } from 'nestjs-didomi';
import { DidomiTestingController, DidomiTestingModule, FakeDidomi } from 'nestjs-didomi/testing';
import { firstValueFrom, map, type Observable } from 'rxjs';

declare function describe(title: string, body: () => void): void;
declare function it(title: string, body: () => Promise<void>): void;
declare function afterEach(body: () => Promise<void>): void;

@Injectable()
class Properties {
  constructor(private readonly didomi: DidomiHttpService) {}

  list(): Observable<unknown> {
    return this.didomi.get<unknown>('/properties').pipe(map(({ data }) => data));
  }
}

@Injectable()
class Brands {
  constructor(
    readonly brandA: DidomiHttpService,
    @InjectDidomiHttp('brand-b') readonly brandB: DidomiHttpService,
  ) {}
}

@Module({
  imports: [
    DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'required' }),
    DidomiModule.forRoot({ name: 'brand-b', apiKey: 'key', apiSecret: 'secret', warmup: 'required' }),
  ],
  providers: [Brands],
})
class AppModule {}

describe('nestjs-didomi/testing', () => {
  let module: TestingModule | undefined;

  afterEach(async () => {
    await module?.close();
    module = undefined;
  });

  it('stands in for Didomi towards one class', async () => {
    module = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot()],
      providers: [Properties],
    }).compile();
    const didomi = module.get(DidomiTestingController);
    const list = firstValueFrom(module.get(Properties).list());
    (await didomi.expectOne({ method: 'GET', url: '/properties' })).flush([1]);
    assert.deepEqual(await list, [1]);

    didomi.when('/properties').error('reset').reply([2]);
    didomi.revokeAccessToken();
    assert.deepEqual(await firstValueFrom(module.get(Properties).list()), [2]);
    assert.equal(didomi.accessTokenRequests, 2);
    didomi.verify();
  });

  it('says what has arrived when nothing suits', async () => {
    module = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot({ arrivalTimeoutMs: 5 })],
    }).compile();
    await assert.rejects(module.get(DidomiTestingController).expectOne('/x'), /No request has arrived/);
  });

  it('stands in for Didomi towards a whole application', async () => {
    const didomi = new DidomiTestingController();
    module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(DIDOMI_RUNTIME)
      .useValue(didomi)
      .compile();
    await module.init();
    const { brandA, brandB } = module.get(Brands);
    didomi.when('/x').reply('a');
    didomi.client('brand-b').when('/x').reply('b');
    const answers = await Promise.all([brandA.axiosRef.get<string>('/x'), brandB.axiosRef.get<string>('/x')]);
    assert.deepEqual(
      answers.map(({ data }) => data),
      ['a', 'b'],
    );

    didomi.goDown('refused');
    await assert.rejects(
      brandA.axiosRef.post('/x'),
      (error) => isDidomiError(error) && error.code === 'DIDOMI_TRANSPORT',
    );
    didomi.verify();
  });

  it('brings a Didomi of its own along', async () => {
    const didomi = await FakeDidomi.start();
    const { apiKey, apiSecret, baseURL } = didomi;
    module = await Test.createTestingModule({
      imports: [DidomiModule.forRoot({ apiKey, apiSecret, baseURL })],
      providers: [Properties],
    }).compile();
    await module.init();
    const page = (await firstValueFrom(module.get(Properties).list())) as { data: unknown[] };
    assert.ok(page.data.length > 0);
    await didomi.stop();
  });
});
