/** The value as JSON; undefined if it cannot be written, being circular or nested too deeply, say. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
