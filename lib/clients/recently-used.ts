/** Keeps the values that were used last, and lets go of the others. */
export class RecentlyUsed<V> {
  /** The one that was used least recently comes first. */
  readonly #values = new Set<V>();

  constructor(private readonly max: number) {}

  use(value: V): void {
    this.#values.delete(value);
    this.#values.add(value);
    if (this.#values.size <= this.max) return;
    for (const oldest of this.#values) {
      this.#values.delete(oldest);
      break;
    }
  }

  /** Lets go of those that this applies to. */
  drop(applies: (value: V) => boolean): void {
    for (const value of this.#values) if (applies(value)) this.#values.delete(value);
  }

  get values(): Iterable<V> {
    return this.#values;
  }
}
