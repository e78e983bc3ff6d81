import { NotFoundException } from '@nestjs/common';
import type { FakeBrand } from './fake-brand.js';

/** The fakes that run in this process, one a brand. */
export class FakeBrands {
  constructor(readonly all: readonly FakeBrand[]) {}

  /** @throws NotFoundException if there is no such brand. */
  find(id: string): FakeBrand {
    const brand = this.all.find((each) => each.id === id);
    if (brand === undefined) throw new NotFoundException('There is no such brand');
    return brand;
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map(({ didomi }) => didomi.stop()));
  }
}
