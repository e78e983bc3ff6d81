import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';

/*
 * What a customer gets: everything here looks at the tarball, unpacked where npm would put it. The lists are written out on
 * purpose. A failure says that the public API changes: change the list, and the CHANGELOG with it.
 */

const ENTRIES = [
  {
    entry: 'nestjs-didomi',
    declarations: 'dist/index.d.ts',
    values: [
      'DIDOMI_RUNTIME',
      'DidomiApiError',
      'DidomiAuthService',
      'DidomiAuthenticationError',
      'DidomiClock',
      'DidomiConfigurationError',
      'DidomiError',
      'DidomiExceptionFilter',
      'DidomiHttpService',
      'DidomiModule',
      'DidomiPages',
      'DidomiRequestError',
      'DidomiTransportError',
      'InjectDidomiAuth',
      'InjectDidomiHttp',
      'didomiPath',
      'getDidomiAuthServiceToken',
      'getDidomiHttpAdapterToken',
      'getDidomiHttpServiceToken',
      'isDidomiApiError',
      'isDidomiAuthenticationError',
      'isDidomiConfigurationError',
      'isDidomiError',
      'isDidomiRequestError',
      'isDidomiTransportError',
    ],
    types: [
      'DidomiApiErrorResponse',
      'DidomiAuthPhase',
      'DidomiAuthStatus',
      'DidomiAuthenticationReason',
      'DidomiAxiosInstance',
      'DidomiAxiosOptions',
      'DidomiCredentials',
      'DidomiErrorCode',
      'DidomiExceptionFilterOptions',
      'DidomiExceptionResponse',
      'DidomiModuleExtras',
      'DidomiModuleOptions',
      'DidomiOptionsFactory',
      'DidomiPageConfig',
      'DidomiRateLimit',
      'DidomiRefreshOptions',
      'DidomiRequestConfig',
      'DidomiRequestOptions',
      'DidomiRetryOptions',
      'DidomiRuntime',
      'DidomiTransportReason',
      'DidomiWarmup',
    ],
  },
  {
    entry: 'nestjs-didomi/testing',
    declarations: 'dist/testing/index.d.ts',
    values: ['DidomiTestingController', 'DidomiTestingModule', 'FakeDidomi', 'getDidomiTestingControllerToken'],
    types: [
      'DidomiStandingAnswers',
      'DidomiTestAnswerOptions',
      'DidomiTestFailure',
      'DidomiTestMatch',
      'DidomiTestRequest',
      'DidomiTestingOptions',
      'FakeDidomiAccessTokenClaims',
      'FakeDidomiFault',
      'FakeDidomiMatch',
      'FakeDidomiOptions',
      'FakeDidomiRequest',
      'FakeDidomiSeed',
      'FakeDidomiState',
    ],
  },
];

interface Manifest {
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

let application: string; // a folder whose node_modules holds the unpacked library
let library: string;
let files: string[]; // of the library, relative to it
let manifest: Manifest;

beforeAll(async () => {
  if (!existsSync(join(repository, 'dist/index.js'))) throw new Error('There is no dist: run npm run build first');
  application = await realpath(await mkdtemp(join(tmpdir(), 'nestjs-didomi-')));
  library = join(application, 'node_modules/nestjs-didomi');
  await mkdir(library, { recursive: true });

  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', application], { cwd: repository });
  const tarball = (await readdir(application)).find((name) => name.endsWith('.tgz')) ?? 'no tarball';
  await run('tar', ['-xzf', join(application, tarball), '-C', library, '--strip-components=1']);

  const entries = await readdir(library, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(library, posix.join(entry.parentPath, entry.name)))
    .sort();
  manifest = JSON.parse(await text('package.json')) as Manifest;

  // Only what the library declares, so that it cannot use anything else; links, so that there is one copy of each peer.
  for (const name of declared()) {
    const link = join(application, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(repository, 'node_modules', name), link);
  }
}, 60_000);

afterAll(async () => {
  await rm(application, { recursive: true, force: true });
});

describe('package.json', () => {
  it('depends on what it imports and leaves to the application what has to exist once', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['cron']);
    expect(manifest.peerDependencies).toMatchObject({
      '@nestjs/axios': '^4.0.0 || ^12.0.0',
      '@nestjs/common': '^11.0.0 || ^12.0.0',
      '@nestjs/core': '^11.0.0 || ^12.0.0',
      '@nestjs/schedule': '^6.0.0 || ^12.0.0',
      axios: expect.stringMatching(/^\^1\.\d+\.\d+$/),
      'reflect-metadata': expect.any(String),
      rxjs: expect.stringMatching(/^\^7\.\d+\.\d+$/),
    });
  });

  it('has an application that uses the lowest version of every peer', async () => {
    const host = join(repository, 'scripts/hosts/esm-lowest/package.json');
    const { dependencies } = JSON.parse(await readFile(host, 'utf8')) as Manifest;
    const lowest = Object.entries(manifest.peerDependencies ?? {}).map(
      ([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0]] as const,
    );
    expect(dependencies).toEqual(Object.fromEntries(lowest));
  });

  it('asks for a Node that can load an ES module by require()', () => {
    expect(manifest.engines).toEqual({ node: '^20.19.0 || ^22.12.0 || >=24.0.0' });
  });
});

describe('files', () => {
  it('are the build, its sources and the texts', () => {
    const top = new Set(files.map((file) => file.split('/', 1).join()));
    expect([...top].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist',
      'lib',
      'package.json',
    ]);
    expect(
      files.filter((file) => /^(dist|lib)\//.test(file) && !/^(dist\/.*\.(js|d\.ts)(\.map)?|lib\/.*\.ts)$/.test(file)),
    ).toEqual([]);
    expect(files.filter((file) => /(^|[./])(spec|tests?)[./]/.test(file))).toEqual([]);
  });

  it('have source maps that lead to a packed source', async () => {
    const built = files.filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file));
    expect(built.length).toBeGreaterThan(0);
    const lost: string[] = [];
    for (const file of built) {
      const [, map = ''] = /^\/\/# sourceMappingURL=(\S+)$/m.exec(await text(file)) ?? [];
      const mapFile = posix.join(posix.dirname(file), map);
      if (!files.includes(mapFile) || mapFile === posix.dirname(file)) {
        lost.push(`${file} -> ${map || 'no map'}`);
        continue;
      }
      const { sources } = JSON.parse(await text(mapFile)) as { sources: string[] };
      const missing = sources.filter((source) => !files.includes(posix.join(posix.dirname(mapFile), source)));
      lost.push(...missing.map((source) => `${mapFile} -> ${source}`));
    }
    expect(lost).toEqual([]);
  });
});

it('the command nestjs-didomi-fake runs from the package', async () => {
  const command = manifest.bin?.['nestjs-didomi-fake'] ?? 'no bin';
  expect(await text(command)).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { stdout } = await run(process.execPath, [join(library, command), '--version']);
  expect(stdout).toBe(`${manifest.version}\n`);
});

describe.each(ENTRIES)('$entry', ({ entry, declarations, values, types }) => {
  it('exports these values to import and to require()', async () => {
    const imported = `import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all)));`;
    const required = `console.log(JSON.stringify(Object.keys(require('${entry}'))));`;
    expect(await namesPrintedBy('--input-type=module', '-e', imported)).toEqual(values);
    expect(await namesPrintedBy('--input-type=commonjs', '-e', required)).toEqual(values);
  });

  it('declares these values and types, without an error where consumers check declarations', () => {
    // skipLibCheck would skip the very files that are of interest here.
    const options = ts.convertCompilerOptionsFromJson(
      { module: 'nodenext', target: 'es2023', lib: ['es2023'], strict: true, skipLibCheck: false, types: ['node'] },
      repository,
    ).options;
    options.typeRoots = [join(repository, 'node_modules/@types')];
    const resolved = ts.resolveModuleName(entry, join(application, 'main.mts'), options, ts.sys).resolvedModule;
    expect(resolved?.resolvedFileName).toBe(join(library, declarations));

    const program = ts.createProgram([join(library, declarations)], options);
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(join(library, declarations))!;
    const names = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).map((symbol) => symbol.name);
    expect(names.sort()).toEqual([...values, ...types].sort());

    const problems = program
      .getSourceFiles()
      .filter((file) => file.fileName.startsWith(library))
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    expect(ts.formatDiagnostics(problems, formatHost)).toBe('');
  });

  it('loads only what package.json declares', async () => {
    const { packages } = await importGraph(declarations.replace('.d.ts', '.js'));
    const { packages: ofTypes } = await importGraph(declarations);
    const known = declared();
    expect([...packages, ...ofTypes].filter((name) => !known.includes(name))).toEqual([]);
  });
});

it('nestjs-didomi loads nothing of nestjs-didomi/testing', async () => {
  const { modules } = await importGraph('dist/index.js');
  expect(modules).toContain('dist/didomi.module.js');
  expect([...modules].filter((file) => file.startsWith('dist/testing/'))).toEqual([]);
});

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => application,
  getNewLine: () => '\n',
};

function declared(): string[] {
  return [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies ?? {})];
}

async function text(file: string): Promise<string> {
  return readFile(join(library, file), 'utf8');
}

async function namesPrintedBy(...args: string[]): Promise<string[]> {
  const { stdout } = await run(process.execPath, args, { cwd: application });
  return (JSON.parse(stdout) as string[]).sort();
}

/** All modules of the library that `start` leads to, `import()` included, and the packages that these import. */
async function importGraph(start: string): Promise<{ modules: Set<string>; packages: Set<string> }> {
  const modules = new Set([start]);
  const packages = new Set<string>();
  for (const module of modules) {
    for (const { fileName } of ts.preProcessFile(await text(module), true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        const target = posix.join(posix.dirname(module), fileName);
        modules.add(start.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
      } else if (!fileName.startsWith('node:')) {
        packages.add(/^(@[^/]+\/)?[^/]+/.exec(fileName)![0]);
      }
    }
  }
  return { modules, packages };
}
