/*
 * What a reader of README.md takes over into an application: the lines to type and the files to write. A `ts` block belongs to a
 * file if its first line is a comment with the path, such as `// src/app.module.ts`.
 */
import { readFile } from 'node:fs/promises';

/** The sections that lead from an empty application to a tested one. */
const SECTIONS = ['Quick start', 'Record and read a consent', 'Testing'];

/** @returns {Promise<{ files: Map<string, string>, env: string, calls: string[], install: (major: number) => string }>} */
export async function readSteps(path) {
  const blocks = blocksOf(await readFile(path, 'utf8')).filter(({ section }) => SECTIONS.includes(section));
  const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
  const files = new Map();
  for (const { language, text } of blocks) {
    const name = /^\/\/ ((?:src|test)\/\S+\.ts)\n/.exec(text)?.[1];
    if (language === 'ts' && name !== undefined) files.set(name, text);
  }
  const env = lines.filter((line) => /^DIDOMI_\w+=/.test(line)).join('\n');
  const calls = lines.filter((line) => /^curl .*localhost:3000\/consents/.test(line));
  for (const [what, count] of Object.entries({
    'src/app.module.ts': files.has('src/app.module.ts'),
    'three tests': [...files.values()].join('').match(/^ *it\(/gm)?.length >= 3,
    'the variables of .env': env !== '',
    'a curl line that records and one that reads': calls.length >= 2,
  })) {
    if (!count) throw new Error(`${path} no longer has ${what} under ${SECTIONS.join(', ')}`);
  }
  return { files, env, calls, install: (major) => installLine(lines, major) };
}

function installLine(lines, major) {
  // The majors of the packages that go with Nest 11 have to be named.
  const needsMajors = major < 12;
  const installs = lines.filter((text) => text.startsWith('npm install '));
  const line = installs.find((text) => text.includes('@nestjs/axios@') === needsMajors);
  if (line !== undefined) return line;
  throw new Error(`the README has no "npm install" for NestJS ${major}`);
}

/** The fenced blocks of a page, each with the heading above it. */
function blocksOf(markdown) {
  const blocks = [];
  let section = '';
  let open;
  for (const line of markdown.split(/\r?\n/)) {
    const fence = /^```(\w*)/.exec(line);
    if (open !== undefined && fence) {
      blocks.push({ ...open, text: open.lines.join('\n') + '\n' });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (fence) open = { section, language: fence[1], lines: [] };
    else if (line.startsWith('## ')) section = line.slice(3).trim();
  }
  return blocks;
}

/** Relative imports without an ending in CommonJS, with `.js` in ES modules, as the README says. */
export function withImportsOf(type, text) {
  return text.replaceAll(/(from ')(\.{1,2}\/[^']+?)(?:\.js)?(')/g, `$1$2${type === 'esm' ? '.js' : ''}$3`);
}
