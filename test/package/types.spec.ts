import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';
import { PackedLibrary, repository } from './support/packed-library.js';

/*
 * What the compiler says in an application that uses the packed library. `test/types` says what has to compile at all; here it is
 * the words that count, and settings other than those of this repository.
 */

let library: PackedLibrary;

const HEAD = `
  import { DidomiModule, DidomiHttpService, type DidomiModuleOptions } from 'nestjs-didomi';
  import { DidomiTestingModule, FakeDidomi } from 'nestjs-didomi/testing';
  declare const config: { get<T = any>(name: string): T | undefined };
  declare const didomi: DidomiHttpService;
  declare const off: undefined;
  const apiKey = 'key', apiSecret = 'secret';
  void [DidomiModule, DidomiTestingModule, FakeDidomi];
  export type { DidomiModuleOptions };
`;

const EXTENSIONS = ['mts', 'cts'] as const;
type Extension = (typeof EXTENSIONS)[number];

/** What the compiler says about a file of an application, from the first to the last line of each message. */
type Compiler = (code: string, extension: Extension) => string[];

/** Parsed once: most of the time goes into the declarations of Node.js and Nest. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Compiles an application that has a file of each extension with each of these codes. */
function compile(codes: readonly string[], settings: object = {}): Compiler {
  const usually = { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: ['node'], strict: true };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...usually, noEmit: true, skipLibCheck: true, ...settings },
    repository,
  );
  options.typeRoots = [join(repository, 'node_modules/@types')];
  const fileOf = (code: string, extension: Extension): string =>
    join(library.application, `file-${codes.indexOf(code)}.${extension}`);
  const texts = new Map(
    codes.flatMap((code) => EXTENSIONS.map((extension) => [fileOf(code, extension), HEAD + code] as const)),
  );
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (name) => texts.has(name) || disk.fileExists(name);
  host.readFile = (name) => texts.get(name) ?? disk.readFile(name);
  host.getSourceFile = (name, languageVersion) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion);
    if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, languageVersion));
    return parsed.get(name);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return (code, extension) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(fileOf(code, extension)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** All routes that the packed library knows, with what it takes to request them. */
function requestsOfAllRoutes(): string {
  const file = join(library.application, 'routes.mts');
  const options = { module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true, types: [] };
  const host = ts.createCompilerHost(options);
  const text = "import type { DidomiRoute } from 'nestjs-didomi'; export declare const route: DidomiRoute;";
  const disk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || disk.fileExists(name);
  host.readFile = (name) => (name === file ? text : disk.readFile(name));
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const [route] = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!);
  const { types } = checker.getTypeOfSymbol(route!) as ts.UnionType;
  const requests = types.map((type, index) => {
    const { value } = type as ts.StringLiteralType;
    return `export const request${index} = () => api.request('${String(value)}', undefined as never);`;
  });
  return ["declare const api: import('nestjs-didomi').DidomiApi;", ...requests].join('\n');
}

const MAY_BE_UNDEFINED: [where: string, code: string][] = [
  [
    'in a factory',
    `DidomiModule.forRootAsync({ useFactory: () => ({ apiKey: config.get<string>('A'), apiSecret }) });`,
  ],
  [
    'in a factory with a parameter',
    `DidomiModule.forRootAsync({ useFactory: (given: typeof config) => ({
       apiKey: given.get<string>('A'), apiSecret: given.get<string>('B'), organizationId: given.get<string>('C'),
     }) });`,
  ],
  [
    'in an asynchronous factory',
    `DidomiModule.forRootAsync({ useFactory: async () => ({ apiKey: config.get<string>('A'), apiSecret }) });`,
  ],
  ['in forRoot()', `DidomiModule.forRoot({ apiKey: config.get<string>('A'), apiSecret });`],
  [
    'in a class',
    `export class Factory { createDidomiOptions(): DidomiModuleOptions {
       return { apiKey: config.get<string>('A'), apiSecret: config.get<string>('B') };
     } }`,
  ],
  [
    'in what credentials() returns',
    `DidomiModule.forRootAsync({
       useFactory: () => ({ credentials: () => ({ apiKey: config.get<string>('A'), apiSecret }) }),
     });`,
  ],
];

const WRONG: [what: string, code: string, expected: string][] = [
  ['a key without its secret', `DidomiModule.forRoot({ apiKey });`, "Property 'apiSecret' is missing"],
  ['a misspelt option', `DidomiModule.forRoot({ apiKey, apiSecret, baseUrl: '' });`, "'baseUrl' does not exist"],
  ['a misspelt option of a request', `didomi.get('/x', { didomi: { retries: 3 } });`, "'retries' does not exist"],
  [
    'a misspelt option of a request of axiosRef',
    `void didomi.axiosRef.get('/x', { didomi: { retries: 3 } });`,
    "'retries' does not exist in type 'DidomiRequestOptions'",
  ],
  [
    'a misspelt option of a request of axiosRef with a body',
    `void didomi.axiosRef.post('/x', {}, { didomi: { retries: 3 } });`,
    "'retries' does not exist in type 'DidomiRequestOptions'",
  ],
  ['a body of unknown type', `didomi.get('/x').subscribe(({ data }) => data.id);`, "'data' is of type 'unknown'"],
  [
    'a body of unknown type of axiosRef',
    `void didomi.axiosRef.post('/x', { a: 1 }).then(({ data }) => data.id);`,
    "'data' is of type 'unknown'",
  ],
];

const OPTIONAL = `
      DidomiModule.forRoot({
        apiKey, apiSecret, isGlobal: off, name: off, baseURL: off, allowInsecureHttp: off, organizationId: off, warmup: off,
        timeoutMs: off, tokenRequestTimeoutMs: off, shutdownGraceMs: off, maxTokenRequestsPerMinute: off, maxConcurrent: off,
        refresh: { cron: off, windowMs: off, leewayMs: off },
        retry: { maxAttempts: off, maxWaitMs: off },
        axios: { headers: off, maxContentLength: off, adapter: off, httpAgent: off, httpsAgent: off, proxy: off },
      });
      DidomiModule.forRoot({ credentials: () => ({ apiKey, apiSecret }), refresh: off, retry: off, axios: off });
      DidomiModule.forRootAsync({ useFactory: () => ({ apiKey, apiSecret, organizationId: config.get<string>('A') }) });
      didomi.get('/x', { didomi: off });
      didomi.get('/x', { didomi: { organizationId: off, retry: off, replay: off } });
      void didomi.axiosRef.get('/x', { didomi: { organizationId: off, retry: off, replay: off } });
      didomi.paginate('/x', { pageSize: off });
      DidomiTestingModule.forRoot({ name: off, organizationId: off, arrivalTimeoutMs: off, answerTimeoutMs: off });
      void FakeDidomi.start({ port: off, host: off, apiKey: off, rateLimit: off, seed: off, now: off, log: off });
    `;

let usual: Compiler;
let routes: string;
let declared: Compiler;
let exact: Compiler;

beforeAll(async () => {
  library = await PackedLibrary.unpack();
  usual = compile([...MAY_BE_UNDEFINED, ...WRONG].map(([, code]) => code));
  routes = requestsOfAllRoutes();
  declared = compile([routes], { declaration: true });
  exact = compile([OPTIONAL], { exactOptionalPropertyTypes: true });
}, 120_000);

afterAll(async () => {
  await library.remove();
});

describe.each(EXTENSIONS)('in an application of .%s files', (extension) => {
  it('what every route returns has a name for declarations, without an import of it', () => {
    expect(routes.split('\n').length).toBeGreaterThan(200);
    expect(declared(routes, extension)).toEqual([]);
  });

  it.each(MAY_BE_UNDEFINED)('a setting that may be undefined is called that: %s', (_where, code) => {
    const [message, ...more] = usual(code, extension).filter(
      // One for each of two settings.
      (text, index, all) => all.indexOf(text) === index,
    );
    expect(more).toEqual([]);
    expect(message).toContain("Type 'string | undefined' is not assignable to type 'string'");
    expect(message).not.toContain('is missing in type');
  });

  it.each(WRONG)('%s is named', (_what, code, expected) => {
    expect(usual(code, extension)).toEqual([expect.stringContaining(expected)]);
  });

  it('optional options may be undefined, with exactOptionalPropertyTypes as well', () => {
    expect(exact(OPTIONAL, extension)).toEqual([]);
  });
});
