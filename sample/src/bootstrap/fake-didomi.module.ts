import { type DynamicModule, Module, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { FakeDidomi } from 'nestjs-didomi/testing';

/** An application together with the fake Didomi it talks to: the fake stops when the application shuts down. */
@Module({})
export class FakeDidomiModule implements OnApplicationShutdown {
  constructor(private readonly didomi: FakeDidomi) {}

  static around(app: Type, didomi: FakeDidomi): DynamicModule {
    return { module: FakeDidomiModule, imports: [app], providers: [{ provide: FakeDidomi, useValue: didomi }] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.didomi.stop();
  }
}
