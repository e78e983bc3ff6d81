import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import {
  DidomiApi,
  DidomiModule,
  getDidomiApiToken,
  getDidomiHttpAdapterToken,
  InjectDidomiApi,
  type DidomiModuleOptions,
} from '../../../lib/index.js';
import { DidomiTestingController, DidomiTestingModule } from '../../../lib/testing/index.js';
import { afterTest } from '../../support/after-test.js';
import { API_KEY, API_SECRET } from '../../support/create-client.js';
import { DidomiStub } from '../../support/didomi-stub.js';

@Injectable()
class Holder {
  @InjectDidomiApi('brand-b') readonly byProperty!: DidomiApi;

  constructor(
    readonly api: DidomiApi,
    @InjectDidomiApi() readonly sameApi: DidomiApi,
    @InjectDidomiApi('brand-b') readonly apiOfB: DidomiApi,
  ) {}
}

function optionsOf(organizationId: string): DidomiModuleOptions {
  return { apiKey: API_KEY, apiSecret: API_SECRET, organizationId, warmup: 'lazy', refresh: { cron: false } };
}

describe('DidomiApi', () => {
  it('is there for the default client and for named ones, each over its own client', async () => {
    const stubs = { default: new DidomiStub(), b: new DidomiStub() };
    const app = await Test.createTestingModule({
      imports: [
        DidomiModule.forRoot(optionsOf('a')),
        DidomiModule.forRootAsync({ name: 'brand-b', useFactory: () => optionsOf('b') }),
      ],
      providers: [Holder],
    })
      .overrideProvider(getDidomiHttpAdapterToken())
      .useValue(stubs.default.adapter)
      .overrideProvider(getDidomiHttpAdapterToken('brand-b'))
      .useValue(stubs.b.adapter)
      .compile();
    afterTest(() => app.close());
    const { api, sameApi, apiOfB, byProperty } = app.get(Holder);
    expect(sameApi).toBe(api);
    expect(app.get(getDidomiApiToken())).toBe(api);
    expect(byProperty).toBe(apiOfB);
    expect(app.get(getDidomiApiToken('brand-b'))).toBe(apiOfB);
    await api.request('POST /secrets', { body: { name: 'n' } });
    await apiOfB.request('POST /secrets', { body: { name: 'n' } });
    const sent = [stubs.default, stubs.b].map(({ apiRequests }) =>
      apiRequests.map(({ params, data }) => ({ params, data })),
    );
    expect(sent).toEqual(
      ['a', 'b'].map((organization_id) => [
        { params: { organization_id }, data: JSON.stringify({ name: 'n', organization_id }) },
      ]),
    );
  });

  it('prints no secret', async () => {
    const app = await Test.createTestingModule({ imports: [DidomiModule.forRoot(optionsOf('a'))] }).compile();
    afterTest(() => app.close());
    const printed = inspect(app.get(DidomiApi), { depth: null, showHidden: true }) + JSON.stringify(app.get(DidomiApi));
    expect(printed).not.toMatch(new RegExp(`${API_KEY}|${API_SECRET}`));
  });

  it('is there in the testing module, over the same controller', async () => {
    const app = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot({ organizationId: 'a' })],
    }).compile();
    afterTest(() => app.close());
    const answer = app.get(DidomiApi).request('GET /consents/users/{id}', { path: { id: 'a/b' } });
    const request = await app.get(DidomiTestingController).expectOne('/consents/users/a%2Fb');
    expect(request.method).toBe('GET');
    request.flush({ id: 'a/b' });
    expect(await answer).toEqual({ id: 'a/b' });
  });
});
