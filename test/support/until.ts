const PATIENCE_MS = 10_000;

/** Lets everything else run until the condition holds; a test whose condition never does fails. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`not true within ${PATIENCE_MS} ms: ${String(condition)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
