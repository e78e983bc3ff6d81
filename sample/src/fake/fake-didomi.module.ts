import { type DynamicModule, Module, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { FakeBrands } from './fake-brands.js';
import { FakeController } from './fake.controller.js';

/**
 * An application together with the fakes of Didomi that it talks to: they stop when the application shuts down. Global, so that
 * the status page can tell whether there are any.
 */
@Module({ controllers: [FakeController] })
export class FakeDidomiModule implements OnApplicationShutdown {
  constructor(private readonly fakes: FakeBrands) {}

  static around(app: Type, fakes: FakeBrands): DynamicModule {
    return {
      module: FakeDidomiModule,
      global: true,
      imports: [app],
      providers: [{ provide: FakeBrands, useValue: fakes }],
      exports: [FakeBrands],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.fakes.stop();
  }
}
