/*
 * Compiles every `ts` block of a Markdown file, by default README.md, against the built library: `npm run build` first.
 * A block has to compile on its own, imports included. Its info string `ts no-check` excuses it. A block whose first line is
 * a comment with a file name can be imported under that name by the others; those that are specs are run as well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = resolve(process.argv[2] ?? join(root, 'README.md'));
const scratch = join(root, 'readme-snippets');

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

/** The name in the first line, or one by the place in the page. */
function nameOf({ line, code }) {
  return /^\/\/ (\S+\.ts)$/.exec(code[0] ?? '')?.[1] ?? `line-${line}.ts`;
}

/**
 * Each block becomes a module of its own in a folder of the repository, where `nestjs-didomi` means the package itself and all
 * peers are installed. They begin with as many empty lines as stand before the block in the page, so that line numbers are
 * those of the page.
 */
function modulesOf(blocks) {
  const modules = new Map();
  for (const block of blocks) {
    const path = join(scratch, nameOf(block));
    if (modules.has(path)) throw new Error(`${basename(page)}:${block.line}: ${basename(path)} is there twice`);
    modules.set(path, '\n'.repeat(block.line) + block.code.join('\n') + '\n');
  }
  return modules;
}

function compile(modules) {
  const disk = ts.createCompilerHost(options);
  const host = ts.createCompilerHost(options);
  host.fileExists = (name) => modules.has(name) || disk.fileExists(name);
  host.readFile = (name) => modules.get(name) ?? disk.readFile(name);
  host.directoryExists = (name) => name === scratch || disk.directoryExists(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([...modules.keys()], options, host));
}

function describe({ file, start, code, messageText }) {
  const message = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  if (!file) return message;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const name = dirname(file.fileName) === scratch ? basename(page) : file.fileName;
  return `${name}:${line + 1}:${character + 1}: ${message}`;
}

/** Runs the specs among the modules, as a reader would who has copied them all into one folder. */
function runSpecs(modules) {
  mkdirSync(scratch, { recursive: true });
  try {
    for (const [path, text] of modules) writeFileSync(path, text);
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const { status } = spawnSync(
      process.execPath,
      ['--experimental-vm-modules', '--no-warnings', jest, '--roots', scratch, '--coverage=false'],
      { cwd: root, stdio: 'inherit' },
    );
    return status === 0 ? [] : ['The specs of the page do not pass'];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
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
  const modules = modulesOf(checked);
  const problems = compile(modules).map(describe);
  if (problems.length > 0) return problems;
  console.log(`${checked.length} snippets compiled`);
  return [...modules.keys()].some((path) => path.endsWith('.spec.ts')) ? runSpecs(modules) : [];
}

const problems = main();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
