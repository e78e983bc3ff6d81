import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/api.md';
const ROUTES = 'lib/api/routes';

/** The families of routes without an example. A family is a file of routes, and an example requests one of its paths. */
export function checkFamilies(root, snippets) {
  const shown = snippets.filter(({ page }) => page === PAGE).flatMap(({ code }) => pathsOf(code));
  const files = readdirSync(join(root, ROUTES), { encoding: 'utf8', recursive: true }).filter((name) =>
    name.endsWith('.routes.ts'),
  );
  return files
    .filter((name) => !pathsOf(readFileSync(join(root, ROUTES, name), 'utf8')).some((path) => shown.includes(path)))
    .map((name) => `${PAGE}: no example has a route of ${ROUTES}/${name}`);
}

/** Paths of routes and families, such as `/keys` of `'POST /keys'` and of `Crud<'/keys', Key>`. Ids do not matter. */
function pathsOf(code) {
  return [...code.matchAll(/'(?:[A-Z]+ )?(\/[\w/-]+)(?:\/\{\w+\})?'/g)].map(([, path]) => path);
}
