import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import jestConfig from '../../jest.config.mjs';
import { COMPILER_OPTIONS, root } from './projects.mjs';

/** Runs the specs of the ES module application. Jest in CommonJS mode does not load Nest 12, so that it is not tried here. */
export function runSpecs({ esm }) {
  const specsOf = (runner) => esm.files.filter(({ runners }) => runners.includes(runner)).map(({ path }) => path);
  return Object.entries({ jest: runJest, vitest: runVitest, 'node-test': runNodeTest }).flatMap(([name, run]) => {
    const specs = specsOf(name);
    if (specs.length === 0) return [`No spec runs in ${name}`];
    const { status, signal } = run(esm, specs);
    console.log(`${specs.length} specs run in ${name}`);
    return status === 0 ? [] : [`Specs do not pass in ${name} (exit code ${status ?? signal})`];
  });
}

function runJest({ cwd }, specs) {
  writeFileSync(join(cwd, 'jest-setup.mjs'), "import { jest } from '@jest/globals';\nglobalThis.jest = jest;\n");
  writeFileSync(join(cwd, 'jest.config.mjs'), JEST_CONFIG);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  return node(cwd, [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--maxWorkers=2',
    '--runTestsByPath',
    ...specs,
  ]);
}

const { extensionsToTreatAsEsm, testEnvironment, transform } = jestConfig;
const JEST_CONFIG = `export default ${JSON.stringify({
  testEnvironment,
  extensionsToTreatAsEsm,
  transform,
  // Jest has the global `jest` in CommonJS only.
  setupFiles: ['./jest-setup.mjs'],
  testRegex: '[.-]spec\\.ts$',
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
})};
`;

function runVitest({ cwd }, specs) {
  const config = `export default { test: { globals: true, root: './', include: ${JSON.stringify(specs)} } };\n`;
  writeFileSync(join(cwd, 'vitest.config.mjs'), config);
  return node(cwd, [join(root, 'node_modules/vitest/vitest.mjs'), 'run']);
}

/** node:test runs JavaScript: the whole application is compiled beside itself. */
function runNodeTest({ cwd, files }, specs) {
  const dist = join(dirname(cwd), 'node-test');
  const compilerOptions = { ...COMPILER_OPTIONS, module: 'esnext', noEmit: false };
  for (const { path } of files) {
    const { outputText } = ts.transpileModule(ts.sys.readFile(join(cwd, path)), { compilerOptions });
    const target = scriptOf(join(dist, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  writeFileSync(join(dist, 'package.json'), JSON.stringify({ type: 'module' }));
  return node(dist, ['--test', ...specs.map(scriptOf)]);
}

function scriptOf(path) {
  return path.replace(/\.ts$/, '.js');
}

function node(cwd, args) {
  return spawnSync(process.execPath, args, { cwd, stdio: 'inherit', timeout: 120_000 });
}
