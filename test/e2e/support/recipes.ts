import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// Inside of the repository, so that the recipes find what is installed there, and the library by its name.
const directory = join(root, 'coverage', `recipes-${process.pid}-${Date.now()}`);

/** Compiles the files that a page shows, and nothing else, into a folder whose path is returned. */
export function compileRecipes(page: string): string {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const text = readFileSync(join(root, page), 'utf8');
  for (const [, path, code] of text.matchAll(/^```ts\n\/\/ (src\/\S+)\.ts\n(.*?)^```/gms)) {
    const { outputText } = ts.transpileModule(code!, { compilerOptions });
    const file = join(directory, `${path}.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText.replaceAll(/(from ')(\.[^']*)'/g, "$1$2.js'"));
  }
  return join(directory, 'src');
}

export function removeRecipes(): void {
  rmSync(directory, { recursive: true, force: true });
}
