/*
 * Builds the library twice: ES modules in dist/esm, and CommonJS in dist/cjs for what cannot load ES modules, above all Jest in
 * CommonJS mode. Each folder has a package.json that tells Node.js its format.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FORMATS = [
  { folder: 'esm', type: 'module', project: 'tsconfig.build.json' },
  { folder: 'cjs', type: 'commonjs', project: 'tsconfig.build.cjs.json' },
];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/bin/tsc');
const entries = Object.values(require('../package.json').exports).filter((entry) => typeof entry === 'object');

async function build({ folder, type, project }) {
  const [code] = await once(spawn(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`tsc -p ${project} ended with code ${code}`);
  const out = join(dist, folder);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'package.json'), `${JSON.stringify({ type })}\n`);
  await removeInternalDeclarations(out);
}

/** Most declarations are of internal modules: no entry leads there, and no compiler ever reads them. */
async function removeInternalDeclarations(out) {
  const reached = new Set(entries.map((entry) => join(out, relative('dist/esm', entry.import.types))));
  for (const file of reached) {
    const text = await readFile(file, 'utf8');
    for (const [, path] of text.matchAll(/\b(?:from |import |import\(|require\()['"](\.[^'"]+)\.js['"]/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  for (const file of await readdir(out, { recursive: true })) {
    if (file.endsWith('.d.ts') && !reached.has(join(out, file))) await rm(join(out, file));
  }
}

const started = performance.now();
console.log('Building the library, which takes a few seconds …');
await rm(dist, { recursive: true, force: true });
try {
  await Promise.all(FORMATS.map(build));
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`Built ${FORMATS.map(({ folder }) => relative(root, join(dist, folder))).join(' and ')} in ${seconds} s`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
