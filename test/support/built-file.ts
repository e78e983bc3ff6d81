import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file in `dist`, for a child process to load. Throws if the library has not been built. */
export function builtFile(name: string): string {
  const path = fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`dist/${name} does not exist: run npm run build first`);
  return path;
}
