import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';
import { PackedLibrary, repository } from './support/packed-library.js';

/*
 * What the compiler says in an application that uses the packed library. `test/types` says what has to compile at all; here it is
 * the words that count, and settings other than those of this repository.
 */

let library: PackedLibrary;

beforeAll(async () => {
  library = await PackedLibrary.unpack();
}, 60_000);

afterAll(async () => {
  await library.remove();
});

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

/** Parsed once: most of the time goes into the declarations of Node.js and Nest. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says about a file of an application, from the first to the last line of each message. */
function messagesOf(code: string, extension: 'mts' | 'cts', settings: object = {}): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(
    { module: 'nodenext', target: 'es2023', lib: ['es2023'], types: ['node'], strict: true, noEmit: true, ...settings },
    repository,
  );
  options.typeRoots = [join(repository, 'node_modules/@types')];
  const file = join(library.application, `main.${extension}`);
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || disk.fileExists(name);
  host.readFile = (name) => (name === file ? HEAD + code : disk.readFile(name));
  host.getSourceFile = (name, languageVersion) => {
    if (name === file) return ts.createSourceFile(name, HEAD + code, languageVersion);
    if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, languageVersion));
    return parsed.get(name);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
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
  return types
    .map((type, index) => {
      const { value } = type as ts.StringLiteralType;
      return `export const request${index} = () => api.request('${String(value)}', undefined as never);`;
    })
    .join('\n');
}

describe.each(['mts', 'cts'] as const)('in an application of .%s files', (extension) => {
  it('what every route returns has a name for declarations, without an import of it', () => {
    const code = requestsOfAllRoutes();
    expect(code.split('\n').length).toBeGreaterThan(200);
    const api = "declare const api: import('nestjs-didomi').DidomiApi;\n";
    expect(messagesOf(api + code, extension, { declaration: true, skipLibCheck: true })).toEqual([]);
  });

  it.each([
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
  ])('a setting that may be undefined is called that: %s', (_where, code) => {
    const [message, ...more] = messagesOf(code, extension, { skipLibCheck: true }).filter(
      // One for each of two settings.
      (text, index, all) => all.indexOf(text) === index,
    );
    expect(more).toEqual([]);
    expect(message).toContain("Type 'string | undefined' is not assignable to type 'string'");
    expect(message).not.toContain('is missing in type');
  });

  it.each([
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
  ])('%s is named', (_what, code, expected) => {
    expect(messagesOf(code, extension, { skipLibCheck: true })).toEqual([expect.stringContaining(expected)]);
  });

  it('optional options may be undefined, with exactOptionalPropertyTypes as well', () => {
    const code = `
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
    expect(messagesOf(code, extension, { exactOptionalPropertyTypes: true, skipLibCheck: true })).toEqual([]);
  });
});
