import { createRequire } from 'node:module';
import { join } from 'node:path';
import type TypeScript from 'typescript';

const ts = createRequire(import.meta.url)('typescript') as typeof TypeScript;

const ROOT = join(import.meta.dirname, '../..');
/** The file does not exist: it is there for the compiler only. */
const FILE = join(ROOT, 'test/module/api/in-memory.ts');

/** Where the cursor of the editor is. */
const CURSOR = '▮';

/** What an editor shows for a file with this text. */
export class Editor {
  #text = '';
  #version = 0;
  readonly #service: TypeScript.LanguageService;

  /** @param overrides compiler options other than those of this project. */
  constructor(overrides: TypeScript.CompilerOptions = {}) {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent({ ...(config as object), include: [], files: [] }, ts.sys, ROOT);
    this.#service = ts.createLanguageService({
      fileExists: (path) => path === FILE || ts.sys.fileExists(path),
      readFile: (path) => (path === FILE ? this.#text : ts.sys.readFile(path)),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      getCompilationSettings: () => ({ ...options, ...overrides }),
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
      getScriptFileNames: () => [FILE],
      getScriptVersion: (path) => (path === FILE ? String(this.#version) : '0'),
      getScriptSnapshot: (path) => {
        const text = path === FILE ? this.#text : ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
    });
  }

  /** The messages of the compiler. */
  messages(text: string): string[] {
    this.#write(text);
    return this.#service
      .getSemanticDiagnostics(FILE)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  /** What is proposed at the cursor. */
  proposals(text: string): string[] {
    const position = this.#write(text);
    return this.#service.getCompletionsAtPosition(FILE, position, {})?.entries.map(({ name }) => name) ?? [];
  }

  /** What is shown for the name at the cursor. */
  hover(text: string): string {
    const position = this.#write(text);
    return ts.displayPartsToString(this.#service.getQuickInfoAtPosition(FILE, position)?.displayParts);
  }

  #write(text: string): number {
    this.#text = text.replace(CURSOR, '');
    this.#version += 1;
    return text.indexOf(CURSOR);
  }
}
