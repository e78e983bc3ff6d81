import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { importedModules } from './support/imported-modules.js';
import { PackedLibrary, repository, type Manifest } from './support/packed-library.js';

/*
 * What a customer gets: everything here looks at the tarball, unpacked where npm would put it. The lists are written out on
 * purpose. A failure says that the public API changes: change the list, and the CHANGELOG with it.
 */

const ENTRIES = [
  {
    entry: 'nestjs-didomi',
    path: 'index',
    values: [
      'DIDOMI_RUNTIME',
      'DidomiApi',
      'DidomiApiError',
      'DidomiAuthService',
      'DidomiAuthenticationError',
      'DidomiClients',
      'DidomiClientsModule',
      'DidomiClock',
      'DidomiConfigurationError',
      'DidomiError',
      'DidomiExceptionFilter',
      'DidomiHttpService',
      'DidomiModule',
      'DidomiPages',
      'DidomiRequestError',
      'DidomiTransportError',
      'InjectDidomiApi',
      'InjectDidomiAuth',
      'InjectDidomiHttp',
      'didomiPath',
      'getDidomiApiToken',
      'getDidomiAuthServiceToken',
      'getDidomiHttpAdapterToken',
      'getDidomiHttpServiceToken',
      'importConsentEvents',
      'isDidomiApiError',
      'isDidomiAuthenticationError',
      'isDidomiConfigurationError',
      'isDidomiError',
      'isDidomiRequestError',
      'isDidomiTransportError',
    ],
    types: [
      'DidomiApiErrorResponse',
      'Didomi',
      'DidomiResponseOf',
      'DidomiApiOptions',
      'DidomiApiResponse',
      'DidomiAdoptedEvent',
      'DidomiAuthEvent',
      'DidomiAuthPhase',
      'DidomiAuthStatus',
      'DidomiAuthenticationReason',
      'DidomiAxiosInstance',
      'DidomiAxiosOptions',
      'DidomiClient',
      'DidomiClientEvent',
      'DidomiClientOptions',
      'DidomiClientsModuleExtras',
      'DidomiClientsOptions',
      'DidomiClientsOptionsFactory',
      'DidomiCredentials',
      'DidomiCredentialsOptions',
      'DidomiErrorCode',
      'DidomiExceptionFilterOptions',
      'DidomiExceptionResponse',
      'DidomiKeyOptions',
      'DidomiBodyOf',
      'DidomiCursorPage',
      'DidomiEndedEvent',
      'DidomiFilter',
      'DidomiFilterOperators',
      'DidomiHttpCall',
      'DidomiHttpCallEvent',
      'DidomiHttpEvent',
      'DidomiImportBatch',
      'DidomiImportOptions',
      'DidomiImportProgress',
      'DidomiImportedEvent',
      'DidomiInvalidatedEvent',
      'DidomiItemOf',
      'DidomiListQuery',
      'DidomiListRoute',
      'DidomiModuleExtras',
      'DidomiModuleOptions',
      'DidomiNextAttemptReason',
      'DidomiOptionsFactory',
      'DidomiOrganizationCredentials',
      'DidomiPage',
      'DidomiPageConfig',
      'DidomiQueryOf',
      'DidomiRateLimit',
      'DidomiRefreshFailedEvent',
      'DidomiRefreshOptions',
      'DidomiRefreshTrigger',
      'DidomiRefreshedEvent',
      'DidomiRefusedEvent',
      'DidomiRejectedEvent',
      'DidomiReplayedEvent',
      'DidomiRequestConfig',
      'DidomiRequestCounts',
      'DidomiRequestOptions',
      'DidomiRequestTrace',
      'DidomiRetriedEvent',
      'DidomiRetryOptions',
      'DidomiRoute',
      'DidomiRoutes',
      'DidomiRuntime',
      'DidomiSentEvent',
      'DidomiSort',
      'DidomiTokenRequestTrace',
      'DidomiTokenStore',
      'DidomiTransport',
      'DidomiTransportReason',
      'DidomiWaitedEvent',
      'DidomiWarmup',
    ],
  },
  {
    entry: 'nestjs-didomi/terminus',
    path: 'terminus/index',
    values: ['DidomiHealthIndicator'],
    types: ['DidomiHealthOptions'],
  },
  {
    entry: 'nestjs-didomi/testing',
    path: 'testing/index',
    values: [
      'DidomiClientsTestingModule',
      'DidomiTestingController',
      'DidomiTestingModule',
      'FakeDidomi',
      'getDidomiTestingControllerToken',
    ],
    types: [
      'DidomiStandingAnswers',
      'DidomiTestAnswerOptions',
      'DidomiTestFailure',
      'DidomiTestMatch',
      'DidomiTestMatchOptions',
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
  {
    entry: 'nestjs-didomi/undici',
    path: 'undici/index',
    values: ['undiciAdapter'],
    types: ['DidomiUndiciOptions', 'DidomiUndiciSocketOptions'],
  },
];

const FORMATS = ['esm', 'cjs'] as const;

let library: PackedLibrary;
/** One for all entries in both formats: most of the time goes into the declarations of Node.js and Nest. */
let program: ts.Program;

beforeAll(async () => {
  library = await PackedLibrary.unpack();
  // skipLibCheck would skip the very files that are of interest here.
  const { options } = ts.convertCompilerOptionsFromJson(
    { module: 'nodenext', target: 'es2023', lib: ['es2023'], strict: true, skipLibCheck: false, types: ['node'] },
    repository,
  );
  options.typeRoots = [join(repository, 'node_modules/@types')];
  const roots = ENTRIES.flatMap(({ path }) => FORMATS.map((format) => `dist/${format}/${path}.d.ts`));
  program = ts.createProgram(
    roots.map((file) => join(library.folder, file)),
    options,
  );
}, 120_000);

afterAll(async () => {
  await library.remove();
});

describe('package.json', () => {
  it('depends on what it imports and leaves to the application what has to exist once', () => {
    expect(Object.keys(library.manifest.dependencies).sort()).toEqual(['cron']);
    expect(library.manifest.peerDependencies).toMatchObject({
      '@nestjs/axios': '^4.0.0 || ^12.0.0',
      '@nestjs/common': '^11.0.0 || ^12.0.0',
      '@nestjs/core': '^11.0.0 || ^12.0.0',
      '@nestjs/schedule': '^6.0.0 || ^12.0.0',
      '@nestjs/terminus': '^11.0.0 || ^12.0.0',
      axios: expect.stringMatching(/^\^1\.\d+\.\d+$/),
      'reflect-metadata': expect.any(String),
      rxjs: expect.stringMatching(/^\^7\.\d+\.\d+$/),
    });
  });

  it('has an application that uses the lowest version of every peer', async () => {
    const host = join(repository, 'scripts/hosts/esm-lowest/package.json');
    const { dependencies } = JSON.parse(await readFile(host, 'utf8')) as Manifest;
    const lowest = Object.entries(library.manifest.peerDependencies ?? {}).map(
      ([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0]] as const,
    );
    expect(dependencies).toEqual(Object.fromEntries(lowest));
  });

  it('asks for a Node that can load an ES module by require()', () => {
    expect(library.manifest.engines).toEqual({ node: '^20.19.0 || ^22.12.0 || >=24.0.0' });
  });
});

it('is built where it is installed from a git repository', () => {
  expect(library.manifest.scripts['prepare']).toContain('npm run');
});

describe('files', () => {
  it('are the build in two formats, and the texts', () => {
    const top = new Set(library.files.map((file) => file.split('/', 1).join()));
    top.delete('docs');
    expect([...top].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'dist', 'package.json']);
    const expected = /^dist\/(esm|cjs)\/(package\.json|.*\.(js|d\.ts))$/;
    expect(library.files.filter((file) => file.startsWith('dist/') && !expected.test(file))).toEqual([]);
    expect(library.files.filter((file) => /(^|[./])(spec|tests?)[./]/.test(file))).toEqual([]);
  });

  it('are few and small enough for an image of an application', async () => {
    const sizes = await Promise.all(library.files.map(async (file) => (await stat(join(library.folder, file))).size));
    expect(sizes.length).toBeLessThan(1_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(2_000_000);
  });

  it('name no file that is not there', async () => {
    const lost = [];
    for (const file of library.files.filter((name) => name.endsWith('.js'))) {
      if (/^\/\/# sourceMappingURL=/m.test(await library.text(file))) lost.push(file);
    }
    expect(lost).toEqual([]);
  });

  it.each(FORMATS)('hold the declarations that the entries lead to, and no other: %s', async (format) => {
    const reached = new Set<string>();
    for (const { path } of ENTRIES) {
      for (const file of (await importGraph(`dist/${format}/${path}.d.ts`)).modules) reached.add(file);
    }
    const packed = library.files.filter((file) => file.startsWith(`dist/${format}/`) && file.endsWith('.d.ts'));
    expect(packed).toEqual([...reached].sort());
  });
});

it('the command nestjs-didomi-fake runs from the package', async () => {
  const command = library.manifest.bin?.['nestjs-didomi-fake'] ?? 'no bin';
  expect(await library.text(command)).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(await library.node(join(library.folder, command), '--version')).toBe(`${library.manifest.version}\n`);
});

it('the declarations are without an error where consumers check them', () => {
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(library.folder));
  expect(own.length).toBeGreaterThan(ENTRIES.length * FORMATS.length);
  const problems = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  expect(ts.formatDiagnostics(problems, formatHost)).toBe('');
}, 120_000);

describe.each(ENTRIES)('$entry', ({ entry, path, values, types }) => {
  it('exports these values to import and to require()', async () => {
    const imported = `import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all)));`;
    expect(await namesPrintedBy('--input-type=module', imported)).toEqual(values);
    const ids = [entry, join(library.folder, `dist/cjs/${path}.js`)];
    const required = `console.log(JSON.stringify(${JSON.stringify(ids)}.flatMap((id) => Object.keys(require(id)))));`;
    expect(await namesPrintedBy('--input-type=commonjs', required)).toEqual([...values, ...values].sort());
  });

  it.each(FORMATS)('declares these values and types: %s', (format) => {
    const declarations = join(library.folder, `dist/${format}/${path}.d.ts`);
    const importer = join(library.application, format === 'esm' ? 'main.mts' : 'main.cts');
    const mode = format === 'esm' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
    const options = program.getCompilerOptions();
    const { resolvedModule } = ts.resolveModuleName(entry, importer, options, ts.sys, undefined, undefined, mode);
    expect(resolvedModule?.resolvedFileName).toBe(declarations);

    const checker = program.getTypeChecker();
    const source = program.getSourceFile(declarations)!;
    const names = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).map((symbol) => symbol.name);
    expect(names.sort()).toEqual([...values, ...types].sort());
  });

  it('loads only what package.json declares', async () => {
    for (const file of FORMATS.flatMap((format) => [`dist/${format}/${path}.js`, `dist/${format}/${path}.d.ts`])) {
      const { packages } = await importGraph(file);
      expect([...packages].filter((name) => !library.declared.includes(name))).toEqual([]);
    }
  });
});

it('nestjs-didomi/entities has types only, and loads nothing', async () => {
  const imported = `import * as all from 'nestjs-didomi/entities'; console.log(JSON.stringify(Object.keys(all)));`;
  expect(await namesPrintedBy('--input-type=module', imported)).toEqual([]);
  const required = `console.log(JSON.stringify(Object.keys(require('nestjs-didomi/entities'))));`;
  expect(await namesPrintedBy('--input-type=commonjs', required)).toEqual([]);
  for (const format of FORMATS) {
    expect((await importGraph(`dist/${format}/api/entities.js`)).modules.size).toBe(1);
  }
});

it.each(FORMATS)('nestjs-didomi loads nothing of its other entries: %s', async (format) => {
  const { modules } = await importGraph(`dist/${format}/index.js`);
  expect(modules).toContain(`dist/${format}/didomi.module.js`);
  expect([...modules].filter((file) => /\/(testing|terminus|undici)\//.test(file))).toEqual([]);
});

it('needs the packages of its optional entries only where these are used', async () => {
  expect(library.manifest.peerDependenciesMeta).toEqual({
    '@nestjs/terminus': { optional: true },
    undici: { optional: true },
  });
  for (const format of FORMATS) {
    const { packages } = await importGraph(`dist/${format}/index.js`);
    for (const name of ['@nestjs/terminus', 'undici']) expect([...packages]).not.toContain(name);
  }
});

it.each(FORMATS)('nestjs-didomi loads cron and the like when an application starts, not before: %s', async (format) => {
  const script = `
    const loaded = () => Object.keys(require.cache).some((file) => /node_modules.(cron|luxon).dist/.test(file));
    import(${JSON.stringify(join(library.folder, `dist/${format}/index.js`))}).then(async ({ DidomiModule }) => {
      const before = loaded();
      const { NestFactory } = await import('@nestjs/core');
      const app = DidomiModule.forRoot({ apiKey: 'key', apiSecret: 'secret', warmup: 'lazy' });
      await (await NestFactory.createApplicationContext(app, { logger: false })).close();
      console.log(JSON.stringify([before, loaded()]));
    });`;
  expect(JSON.parse(await library.node('--input-type=commonjs', '-e', script))).toEqual([false, true]);
});

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => library.application,
  getNewLine: () => '\n',
};

async function namesPrintedBy(inputType: string, script: string): Promise<string[]> {
  return (JSON.parse(await library.node(inputType, '-e', script)) as string[]).sort();
}

/** All modules of the library that `start` leads to, `import()` included, and the packages that these import. */
async function importGraph(start: string): Promise<{ modules: Set<string>; packages: Set<string> }> {
  const modules = new Set([start]);
  const packages = new Set<string>();
  for (const module of modules) {
    for (const specifier of importedModules(await library.text(module))) {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(module), specifier);
        modules.add(start.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target);
      } else if (!specifier.startsWith('node:')) {
        packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)![0]);
      }
    }
  }
  return { modules, packages };
}
