import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The relative links of the pages that lead to no file, or to no heading. */
export function checkLinks(root, pages) {
  return pages.flatMap((page) =>
    linksOf(textOf(root, page)).flatMap(({ target, line }) => {
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (file.startsWith('..') || !existsSync(join(root, file))) return [`${page}:${line}: there is no ${target}`];
      if (anchor === undefined || headingsOf(textOf(root, file)).includes(anchor)) return [];
      return [`${page}:${line}: ${file} has no heading #${anchor}`];
    }),
  );
}

/** Without code, in which neither brackets nor number signs mean anything. */
function textOf(root, page) {
  return readFileSync(join(root, page), 'utf8').replaceAll(/^ *```.*?^ *```$/gms, (code) => code.replaceAll(/./g, ''));
}

function linksOf(text) {
  return Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ({ 1: target, index }) => ({
    target,
    line: text.slice(0, index).split('\n').length,
  })).filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** As GitHub names them. */
function headingsOf(text) {
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
