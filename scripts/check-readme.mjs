/*
 * Compiles every `ts` block of a Markdown file, by default README.md, against the built library: `npm run build` first.
 * A block has to compile on its own, imports included. Its info string `ts no-check` excuses it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = resolve(process.argv[2] ?? join(root, 'README.md'));

// As `nest new` sets up an application; skipLibCheck, because the declarations are the business of other checks.
const { options } = ts.convertCompilerOptionsFromJson(
  {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    isolatedModules: true,
    moduleDetection: 'force',
    skipLibCheck: true,
    noEmit: true,
  },
  root,
);

/** The fenced `ts` blocks: `line` is the line of the fence, counted from 1. */
function blocksOf(markdown) {
  const blocks = [];
  let open; // the block that is being read, of whatever language
  markdown.split(/\r?\n/).forEach((text, index) => {
    const fence = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (open === undefined) {
      if (fence) open = { fence: fence[1], info: fence[2].trim().split(/\s+/), line: index + 1, code: [] };
    } else if (fence && fence[2] === '' && fence[1].startsWith(open.fence)) {
      if (['ts', 'typescript'].includes(open.info[0])) blocks.push(open);
      open = undefined;
    } else {
      open.code.push(text);
    }
  });
  if (open) throw new Error(`${basename(page)}:${open.line}: this block is never closed`);
  return blocks;
}

/**
 * Each block becomes a module of its own in the root of the repository, where `nestjs-didomi` means the package itself and
 * all peers are installed. The modules exist in memory only. They begin with as many empty lines as stand before the block
 * in the page, so that the compiler's line numbers are those of the page.
 */
function compile(blocks) {
  const modules = new Map(
    blocks.map(({ line, code }) => [join(root, `readme-line-${line}.ts`), '\n'.repeat(line) + code.join('\n')]),
  );
  const disk = ts.createCompilerHost(options);
  const host = ts.createCompilerHost(options);
  host.fileExists = (name) => modules.has(name) || disk.fileExists(name);
  host.readFile = (name) => modules.get(name) ?? disk.readFile(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([...modules.keys()], options, host));
}

function describe({ file, start, code, messageText }) {
  const message = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  if (!file) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const name = basename(file.fileName).startsWith('readme-line-') ? basename(page) : file.fileName;
  return `${name}:${line + 1}:${character + 1}: ${message}`;
}

function main() {
  if (!existsSync(page)) return [`There is no ${page}`];
  if (!existsSync(join(root, 'dist/index.d.ts'))) return ['There is no dist: run npm run build first'];
  const blocks = blocksOf(readFileSync(page, 'utf8'));
  const checked = blocks.filter(({ info }) => !info.includes('no-check'));
  for (const { line } of blocks.filter(({ info }) => info.includes('no-check'))) {
    console.log(`${basename(page)}:${line}: not checked`);
  }
  // A page that lost all its blocks, or a parser that finds none, must not pass.
  if (checked.length === 0) return [`${basename(page)} has no ts block to compile`];
  const problems = compile(checked).map(describe);
  if (problems.length === 0) console.log(`${checked.length} snippets compiled`);
  return problems;
}

const problems = main();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
