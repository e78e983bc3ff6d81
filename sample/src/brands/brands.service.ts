import { Injectable, NotFoundException } from '@nestjs/common';
import {
  DidomiApi,
  DidomiAuthService,
  DidomiHttpService,
  InjectDidomiApi,
  InjectDidomiAuth,
  InjectDidomiHttp,
} from 'nestjs-didomi';
import { type Brand, BRAND_B } from './brand.js';

/** Which client of Didomi belongs to which brand. */
@Injectable()
export class BrandsService {
  readonly all: readonly Brand[];

  constructor(
    apiA: DidomiApi,
    authA: DidomiAuthService,
    httpA: DidomiHttpService,
    @InjectDidomiApi(BRAND_B) apiB: DidomiApi,
    @InjectDidomiAuth(BRAND_B) authB: DidomiAuthService,
    @InjectDidomiHttp(BRAND_B) httpB: DidomiHttpService,
  ) {
    this.all = [
      { id: 'brand-a', name: 'Brand A', client: 'default client', api: apiA, auth: authA, http: httpA },
      { id: 'brand-b', name: 'Brand B', client: `client '${BRAND_B}'`, api: apiB, auth: authB, http: httpB },
    ];
  }

  /** @throws NotFoundException if there is no such brand. */
  find(id: string): Brand {
    const brand = this.all.find((each) => each.id === id);
    if (brand === undefined) throw new NotFoundException('There is no such brand');
    return brand;
  }
}
