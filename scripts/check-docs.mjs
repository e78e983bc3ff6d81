/*
 * Compiles every `ts` block of README.md and docs/*.md against the built library (`npm run build` first), as a CommonJS and as an
 * ES module application of `nest new` would, looks for unsafe `any`, and runs the blocks that are specs. Follows relative links,
 * and looks for an example of each family of routes.
 *
 * A block whose first line is a comment with a path is a file of that application, which the other blocks of all pages can
 * import. Specs run in Jest and in Vitest; an info string such as `ts jest`, `ts vitest` or `ts node-test` names the only runner.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './docs/compile.mjs';
import { checkFamilies } from './docs/families.mjs';
import { checkLinks } from './docs/links.mjs';
import { lint } from './docs/lint.mjs';
import { root, withProjects } from './docs/projects.mjs';
import { runSpecs } from './docs/run-specs.mjs';
import { readSnippets } from './docs/snippets.mjs';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

function check() {
  if (!existsSync(join(root, 'dist/esm/index.d.ts'))) return ['There is no dist: run npm run build first'];
  const snippets = pages.flatMap((page) => readSnippets(root, page));
  // Pages that lost all their blocks, or a parser that finds none, must not pass.
  if (snippets.length === 0) return ['The pages have no ts block'];
  return withProjects(snippets, (projects) => {
    const problems = [
      ...checkLinks(root, pages),
      ...checkFamilies(root, snippets),
      ...compile(projects),
      ...lint(projects),
    ];
    console.log(`${snippets.length} snippets of ${pages.length} pages compiled`);
    return problems.length > 0 ? problems : runSpecs(projects);
  });
}

const problems = check();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
