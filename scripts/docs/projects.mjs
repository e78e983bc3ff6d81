import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const scratch = join(root, 'docs-snippets');

/** What `nest new` writes and the snippets build on. */
const TEMPLATE = [
  {
    path: 'src/app.controller.ts',
    code: `import { Controller, Get } from '@nestjs/common';
import { AppService } from './app.service';

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Get()
  getHello(): string {
    return this.appService.getHello();
  }
}
`,
  },
  {
    path: 'src/app.service.ts',
    code: `import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  getHello(): string {
    return 'Hello World!';
  }
}
`,
  },
].map((file) => ({ ...file, page: `nest new: ${file.path}`, line: 0, runners: [] }));

/** The compiler options of `nest new`, with `strict`. */
export const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  target: 'ES2023',
  skipLibCheck: true,
  strict: true,
  noEmit: true,
};

/** `@types/jest` cannot stand beside the globals of Vitest. */
const JEST_GLOBALS = `import type * as runner from '@jest/globals';

declare global {
${['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it', 'jest']
  .map((name) => `  const ${name}: typeof runner.${name};`)
  .join('\n')}
}
`;

/**
 * Writes the snippets into two applications, one of CommonJS and one of ES modules, and passes these on. They stand inside of the
 * repository, so that they find what is installed there, and the library by its name.
 */
export function withProjects(snippets, use) {
  const files = [...TEMPLATE, ...snippets];
  const known = new Map();
  for (const { path, page, line } of files) {
    if (known.has(path)) return [`${page}:${line}: ${path} is there twice, see ${known.get(path)}`];
    known.set(path, `${page}:${line}`);
  }
  rmSync(scratch, { recursive: true, force: true });
  try {
    mkdirSync(join(scratch, 'node_modules'), { recursive: true });
    symlinkSync(root, join(scratch, 'node_modules/nestjs-didomi'), 'junction');
    return use({
      commonJs: writeProject('commonjs', files, 'jest', (code) => code),
      esm: writeProject('module', files, 'vitest', withExtensions),
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param runner the test runner whose globals there are, so that specs for another one are not part of what is compiled. */
function writeProject(type, files, runner, convert) {
  const cwd = join(scratch, type);
  const write = (path, text) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  const types = runner === 'vitest' ? ['node', 'vitest/globals'] : ['node'];
  const isCompiled = ({ runners }) => runners.length === 0 || runners.includes(runner) || runners.includes('node-test');
  const compiled = files.filter(isCompiled).map(({ path }) => path);
  if (runner === 'jest') {
    write('jest-globals.d.ts', JEST_GLOBALS);
    compiled.push('jest-globals.d.ts');
  }
  write('package.json', JSON.stringify({ type }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, types }, files: compiled }));
  for (const { path, code } of files) write(path, convert(code));
  return { cwd, files, compiled, types };
}

/** Relative imports as ES modules need them. */
function withExtensions(code) {
  return code.replaceAll(/((?:\bfrom|\bimport\(?)\s*')(\.{1,2}\/[^']*)'/g, "$1$2.js'");
}
