import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RUNNERS = ['jest', 'vitest', 'node-test'];

/**
 * The `ts` blocks of a page: `path` in the application, `code`, the `page` and the `line` in front of the first one of the code, and
 * the test `runners` if it is a spec.
 */
export function readSnippets(root, page) {
  return blocksOf(readFileSync(join(root, page), 'utf8'), page)
    .filter(({ info }) => ['ts', 'typescript'].includes(info[0]))
    .map(({ info, line, code }) => {
      const path = pathOf(code) ?? `src/${page.replaceAll(/\W+/g, '-')}-${line}.ts`;
      return { page, line, path, code: `${code.join('\n')}\n`, runners: runnersOf(path, info) };
    });
}

function blocksOf(markdown, page) {
  const blocks = [];
  let open; // the block that is being read, of whatever language
  markdown.split(/\r?\n/).forEach((text, index) => {
    const fence = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (open === undefined) {
      if (fence) open = { fence: fence[1], info: fence[2].trim().split(/\s+/), line: index + 1, code: [] };
    } else if (fence && fence[2] === '' && fence[1].startsWith(open.fence)) {
      blocks.push(open);
      open = undefined;
    } else {
      open.code.push(text);
    }
  });
  if (open) throw new Error(`${page}:${open.line}: this block is never closed`);
  return blocks;
}

function pathOf([first = '']) {
  return /^\/\/ ((?:src|test)\/\S+\.ts)$/.exec(first)?.[1];
}

function runnersOf(path, info) {
  if (!/([.-]spec|\.test)\.ts$/.test(path)) return [];
  const named = RUNNERS.filter((runner) => info.includes(runner));
  return named.length > 0 ? named : ['jest', 'vitest'];
}
