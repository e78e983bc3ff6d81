/** A map that keeps no value alive: it finds a value for as long as somebody else uses it. */
export class WeakValues<V extends object> {
  readonly #references = new Map<string, WeakRef<V>>();
  readonly #collected = new FinalizationRegistry<string>((key) => {
    // By now there may be another value.
    if (this.get(key) === undefined) this.#references.delete(key);
  });

  get(key: string): V | undefined {
    return this.#references.get(key)?.deref();
  }

  set(key: string, value: V): void {
    this.#references.set(key, new WeakRef(value));
    this.#collected.register(value, key);
  }

  /** Those that are still in use. */
  values(): V[] {
    return [...this.#references.values()].flatMap((reference) => reference.deref() ?? []);
  }
}
