import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { DidomiTestingController, DidomiTestingModule } from 'nestjs-didomi/testing';
import { firstValueFrom } from 'rxjs';
import { PropertiesService } from '../src/properties/properties.service.js';

describe('PropertiesService', () => {
  let properties: PropertiesService;
  let didomi: DidomiTestingController;

  beforeEach(async () => {
    const module = await Test.createTestingModule({
      imports: [DidomiTestingModule.forRoot()],
      providers: [PropertiesService],
    }).compile();
    properties = module.get(PropertiesService);
    didomi = module.get(DidomiTestingController);
  });

  afterEach(() => didomi.verify());

  it('keeps of a property what the API of the sample has', async () => {
    const list = firstValueFrom(properties.list());
    const website = { id: 'property-1', name: 'Website', type: 'website' };
    const request = await didomi.expectOne({ method: 'GET', url: '/properties' });
    request.flush({ total: 1, limit: 100, skip: 0, data: [{ ...website, organization_id: 'acme' }] });
    expect(await list).toEqual([website]);
  });

  it('goes on after the access token was revoked', async () => {
    didomi.when('/properties').reply({ data: [] });
    await firstValueFrom(properties.list());
    didomi.revokeAccessToken();
    expect(await firstValueFrom(properties.list())).toEqual([]);
    expect(didomi.accessTokenRequests).toBe(2);
  });

  it('passes a failure of Didomi on', async () => {
    didomi.when('/properties').reply(undefined, { status: 403 });
    await expect(firstValueFrom(properties.list())).rejects.toMatchObject({ code: 'DIDOMI_API', status: 403 });
  });
});
