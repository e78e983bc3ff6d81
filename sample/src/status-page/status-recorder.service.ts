import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Subscription } from 'rxjs';
import { BrandsService } from '../brands/brands.service.js';
import { FakeBrands } from '../fake/fake-brands.js';
import { BrandHistory } from './brand-history.js';

/** With the fake, access tokens live for seconds: three minutes show it all. With Didomi, it takes an hour. */
const SAMPLE_MS = { fake: 1_000, didomi: 20_000 };
const OBSERVE_MS = 1_000;

/** Remembers what happened to the clients, so that a page that is opened later shows it, too. */
@Injectable()
export class StatusRecorder implements OnApplicationBootstrap, OnModuleDestroy {
  readonly run = randomUUID();
  readonly sampleMs: number;
  readonly histories: readonly BrandHistory[];
  readonly #subscriptions = new Subscription();
  #timer: NodeJS.Timeout | undefined;

  constructor(brands: BrandsService, @Optional() fakes?: FakeBrands) {
    this.sampleMs = fakes === undefined ? SAMPLE_MS.didomi : SAMPLE_MS.fake;
    this.histories = brands.all.map((brand) => new BrandHistory(brand, this.sampleMs));
    for (const history of this.histories) {
      const { auth, http } = history.brand;
      this.#subscriptions.add(auth.events$.subscribe((event) => history.addAuthEvent(event)));
      this.#subscriptions.add(http.events$.subscribe((event) => history.addRequestEvent(event)));
    }
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.observe(), OBSERVE_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.#subscriptions.unsubscribe();
  }

  observe(): void {
    const now = Date.now();
    for (const history of this.histories) history.observe(now);
  }
}
