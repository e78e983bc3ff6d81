import type { FakeDidomi } from 'nestjs-didomi/testing';
import { type Fault, FAULTS } from './faults.js';

/** The fake Didomi of one brand, and what is wrong with it now. */
export class FakeBrand {
  readonly #takeBack = new Map<Fault, () => void>();

  constructor(
    readonly id: string,
    readonly didomi: FakeDidomi,
  ) {}

  get faults(): Fault[] {
    return [...this.#takeBack.keys()];
  }

  begin(fault: Fault): void {
    if (this.#takeBack.has(fault)) return;
    const { match, fault: answer } = FAULTS[fault];
    this.#takeBack.set(fault, this.didomi.script(match, answer));
  }

  end(fault: Fault): void {
    this.#takeBack.get(fault)?.();
    this.#takeBack.delete(fault);
  }

  endAll(): void {
    for (const fault of this.faults) this.end(fault);
  }
}
